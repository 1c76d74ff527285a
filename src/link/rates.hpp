// Rates of serial lines, bits per second.
#pragma once

#include <span>

namespace atls::link {

/// All that AT+IPR of some module has, the lowest first.
std::span<const unsigned> rates();
bool known_rate(unsigned bits_per_second);

}  // namespace atls::link
