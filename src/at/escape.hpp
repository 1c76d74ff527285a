// Recognises +++ within its guard times in a stream of data. The + of a refused escape are data and stay in order.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace atls::at {

class EscapeDetector {
public:
    struct Timing {
        Duration before{1'000'000};   ///< silence before the first +
        Duration within{1'000'000};   ///< first to third +
        Duration after{1'000'000};    ///< silence after the third +
        std::optional<Duration> gap;  ///< at most so long between two +
    };

    EscapeDetector(Timing timing, Time entered) : timing_(timing), last_(entered) {}

    struct Step {
        Bytes released;  ///< + held before that turned out to be data; they come first
        BytesView data;  ///< then this, all of it data
    };
    /// All of `octets` is dealt with: passed on as data, or held back.
    Step feed(BytesView octets, Time now);
    /// When silence will decide about what is held.
    [[nodiscard]] std::optional<Time> deadline() const;
    enum class Verdict : std::uint8_t { pending, escaped, refused };
    /// At deadline(): escaped, or refused, and then take_held() is data.
    Verdict expire(Time now);
    /// The + held back, given up as data (the host vanished, the mode changed).
    Bytes take_held();
    [[nodiscard]] std::size_t held() const { return held_; }

private:
    [[nodiscard]] bool fits(Time now) const;

    Timing timing_;
    Time last_;  ///< when the latest octet came
    Time first_plus_;
    std::size_t held_ = 0;
};

}  // namespace atls::at
