// Rates of serial lines as termios names them.
#pragma once

#include <termios.h>

#include <optional>
#include <span>

namespace atls::link {

struct Rate {
    unsigned bits_per_second;
    speed_t name;
};
/// All that AT+IPR of some module has and a line can do, the lowest first.
std::span<const Rate> rates();
/// 0: B0, or none of rates().
unsigned rate_of(speed_t name);
std::optional<speed_t> name_of_rate(unsigned bits_per_second);

}  // namespace atls::link
