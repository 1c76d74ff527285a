/* mbed TLS for the test server: as it comes, with its own arithmetic and all that the modules speak. */
#ifndef ATLS_STOCK_CONFIG_H
#define ATLS_STOCK_CONFIG_H

#define MBEDTLS_SSL_PROTO_SSL3
#undef MBEDTLS_REMOVE_ARC4_CIPHERSUITES
#undef MBEDTLS_REMOVE_3DES_CIPHERSUITES
#define MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE
#undef MBEDTLS_PSA_CRYPTO_C
#undef MBEDTLS_PSA_CRYPTO_STORAGE_C
#undef MBEDTLS_PSA_ITS_FILE_C

#endif
