// What control says about a modem: lines of text for people.
#pragma once

#include <string>

#include "at/unit.hpp"

namespace atls::control {

/// Who it is, power, network, clock, contexts, ports.
std::string status_of(at::Unit& unit);
/// A line for each socket, with its cause where it failed or closed.
std::string sockets_of(at::Unit& unit);

}  // namespace atls::control
