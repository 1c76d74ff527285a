// Certificates for the benchmarks: an RSA-2048 pair below an RSA-2048 CA, a P-256 pair below a P-256 CA. Made anew each
// time.
#pragma once

#include <string>

namespace atls::bench {

inline constexpr const char* host = "bench.example";

struct Identity {
    std::string certificate;  ///< PEM
    std::string key;          ///< PEM
    std::string issuer;       ///< the CA's certificate, PEM
};

struct Pki {
    std::string trusted;  ///< PEM, both issuers
    Identity rsa;
    Identity ec;
};

/// Valid for `host` and 127.0.0.1 to 127.0.0.4, from yesterday for a year.
Pki make_pki();

}  // namespace atls::bench
