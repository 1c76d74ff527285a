// What Credentials hold, for the engine only: mbed TLS's types stay behind tls/.
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <memory>

#include "tls/credentials.hpp"

namespace atls::tls {

struct FreeChain {
    void operator()(mbedtls_x509_crt* chain) const {
        mbedtls_x509_crt_free(chain);
        delete chain;
    }
};
struct FreeKey {
    void operator()(mbedtls_pk_context* key) const {
        mbedtls_pk_free(key);
        delete key;
    }
};

/// mbed TLS takes what it only reads without const, and locks what it changes in a key: sharing between threads is
/// safe.
class Credentials {
public:
    std::unique_ptr<mbedtls_x509_crt, FreeChain> trusted;  ///< null: none
    std::unique_ptr<mbedtls_x509_crt, FreeChain> own;      ///< null: none; else own_key is set too
    std::unique_ptr<mbedtls_pk_context, FreeKey> own_key;
};

}  // namespace atls::tls
