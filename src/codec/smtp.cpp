#include "codec/smtp.hpp"

#include <algorithm>

#include "codec/base64.hpp"

namespace atls::codec {

namespace {

// RFC 5321 has 512 octets for a line; servers exceed it, but not without bound.
constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_lines = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 0: no code.
int code_of(std::string_view line) {
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return 0;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

}  // namespace

std::optional<SmtpReply> SmtpReplies::next() {
    while (!malformed_) {
        const auto end = arrived_.view().find('\n');
        if (std::min(end, arrived_.size()) > longest_line) malformed_ = true;
        if (malformed_ || end == BytesView::npos) return std::nullopt;
        std::string line = arrived_.take(end + 1);
        line.pop_back();
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const int code = code_of(line);
        if (code < 200 || code > 599 || (!lines_.empty() && code != code_) || lines_.size() >= most_lines) {
            malformed_ = true;
            return std::nullopt;
        }
        code_ = code;
        lines_.push_back(line.size() > 4 ? line.substr(4) : std::string());
        if (line.size() > 3 && line[3] == '-') continue;
        SmtpReply reply{code_, std::move(lines_)};
        lines_.clear();
        return reply;
    }
    return std::nullopt;
}

bool offers(const SmtpReply& ehlo, std::string_view keyword, std::string_view word) {
    // The first line greets; it names nothing.
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
        std::string_view rest = ehlo.lines[i];
        bool first = true;
        bool right = false;
        while (!rest.empty()) {
            // "AUTH=LOGIN" is how servers of before RFC 2554 say it.
            const auto end = std::min(rest.find_first_of(first ? " =" : " "), rest.size());
            const std::string_view here = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (first) {
                right = equal_ignoring_case(here, keyword);
                if (right && word.empty()) return true;
            } else if (right && equal_ignoring_case(here, word)) {
                return true;
            }
            first = false;
        }
    }
    return false;
}

std::string SmtpData::add(BytesView octets) {
    std::string out;
    for (const char c : octets) {
        const bool ends_pair = after_cr_ && c == '\n';
        after_cr_ = c == '\r';
        if (ends_pair) continue;
        if (c == '\r' || c == '\n') {
            out += "\r\n";
            line_begins_ = true;
            continue;
        }
        if (line_begins_ && c == '.') out += '.';
        out += c;
        line_begins_ = false;
    }
    return out;
}

std::string SmtpData::finish() { return line_begins_ ? ".\r\n" : "\r\n.\r\n"; }

std::string auth_plain(std::string_view user, std::string_view password) {
    Bytes response(1, '\0');
    response += user;
    response += '\0';
    response += password;
    return to_base64(response);
}

}  // namespace atls::codec
