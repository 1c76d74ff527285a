#include "tls/explain.hpp"

#include <mbedtls/error.h>
#include <mbedtls/ssl.h>

#include <algorithm>
#include <array>

#include "tls/text.hpp"

namespace atls::tls {

namespace {

enum Alert : std::uint8_t {
    handshake_failure = 40,
    protocol_version = 70,
    insufficient_security = 71,
    certificate_required = 116,
};

std::string library_text(int error) {
    std::array<char, 160> text{};
    mbedtls_strerror(error, text.data(), text.size());
    return text.data();
}

bool before_parameters(int state) { return state <= MBEDTLS_SSL_SERVER_HELLO; }

Failure explain_alert(const Evidence& evidence) {
    const std::uint8_t alert = evidence.alert_received.value_or(0);
    const std::string received = "the server sent alert " + alert_text(alert);
    if (evidence.certificate_asked_and_none_set) {
        return {.cause = Cause::own_certificate_wanted,
                .text = received + " after asking for a client certificate; none is set",
                .alert = alert};
    }
    const bool refused = alert == handshake_failure || alert == protocol_version || alert == insufficient_security;
    if (refused && before_parameters(evidence.handshake_state)) {
        return {.cause = Cause::no_common_parameters,
                .text = received + ": it accepts none of what was offered (" + evidence.offered + ")",
                .alert = alert};
    }
    return {.cause = Cause::alert_received,
            .text = received + " while " + waiting_for(evidence.handshake_state),
            .alert = alert};
}

Cause cause_of(int error) {
    switch (error) {
        case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
        case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
        case MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE:
            return Cause::no_common_parameters;
        case MBEDTLS_ERR_SSL_ALLOC_FAILED:
        case MBEDTLS_ERR_SSL_INTERNAL_ERROR:
        case MBEDTLS_ERR_SSL_HW_ACCEL_FAILED:
        case MBEDTLS_ERR_SSL_BAD_INPUT_DATA:
        case MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL:
            return Cause::internal;
        default:
            return Cause::protocol_error;
    }
}

}  // namespace

std::string waiting_for(int handshake_state) {
    switch (handshake_state) {
        case MBEDTLS_SSL_HELLO_REQUEST:
        case MBEDTLS_SSL_CLIENT_HELLO:
        case MBEDTLS_SSL_SERVER_HELLO:
            return "waiting for the ServerHello";
        case MBEDTLS_SSL_SERVER_CERTIFICATE:
            return "waiting for the server's certificate";
        case MBEDTLS_SSL_SERVER_KEY_EXCHANGE:
            return "waiting for the ServerKeyExchange";
        case MBEDTLS_SSL_CERTIFICATE_REQUEST:
        case MBEDTLS_SSL_SERVER_HELLO_DONE:
            return "waiting for the ServerHelloDone";
        case MBEDTLS_SSL_HANDSHAKE_OVER:
            return "the connection was open";
        default:
            return "waiting for the server's Finished";
    }
}

Failure explain(int error, const Evidence& evidence) {
    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) return explain_alert(evidence);
    if (error == MBEDTLS_ERR_SSL_TIMEOUT) {
        return {.cause = Cause::truncated,
                .text = "the server stopped answering, " + waiting_for(evidence.handshake_state)};
    }
    const Cause cause = cause_of(error);
    std::string text = library_text(error) + " (" + waiting_for(evidence.handshake_state) + ")";
    if (cause == Cause::no_common_parameters)
        text = "the server chose what was not offered (" + evidence.offered + "): " + text;
    return {.cause = cause, .text = std::move(text)};
}

}  // namespace atls::tls
