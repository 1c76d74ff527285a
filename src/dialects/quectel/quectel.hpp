// What Quectel modules share whatever their network: FILE commands, general +Q commands, error numbers, boot URCs.
#pragma once

#include <span>

#include "at/dialect.hpp"

namespace atls::dialects::quectel {

std::span<const at::Command> file_commands();
std::span<const at::Command> general_commands();
std::span<const at::Urc> urcs();
/// 550-574, FILE 400-426, and the 27.007 texts.
const at::ErrorMap& errors();

/// AT+QURCCFG's port, which is kept, takes effect (Dialect::restore).
void load_urc_port(at::Unit& unit, at::Session& session);

}  // namespace atls::dialects::quectel
