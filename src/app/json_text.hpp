// JSON strings.
#pragma once

#include <string>
#include <string_view>

namespace atls::app {

/// With its quotes. What is not UTF-8 (a certificate's names can hold anything) becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace atls::app
