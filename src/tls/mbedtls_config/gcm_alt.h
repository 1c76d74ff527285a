/* Found by mbedtls/gcm.h in place of its own context. */
#pragma once

typedef struct mbedtls_gcm_context {
    void *evp; /* EVP_CIPHER_CTX; GCM's key schedule serves both directions */
} mbedtls_gcm_context;
