// The version of this program.
#pragma once

#include <string_view>

namespace atls::app {

inline constexpr std::string_view version = "0.1.0";

}  // namespace atls::app
