/* Found by mbedtls/sha256.h in place of its own context. */
#pragma once

#include <openssl/sha.h>

typedef struct mbedtls_sha256_context {
    SHA256_CTX state; /* libcrypto keeps the digest's length in it, so SHA-224 needs no flag */
} mbedtls_sha256_context;
