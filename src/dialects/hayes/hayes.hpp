// V.250 commands: E V Q X Z &F &W &V &C &D I H O, S registers, +IPR +IFC +ICF, and +CMEE, which is a port's own as they
// are.
#pragma once

#include <span>

#include "at/command.hpp"

namespace atls::at {
class Session;
class Unit;
}  // namespace atls::at

namespace atls::dialects::hayes {

std::span<const at::Command> commands();

std::span<const std::int64_t> rates();  ///< of AT+IPR
/// What AT&W stored takes effect, the rate too (Dialect::restore_port).
void load_stored_profile(at::Unit& unit, at::Session& session);
/// The levels of AT+CREG and its like that it stored (Dialect::restore_module).
void load_stored_reports(at::Unit& unit);

}  // namespace atls::dialects::hayes
