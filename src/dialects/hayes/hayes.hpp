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

/// What AT&W stored takes effect, the rate too: for a port that is added, and after a power-down (Dialect::restore).
void load_stored_profile(at::Unit& unit, at::Session& session);

}  // namespace atls::dialects::hayes
