// atls ctl: one verb to a running modem.
#pragma once

#include <string>
#include <vector>

#include "app/settings.hpp"

namespace atls::app {

struct CtlRequest {
    std::string socket;  ///< a path; empty: by name
    std::string modem;   ///< a name; empty: the only one that runs
    std::vector<std::string> words;
};

/// Prints the answer. 0, or 1 if the modem refused.
Result<int, StartFailure> ctl(const CtlRequest& request, const Environment& around);

}  // namespace atls::app
