// What OpenSSL has to say about its latest failure.
#pragma once

#include <string>

namespace atls::app {

std::string openssl_words();

}  // namespace atls::app
