// In place of mbed TLS's HMAC, linked with --wrap: it would hash the padded key twice for every HMAC, and a handshake
// derives its keys with more than twenty of them under one key. mbedtls_md_hmac() is left alone: within its file mbed
// TLS calls its own, from start to end.
#include "tls/crypto/hmac.hpp"

extern "C" {
int __wrap_mbedtls_md_hmac_starts(mbedtls_md_context_t* hmac, const unsigned char* key, size_t size);
int __wrap_mbedtls_md_hmac_finish(mbedtls_md_context_t* hmac, unsigned char* output);
int __wrap_mbedtls_md_hmac_reset(mbedtls_md_context_t* hmac);
}

namespace {

using namespace atls::tls::crypto;

/// Of a hash that is not libcrypto's there is no HMAC.
template <class Action>
int on(mbedtls_md_context_t* hmac, Action action) {
    if (hmac == nullptr || hmac->md_info == nullptr || hmac->hmac_ctx == nullptr) return MBEDTLS_ERR_MD_BAD_INPUT_DATA;
    return with_hash(mbedtls_md_get_type(hmac->md_info), action, MBEDTLS_ERR_MD_FEATURE_UNAVAILABLE);
}

}  // namespace

int __wrap_mbedtls_md_hmac_starts(mbedtls_md_context_t* hmac, const unsigned char* key, size_t size) {
    return on(hmac, [&]<class Hash>() { return Hmac<Hash>(hmac).set_key(key, size); });
}

int __wrap_mbedtls_md_hmac_finish(mbedtls_md_context_t* hmac, unsigned char* output) {
    return on(hmac, [&]<class Hash>() { return Hmac<Hash>(hmac).finish(output); });
}

int __wrap_mbedtls_md_hmac_reset(mbedtls_md_context_t* hmac) {
    return on(hmac, [&]<class Hash>() { return Hmac<Hash>(hmac).begin(); });
}
