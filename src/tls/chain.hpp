// From the certificates a server sent to the facts that judge() wants.
#pragma once

#include <mbedtls/x509_crt.h>

#include <vector>

#include "tls/policy.hpp"

namespace atls::tls {

/// The path from the leaf upwards, at its end the trusted issuer if there is one. Among several issuers of the same
/// name the one that made the signature and is valid at `clock` is taken. `trusted` may be null.
std::vector<CertificateFacts> examine(const mbedtls_x509_crt& sent, const mbedtls_x509_crt* trusted, WallTime clock);

}  // namespace atls::tls
