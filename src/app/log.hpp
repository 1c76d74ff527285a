// The program's log: text or JSON lines, through spdlog.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"

namespace atls::app {

enum class LogFormat {
    text,
    json,
    brief,  ///< for a person at the terminal: no time
};

struct LogSettings {
    std::optional<Level> least = Level::info;  ///< nullopt: off
    LogFormat format = LogFormat::text;
};

/// Each line, with its LF, goes to `sink`; null: standard error.
std::unique_ptr<Log> make_log(LogSettings settings, std::function<void(std::string_view line)> sink = {});

/// "warning" and its kin.
std::optional<Level> level_named(std::string_view name);

}  // namespace atls::app
