// What this program takes from its surroundings without being told.
#pragma once

#include <string>

#include "base/time.hpp"

namespace atls::app {

struct Environment {
    std::string data_home;     ///< XDG_DATA_HOME, ~/.local/share; empty: there is none
    std::string runtime_home;  ///< XDG_RUNTIME_DIR, else a directory of the user's own under /tmp
    WallTime now{};
    int zone_quarters = 0;  ///< the host's time zone
};

Environment environment();

}  // namespace atls::app
