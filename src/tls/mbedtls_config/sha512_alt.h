/* Found by mbedtls/sha512.h in place of its own context. */
#pragma once

#include <openssl/sha.h>

typedef struct mbedtls_sha512_context {
    SHA512_CTX state; /* libcrypto keeps the digest's length in it, so SHA-384 needs no flag */
} mbedtls_sha512_context;
