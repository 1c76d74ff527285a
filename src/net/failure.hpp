// errno as the modem's network errors.
#pragma once

#include <string_view>

#include "modem/outside.hpp"

namespace atls::net {

modem::NetError code_of(int error);
/// "connect to 127.0.0.1:8010: connection refused (ECONNREFUSED)"
modem::NetFailure failure(std::string_view doing, int error);

}  // namespace atls::net
