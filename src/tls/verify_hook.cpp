// In place of mbed TLS's chain verification, linked with --wrap=mbedtls_x509_crt_verify_restartable: the engine's
// callback gets the whole chain and its verdict is final. One judge, one place; no host name or clock that mbed TLS
// would look at.
#include <mbedtls/x509_crt.h>

#include <cstdint>

extern "C" int __wrap_mbedtls_x509_crt_verify_restartable(mbedtls_x509_crt* sent, mbedtls_x509_crt*, mbedtls_x509_crl*,
                                                          const mbedtls_x509_crt_profile*, const char*,
                                                          std::uint32_t* flags,
                                                          int (*judge)(void*, mbedtls_x509_crt*, int, std::uint32_t*),
                                                          void* judge_context, mbedtls_x509_crt_restart_ctx*);

int __wrap_mbedtls_x509_crt_verify_restartable(mbedtls_x509_crt* sent, mbedtls_x509_crt*, mbedtls_x509_crl*,
                                               const mbedtls_x509_crt_profile*, const char*, std::uint32_t* flags,
                                               int (*judge)(void*, mbedtls_x509_crt*, int, std::uint32_t*),
                                               void* judge_context, mbedtls_x509_crt_restart_ctx*) {
    *flags = 0;
    // Nobody to ask is not a yes.
    if (judge == nullptr) return MBEDTLS_ERR_X509_FATAL_ERROR;
    return judge(judge_context, sent, 0, flags);
}
