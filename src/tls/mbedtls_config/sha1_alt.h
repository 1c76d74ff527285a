/* Found by mbedtls/sha1.h in place of its own context. */
#pragma once

#include <openssl/sha.h>

typedef struct mbedtls_sha1_context {
    SHA_CTX state;
} mbedtls_sha1_context;
