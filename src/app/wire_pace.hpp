// --pace: octets take the time that they take at the rate that is set, and a wrong rate makes garbage of them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace atls::app {

/// One direction of a serial line.
class WirePace {
public:
    /// How many of `count` octets go now at `bits_per_second`; none: ask again at free_at().
    std::size_t carry(Time now, std::size_t count, std::int64_t bits_per_second) {
        if (now < free_at_ || count == 0) return 0;
        constexpr std::int64_t bits_of_octet = 10;  // start, eight, stop
        // A few milliseconds at a time: a wake-up for each octet would be dear.
        constexpr std::int64_t at_a_time = 200;  // of a second
        const auto most = std::max<std::int64_t>(1, bits_per_second / (bits_of_octet * at_a_time));
        const auto carried = std::min<std::int64_t>(static_cast<std::int64_t>(count), most);
        free_at_ =
            std::max(free_at_, now) + Duration(std::chrono::seconds(1)) * bits_of_octet * carried / bits_per_second;
        return static_cast<std::size_t>(carried);
    }
    [[nodiscard]] Time free_at() const { return free_at_; }

private:
    Time free_at_;
};

/// What a receiver of another rate makes of them.
inline Bytes garbled(BytesView octets) {
    Bytes garbage(octets);
    for (char& c : garbage) c = static_cast<char>((static_cast<unsigned char>(c) * 37U + 0x95U) | 0x80U);
    return garbage;
}

}  // namespace atls::app
