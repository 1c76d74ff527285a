// errno for people.
#pragma once

#include <string>

namespace atls::loop {

/// "connection refused"
std::string words_of(int error);
/// "connection refused (ECONNREFUSED)"
std::string words_and_name_of(int error);

}  // namespace atls::loop
