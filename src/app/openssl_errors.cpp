#include "app/openssl_errors.hpp"

#include <openssl/err.h>

#include <array>

namespace atls::app {

std::string openssl_words() {
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    if (error == 0) return "no reason given";
    std::array<char, 256> text{};
    ERR_error_string_n(error, text.data(), text.size());
    return text.data();
}

}  // namespace atls::app
