#include "tls/cause.hpp"

#include "base/ensure.hpp"

namespace atls::tls {

std::string_view name_of(Cause cause) {
    switch (cause) {
        case Cause::none:
            return "none";
        case Cause::trusted_missing:
            return "trusted_missing";
        case Cause::trusted_unreadable:
            return "trusted_unreadable";
        case Cause::own_certificate_unreadable:
            return "own_certificate_unreadable";
        case Cause::own_key_unreadable:
            return "own_key_unreadable";
        case Cause::own_key_mismatch:
            return "own_key_mismatch";
        case Cause::psk_malformed:
            return "psk_malformed";
        case Cause::expired:
            return "expired";
        case Cause::not_yet_valid:
            return "not_yet_valid";
        case Cause::host_mismatch:
            return "host_mismatch";
        case Cause::untrusted:
            return "untrusted";
        case Cause::self_signed:
            return "self_signed";
        case Cause::issuer_missing:
            return "issuer_missing";
        case Cause::bad_signature:
            return "bad_signature";
        case Cause::unacceptable:
            return "unacceptable";
        case Cause::own_certificate_wanted:
            return "own_certificate_wanted";
        case Cause::no_common_parameters:
            return "no_common_parameters";
        case Cause::alert_received:
            return "alert_received";
        case Cause::protocol_error:
            return "protocol_error";
        case Cause::closed_by_peer:
            return "closed_by_peer";
        case Cause::truncated:
            return "truncated";
        case Cause::internal:
            return "internal";
    }
    ensure(false, "a Cause outside its enum");
    return {};
}

}  // namespace atls::tls
