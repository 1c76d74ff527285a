// Why a connection could not be made or ended: the true cause that stands behind a wire code such as 566.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace atls::tls {

enum class Cause : std::uint8_t {
    none,
    // our side's files
    trusted_missing,     ///< authentication is on and no CA certificate is set
    trusted_unreadable,  ///< CA data is neither PEM nor DER
    own_certificate_unreadable,
    own_key_unreadable,
    own_key_mismatch,  ///< key and certificate are not a pair
    psk_malformed,
    // the server's certificate
    expired,
    not_yet_valid,
    host_mismatch,
    untrusted,       ///< issuer not among the trusted
    self_signed,     ///< the server's certificate is its own, untrusted issuer
    issuer_missing,  ///< an intermediate was not sent
    bad_signature,
    unacceptable,  ///< key usage, CA flag, weak key, unsupported curve …
    // the negotiation
    own_certificate_wanted,  ///< the server asked, none is set
    no_common_parameters,    ///< suite or version refused by either side
    alert_received,
    protocol_error,  ///< the peer broke the protocol; text says how
    // the transport
    closed_by_peer,  ///< close_notify
    truncated,       ///< the transport ended without close_notify
    internal,
};

std::string_view name_of(Cause cause);

struct Failure {
    Cause cause = Cause::none;
    std::string text;        ///< a sentence for people: which certificate, which field, which alert, whose clock
    std::uint8_t alert = 0;  ///< the alert number for alert_received
};

}  // namespace atls::tls
