/* On top of mbed TLS's stock config.h. Struct layouts depend on it: whoever includes an mbedtls header gets it from the
 * atls::mbedtls target. */
#ifndef ATLS_MBEDTLS_CONFIG_H
#define ATLS_MBEDTLS_CONFIG_H

#include <stddef.h>

/* What the modules speak. */
#define MBEDTLS_SSL_PROTO_SSL3
#undef MBEDTLS_REMOVE_ARC4_CIPHERSUITES
#undef MBEDTLS_REMOVE_3DES_CIPHERSUITES
#define MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE

/* A client only, and of its key exchanges only those of the suite table. */
#undef MBEDTLS_SSL_SRV_C
#undef MBEDTLS_SSL_CACHE_C
#undef MBEDTLS_SSL_COOKIE_C
#undef MBEDTLS_SSL_TICKET_C
#undef MBEDTLS_SSL_DTLS_CLIENT_PORT_REUSE
#undef MBEDTLS_SSL_CONTEXT_SERIALIZATION
#undef MBEDTLS_KEY_EXCHANGE_DHE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_RSA_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_DHE_RSA_ENABLED
#undef MBEDTLS_DHM_C
#undef MBEDTLS_CAMELLIA_C
#undef MBEDTLS_BLOWFISH_C
#undef MBEDTLS_XTEA_C
#undef MBEDTLS_CHACHA20_C
#undef MBEDTLS_CHACHAPOLY_C
#undef MBEDTLS_POLY1305_C
#undef MBEDTLS_RIPEMD160_C
#undef MBEDTLS_HKDF_C
#undef MBEDTLS_SSL_TRUNCATED_HMAC

/* No clock, file, socket or entropy source of its own: the inner half has none. */
#undef MBEDTLS_HAVE_TIME
#undef MBEDTLS_HAVE_TIME_DATE
#undef MBEDTLS_FS_IO
#undef MBEDTLS_NET_C
#undef MBEDTLS_TIMING_C
#undef MBEDTLS_ENTROPY_C
#undef MBEDTLS_CTR_DRBG_C
#undef MBEDTLS_PSA_CRYPTO_C
#undef MBEDTLS_PSA_CRYPTO_STORAGE_C
#undef MBEDTLS_PSA_ITS_FILE_C
#undef MBEDTLS_SELF_TEST
#undef MBEDTLS_CERTS_C
#undef MBEDTLS_DEBUG_C
#undef MBEDTLS_X509_CREATE_C
#undef MBEDTLS_X509_CRT_WRITE_C
#undef MBEDTLS_X509_CSR_WRITE_C
#undef MBEDTLS_X509_CSR_PARSE_C

/* Credentials are shared between connections, which may run on several threads. */
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD

/* Memory: both buffers hold a whole record, of their pages only those that were used (src/tls/crypto/record_buffers.hpp). */
#undef MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO atls_tls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO atls_tls_free
#ifdef __cplusplus
extern "C" {
#endif
void *atls_tls_calloc(size_t count, size_t size);
void atls_tls_free(void *memory);
#ifdef __cplusplus
}
#endif

/* libcrypto beneath, see src/tls/crypto. */
#define MBEDTLS_MD5_ALT
#define MBEDTLS_SHA1_ALT
#define MBEDTLS_SHA256_ALT
#define MBEDTLS_SHA512_ALT
#define MBEDTLS_GCM_ALT
#define MBEDTLS_AES_ALT
#define MBEDTLS_ECDH_GEN_PUBLIC_ALT
#define MBEDTLS_ECDH_COMPUTE_SHARED_ALT
#define MBEDTLS_ECDSA_VERIFY_ALT
#define MBEDTLS_ECDSA_SIGN_ALT
#undef MBEDTLS_ECDSA_DETERMINISTIC
#undef MBEDTLS_HMAC_DRBG_C
/* Its own point multiplication is left with no secret but a key file that lacks its public half, at load time. */
#define MBEDTLS_ECP_NO_INTERNAL_RNG
/* The hooks cover the short Weierstrass curves; no module offers the others. */
#undef MBEDTLS_ECP_DP_CURVE25519_ENABLED
#undef MBEDTLS_ECP_DP_CURVE448_ENABLED
/* The ALT hooks stand for AES-CBC and single blocks only. */
#undef MBEDTLS_CIPHER_MODE_CFB
#undef MBEDTLS_CIPHER_MODE_OFB
#undef MBEDTLS_CIPHER_MODE_XTS
#undef MBEDTLS_CIPHER_MODE_CTR
#undef MBEDTLS_AESNI_C
#undef MBEDTLS_PADLOCK_C

#endif
