#include "app/json_text.hpp"

#include <cstdio>

namespace atls::app {

namespace {

/// Octets of the well-formed UTF-8 character that `text` begins with; 0: none. Unicode 15, table 3-7.
std::size_t character(std::string_view text) {
    const auto octet = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto within = [&octet](std::size_t i, unsigned low, unsigned high) {
        return octet(i) >= low && octet(i) <= high;
    };
    const auto tail = [&within](std::size_t i) { return within(i, 0x80, 0xBF); };
    if (octet(0) < 0x80) return 1;
    if (within(0, 0xC2, 0xDF)) return tail(1) ? 2 : 0;
    if (within(0, 0xE0, 0xEF)) {
        const unsigned low = octet(0) == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = octet(0) == 0xED ? 0x9F : 0xBF;
        return within(1, low, high) && tail(2) ? 3 : 0;
    }
    if (within(0, 0xF0, 0xF4)) {
        const unsigned low = octet(0) == 0xF0 ? 0x90 : 0x80;
        const unsigned high = octet(0) == 0xF4 ? 0x8F : 0xBF;
        return within(1, low, high) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

std::string escaped(char c) {
    switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    if (static_cast<unsigned char>(c) >= 0x20 && c != '\x7F') return {c};
    char text[8];
    std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string json = "\"";
    while (!text.empty()) {
        const std::size_t count = character(text);
        if (count == 0) {
            json += "\\ufffd";
        } else if (count == 1) {
            json += escaped(text.front());
        } else {
            json += text.substr(0, count);
        }
        text.remove_prefix(count == 0 ? 1 : count);
    }
    return json + "\"";
}

}  // namespace atls::app
