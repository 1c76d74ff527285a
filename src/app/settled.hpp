// Whether a modem has said all it will say by itself: for programs that end when their input did.
#pragma once

#include "at/session.hpp"
#include "modem/modem.hpp"

namespace atls::app {

/// No command waits for its outcome on this port, no errand is under way and no socket is opening or closing. A data
/// phase that nobody feeds any more counts as settled. Ends a command line that was begun and not ended.
bool settled(at::Session& session, const modem::Modem& modem);

}  // namespace atls::app
