// atls console: a modem on this terminal.
#pragma once

#include "app/settings.hpp"

namespace atls::app {

/// The program's exit status. `demo`: with servers to talk to.
Result<int, StartFailure> console(Settings settings, bool demo);

}  // namespace atls::app
