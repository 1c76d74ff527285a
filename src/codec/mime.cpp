#include "codec/mime.hpp"

#include <algorithm>

#include "codec/base64.hpp"

namespace atls::codec {

namespace {

// An encoded word has at most 75 characters; 30 octets are 40 of base64, which leaves room for any charset's name.
constexpr std::size_t octets_of_word = 30;

bool is_plain(std::string_view text) {
    // "=?" would be read as an encoded word.
    return text.size() <= 200 && text.find("=?") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool continues_utf8(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// One address a line: no line grows beyond what SMTP takes.
std::string address_list(std::string_view header, const std::vector<std::string>& addresses) {
    if (addresses.empty()) return {};
    std::string out(header);
    out += ": ";
    for (std::size_t i = 0; i < addresses.size(); ++i) out += (i == 0 ? "<" : ",\r\n <") + addresses[i] + ">";
    return out + "\r\n";
}

std::string text_head(const MailHead& head) {
    return "Content-Type: text/plain; charset=" + head.charset + "\r\nContent-Transfer-Encoding: base64\r\n\r\n";
}

}  // namespace

std::string header_text(std::string_view text, std::string_view charset) {
    if (is_plain(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        std::size_t end = std::min(octets_of_word, text.size());
        // A character is not cut; what is all continuation is no UTF-8 and may be.
        std::size_t whole = end;
        while (whole > 0 && whole < text.size() && continues_utf8(text[whole])) --whole;
        if (whole > 0) end = whole;
        if (!out.empty()) out += "\r\n ";
        out += "=?" + std::string(charset) + "?B?" + to_base64(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return out;
}

std::string mail_head(const MailHead& head) {
    std::string out = "Date: " + head.date + "\r\nMessage-ID: <" + head.message_id + ">\r\nFrom: ";
    if (!head.from.name.empty()) {
        out += (is_plain(head.from.name) ? quoted(head.from.name) : header_text(head.from.name, head.charset)) + ' ';
    }
    out += "<" + head.from.address + ">\r\n";
    out += address_list("To", head.to) + address_list("Cc", head.cc);
    out += "Subject: " + header_text(head.subject, head.charset) + "\r\nMIME-Version: 1.0\r\n";
    if (head.boundary.empty()) return out + text_head(head);
    out += "Content-Type: multipart/mixed; boundary=\"" + head.boundary + "\"\r\n\r\n";
    return out + "--" + head.boundary + "\r\n" + text_head(head);
}

std::string attachment_head(const std::string& boundary, std::string_view file_name) {
    const std::string name = is_plain(file_name) ? quoted(file_name) : quoted(header_text(file_name, "UTF-8"));
    return "--" + boundary + "\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n" +
           "Content-Disposition: attachment; filename=" + name + "\r\n\r\n";
}

std::string mail_end(const std::string& boundary) { return boundary.empty() ? "" : "--" + boundary + "--\r\n"; }

}  // namespace atls::codec
