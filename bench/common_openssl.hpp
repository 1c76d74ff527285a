// OpenSSL's libssl as the benchmarks use it: owners, and the server both sides of a comparison talk to.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "common_pki.hpp"

namespace atls::bench {

template <auto function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        function(object);
    }
};
using SslContext = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;
using SslSession = std::unique_ptr<SSL_SESSION, Free<SSL_SESSION_free>>;

inline constexpr std::string_view psk_identity = "Client_identity";
inline constexpr std::string_view psk_key = "0123456789abcdef";

struct ServerOptions {
    bool tickets = false;
    bool encrypt_then_mac = false;  ///< tls.md measured without
};

/// TLS 1.2, P-256, every suite, the PSK above; `cipher_list` as OpenSSL writes it.
SslContext server_context(const Identity& identity, const ServerOptions& options, const char* cipher_list = "ALL:PSK");

/// Certificates from PEM in memory.
void trust(SSL_CTX* context, const std::string& pem);

[[noreturn]] void give_up_with_openssl_errors(const std::string& why);

}  // namespace atls::bench
