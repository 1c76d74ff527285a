/* Found by mbedtls/md5.h in place of its own context. */
#pragma once

#include <openssl/md5.h>

typedef struct mbedtls_md5_context {
    MD5_CTX state;
} mbedtls_md5_context;
