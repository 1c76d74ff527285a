// From an mbed TLS error, and what was seen on the way to it, to a Failure that a person can act on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tls/cause.hpp"

namespace atls::tls {

struct Evidence {
    int handshake_state = 0;  ///< mbedtls_ssl_states at the fault
    std::optional<std::uint8_t> alert_sent;
    std::optional<std::uint8_t> alert_received;
    bool certificate_asked_and_none_set = false;
    std::string offered{};  ///< "TLS 1.0 to TLS 1.2, 3 suites"
};

Failure explain(int error, const Evidence& evidence);

/// "waiting for the server's ServerHello".
std::string waiting_for(int handshake_state);

}  // namespace atls::tls
