// The parts of the 27.007 table, one a file.
#pragma once

#include <span>

#include "at/command.hpp"
#include "at/urc.hpp"

namespace atls::dialects::threegpp {

std::span<const at::Command> device_commands();   ///< identity, SIM, functionality
std::span<const at::Command> network_commands();  ///< registration, operator, signal
std::span<const at::Command> packet_commands();   ///< attach, contexts
std::span<const at::Command> clock_commands();
std::span<const at::Command> sim_file_commands();
std::span<const at::Command> message_commands();
std::span<const at::Command> power_saving_commands();
std::span<const at::Command> multiplex_commands();
std::span<const at::Command> missing_commands();
std::span<const at::Urc> network_urcs();
std::span<const at::Urc> clock_urcs();

}  // namespace atls::dialects::threegpp
