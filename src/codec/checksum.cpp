#include "codec/checksum.hpp"

namespace atls::codec {

void Checksum::add(BytesView octets) {
    for (const char c : octets) {
        const unsigned octet = static_cast<unsigned char>(c);
        value_ = static_cast<std::uint16_t>(value_ ^ (odd_ ? octet : octet << 8U));
        odd_ = !odd_;
    }
}

std::string Checksum::text() const {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned rest = value_; rest != 0 || text.empty(); rest >>= 4U) text.insert(text.begin(), digits[rest & 15U]);
    return text;
}

std::string checksum_text(BytesView octets) {
    Checksum sum;
    sum.add(octets);
    return sum.text();
}

}  // namespace atls::codec
