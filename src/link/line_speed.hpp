// The speed of a terminal as a number. What the C library's termios knows is a list of names, without 14400 or 28800.
#pragma once

#include <optional>

namespace atls::link {

/// What the terminal sends at, bits per second; 0: hung up (B0). nullopt: no terminal.
std::optional<unsigned> speed_of(int fd);

}  // namespace atls::link
