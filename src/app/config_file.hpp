// The configuration file: TOML whose keys are the flags of atls run.
#pragma once

#include <string>

#include "app/options.hpp"
#include "base/result.hpp"

namespace atls::app {

/// Why the program cannot start: one line.
struct StartFailure {
    std::string text;
};

/// Unknown keys and wrong types are failures, with line and column.
Result<Options, StartFailure> read_config(const std::string& path);
Result<Options, StartFailure> parse_config(const std::string& text, const std::string& path);

}  // namespace atls::app
