// TLS secrets for packet analysers: a file in NSS key log format, appended to.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/config_file.hpp"

namespace atls::app {

using KeyLog = std::function<void(std::string_view line)>;

/// Each line is in the file when the call returns. The file is its owner's only.
Result<KeyLog, StartFailure> open_key_log(const std::string& path);

}  // namespace atls::app
