// The checksum of Quectel's FILE and QSEC commands: 16-bit XOR over big-endian pairs of octets.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace atls::codec {

/// Takes the data in pieces of any length; the sum is that of the whole.
class Checksum {
public:
    void add(BytesView octets);
    /// An odd last octet counts as the high half of a pair.
    [[nodiscard]] std::uint16_t value() const { return value_; }
    /// Lower-case hexadecimal without leading zeros, as the modules print it.
    [[nodiscard]] std::string text() const;

private:
    std::uint16_t value_ = 0;
    bool odd_ = false;
};

/// Of data that is all at hand.
std::string checksum_text(BytesView octets);

}  // namespace atls::codec
