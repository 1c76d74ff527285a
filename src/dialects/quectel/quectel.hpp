// What Quectel modules share whatever their network: FILE commands, general +Q commands, error numbers, boot URCs.
#pragma once

#include <span>

#include "at/dialect.hpp"
#include "at/param.hpp"

namespace atls::dialects::quectel {

std::span<const at::Command> file_commands();
std::span<const at::Command> file_move_commands();  ///< QFMOV, for modules that have it
std::span<const at::Command> general_commands();
/// The same without what only an IoT module's radio has.
std::span<const at::Command> lte_general_commands();
std::span<const at::Urc> urcs();
std::span<const at::Part> missing_parts();
/// 550-574, FILE 400-426, and the 27.007 texts.
const at::ErrorMap& errors();

/// QURCCFG's parameter, which a family may declare differently: its =? lists the module's ports.
inline constexpr at::Text urc_port{"URC_port_value", 16, "(\"usbat\",\"usbmodem\",\"uart1\")"};

/// AT+QURCCFG's port, which is kept, takes effect (Dialect::restore_module).
void load_urc_port(at::Unit& unit);

}  // namespace atls::dialects::quectel
