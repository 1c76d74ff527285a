// The unix socket through which atls ctl reaches a running modem.
#pragma once

#include <memory>

#include "app/machine.hpp"
#include "link/line_server.hpp"

namespace atls::app {

/// At settings.control.path. Unless the user demanded that place, a taken one is stepped over (BG96-2, BG96-3 …), and
/// where none can be had the modem runs without: null, logged.
Result<std::unique_ptr<link::LineServer>, StartFailure> open_control(Machine& machine, const ControlPlace& place,
                                                                     const Environment& around);

}  // namespace atls::app
