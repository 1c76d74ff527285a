/* Found by mbedtls/aes.h in place of its own context. */
#pragma once

typedef struct mbedtls_aes_context {
    void *evp; /* EVP_CIPHER_CTX, set up for one direction */
    int encrypts;
} mbedtls_aes_context;
