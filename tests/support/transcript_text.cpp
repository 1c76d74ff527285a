#include "support/transcript_text.hpp"

#include <charconv>
#include <utility>

namespace atls::test {

namespace {

// One escape at text[at], which is the character after the backslash; moves `at` behind it.
std::optional<char> escape_at(std::string_view text, std::size_t& at) {
    static constexpr std::pair<char, char> plain[] = {{'r', '\r'},  {'n', '\n'}, {'t', '\t'},
                                                      {'\\', '\\'}, {'"', '"'},  {'<', '<'}};
    if (at >= text.size()) return std::nullopt;
    const char c = text[at++];
    if (c == 'x') {
        const auto octet = at + 2 <= text.size() ? from_hex(text.substr(at, 2)) : std::nullopt;
        if (!octet) return std::nullopt;
        at += 2;
        return octet->front();
    }
    for (const auto& [letter, octet] : plain) {
        if (letter == c) return octet;
    }
    return std::nullopt;
}

bool is_name(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!good) return false;
    }
    return true;
}

std::string quoted_for_regex(BytesView octets) {
    std::string text;
    for (const char c : octets) {
        if (std::string_view(R"(^$\.*+?()[]{}|/)").find(c) != std::string_view::npos) text.push_back('\\');
        text.push_back(c);
    }
    return text;
}

// The > that ends a <name:regex>, past any > that the regex has in brackets or escaped.
std::size_t end_of_capture(std::string_view text, std::size_t from) {
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '>') {
            return at;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::optional<Bytes> unescape(std::string_view text) {
    Bytes octets;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c != '\\') {
            octets.push_back(c);
            continue;
        }
        const auto octet = escape_at(text, at);
        if (!octet) return std::nullopt;
        octets.push_back(*octet);
    }
    return octets;
}

std::string escaped(BytesView octets) {
    std::string text;
    for (const char c : octets) {
        if (c == '\r') {
            text += "\\r";
        } else if (c == '\n') {
            text += "\\n";
        } else if (c == '\\') {
            text += "\\\\";
        } else if (c >= ' ' && c <= '~') {
            text.push_back(c);
        } else {
            text += "\\x" + to_hex(BytesView(&c, 1));
        }
    }
    return text;
}

std::optional<std::vector<std::string>> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool in_word = false;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (!quoted && c == ' ') {
            in_word = false;
            continue;
        }
        if (!std::exchange(in_word, true)) words.emplace_back();
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '\\') {
            const auto octet = escape_at(text, at);
            if (!octet) return std::nullopt;
            words.back().push_back(*octet);
        } else {
            words.back().push_back(c);
        }
    }
    if (quoted) return std::nullopt;
    return words;
}

std::optional<Duration> duration_of(std::string_view text) {
    static constexpr std::pair<std::string_view, std::int64_t> units[] = {
        {"us", 1}, {"ms", 1'000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000}};
    if (!text.starts_with('+')) return std::nullopt;
    text.remove_prefix(1);
    std::int64_t count = 0;
    const auto [stopped, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (fault != std::errc{}) return std::nullopt;
    const std::string_view unit(stopped, static_cast<std::size_t>(text.data() + text.size() - stopped));
    for (const auto& [name, microseconds] : units) {
        if (name == unit) return Duration(count * microseconds);
    }
    return std::nullopt;
}

Result<Pattern, std::string> Pattern::parse(std::string_view text) {
    Pattern pattern;
    Bytes literal;
    const auto end_literal = [&] {
        if (!literal.empty()) pattern.parts_.push_back({Part::Kind::literal, std::exchange(literal, {}), {}, 0});
    };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c == '\\') {
            const auto octet = escape_at(text, at);
            if (!octet) return std::string("bad escape, use \\r \\n \\t \\\\ \\\" \\< \\xNN");
            literal.push_back(*octet);
            continue;
        }
        const auto name_end = c == '<' ? text.find_first_of(":>", at) : std::string_view::npos;
        const auto name = text.substr(at, name_end == std::string_view::npos ? 0 : name_end - at);
        if (!is_name(name)) {
            literal.push_back(c);
            continue;
        }
        const bool capture = text[name_end] == ':';
        const auto end = capture ? end_of_capture(text, name_end) : name_end;
        if (end == std::string_view::npos) return "no > after <" + std::string(name) + ":";
        end_literal();
        Part part{capture ? Part::Kind::capture : Part::Kind::reuse, std::string(name), {}, 0};
        if (capture) {
            part.regex = std::string(text.substr(name_end + 1, end - name_end - 1));
            try {
                part.groups = static_cast<unsigned>(std::regex(part.regex).mark_count());
            } catch (const std::regex_error& wrong) {
                return "bad regex in <" + part.text + ":" + part.regex + ">: " + wrong.what();
            }
        }
        pattern.parts_.push_back(std::move(part));
        at = end + 1;
    }
    end_literal();
    return pattern;
}

bool Pattern::literal() const {
    for (const auto& part : parts_) {
        if (part.kind == Part::Kind::capture) return false;
    }
    return true;
}

Bytes Pattern::filled(const Captures& captures) const {
    Bytes text;
    for (const auto& part : parts_) {
        if (part.kind == Part::Kind::literal) {
            text += part.text;
        } else if (part.kind == Part::Kind::capture) {
            text += "<" + part.text + ":" + part.regex + ">";
        } else {
            const auto found = captures.find(part.text);
            text += found == captures.end() ? "<" + part.text + ">" : found->second;
        }
    }
    return text;
}

bool Pattern::matches(BytesView line, Captures& captures) const {
    if (literal()) return filled(captures) == line;
    std::string whole;
    std::vector<std::pair<unsigned, std::string>> groups;
    unsigned group = 1;
    for (const auto& part : parts_) {
        if (part.kind == Part::Kind::capture) {
            whole += "(" + part.regex + ")";
            groups.emplace_back(group, part.text);
            group += 1 + part.groups;
        } else {
            Pattern single;
            single.parts_.push_back(part);
            whole += quoted_for_regex(single.filled(captures));
        }
    }
    std::match_results<BytesView::const_iterator> caught;
    if (!std::regex_match(line.begin(), line.end(), caught, std::regex(whole))) return false;
    for (const auto& [number, name] : groups) captures[name] = caught[number].str();
    return true;
}

std::string reused(std::string text, const Captures& captures) {
    for (const auto& [name, caught] : captures) {
        const std::string mark = "<" + name + ">";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + caught.size())) {
            text.replace(at, mark.size(), caught);
        }
    }
    return text;
}

std::optional<Bytes> raw_octets(std::string_view text, const Captures& captures) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        const auto pattern = Pattern::parse(text.substr(1, text.size() - 2));
        if (!pattern || !pattern->literal()) return std::nullopt;
        return pattern->filled(captures);
    }
    std::string digits;
    for (const char c : text) {
        if (c != ' ') digits.push_back(c);
    }
    return from_hex(digits);
}

}  // namespace atls::test
