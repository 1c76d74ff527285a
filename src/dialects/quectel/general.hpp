// The parts of the general +Q table, one a file.
#pragma once

#include <span>

#include "at/command.hpp"

namespace atls::modem {
class Modem;
}

namespace atls::dialects::quectel {

std::span<const at::Command> status_commands();
std::span<const at::Command> setting_commands();       ///< QURCCFG, QINDCFG
std::span<const at::Command> extended_settings();      ///< QCFG
std::span<const at::Command> lte_extended_settings();  ///< QCFG without the keys of an IoT radio
std::span<const at::Command> missing_commands();

/// AT+QINDCFG: whether URCs of this type ("csq") are wanted.
bool indicated(const modem::Modem& modem, std::string_view type);
/// AT+QSIMSTAT
bool sim_state_reported(const modem::Modem& modem);

}  // namespace atls::dialects::quectel
