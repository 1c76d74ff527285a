// atls run: one module on its links until a signal ends it.
#pragma once

#include "app/settings.hpp"

namespace atls::app {

/// The program's exit status.
Result<int, StartFailure> run(const Settings& settings, const Environment& around);

}  // namespace atls::app
