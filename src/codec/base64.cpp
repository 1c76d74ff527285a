#include "codec/base64.hpp"

namespace atls::codec {

namespace {

// 76 characters, the most that MIME allows on a line.
constexpr std::size_t octets_of_line = 57;

}  // namespace

std::string to_base64(BytesView octets) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const BytesView group = octets.substr(at, 3);
        unsigned value = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            value = (value << 8U) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            const unsigned digit = (value >> (18U - 6U * static_cast<unsigned>(i))) & 63U;
            text += i <= group.size() ? digits[digit] : '=';
        }
    }
    return text;
}

std::string Base64Lines::add(BytesView octets) {
    rest_ += octets;
    std::string lines;
    std::size_t done = 0;
    for (; rest_.size() - done >= octets_of_line; done += octets_of_line) {
        lines += to_base64(BytesView(rest_).substr(done, octets_of_line)) + "\r\n";
    }
    rest_.erase(0, done);
    return lines;
}

std::string Base64Lines::finish() {
    if (rest_.empty()) return {};
    std::string line = to_base64(rest_) + "\r\n";
    rest_.clear();
    return line;
}

}  // namespace atls::codec
