// mbed TLS's hash hooks on libcrypto's low-level functions: no allocation and no provider lookup, so a hash cannot fail
// half-way (mbed TLS before 2.28.10 would send a Finished made of uninitialised memory). Deprecated in OpenSSL 3, still
// exported.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/md5.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

namespace {

// libcrypto's hash functions return 1; anything else is a broken library and must not look like a digest.
int checked(int libcrypto_result, int failure) { return libcrypto_result == 1 ? 0 : failure; }

template <class Context>
void init(Context* hash) {
    *hash = Context{};
}
template <class Context>
void wipe(Context* hash) {
    if (hash != nullptr) mbedtls_platform_zeroize(hash, sizeof *hash);
}

}  // namespace

extern "C" {

void mbedtls_md5_init(mbedtls_md5_context* hash) { init(hash); }
void mbedtls_md5_free(mbedtls_md5_context* hash) { wipe(hash); }
void mbedtls_md5_clone(mbedtls_md5_context* to, const mbedtls_md5_context* from) { *to = *from; }
int mbedtls_md5_starts_ret(mbedtls_md5_context* hash) {
    return checked(MD5_Init(&hash->state), MBEDTLS_ERR_MD5_HW_ACCEL_FAILED);
}
int mbedtls_md5_update_ret(mbedtls_md5_context* hash, const unsigned char* data, size_t size) {
    return checked(MD5_Update(&hash->state, data, size), MBEDTLS_ERR_MD5_HW_ACCEL_FAILED);
}
int mbedtls_md5_finish_ret(mbedtls_md5_context* hash, unsigned char digest[16]) {
    return checked(MD5_Final(digest, &hash->state), MBEDTLS_ERR_MD5_HW_ACCEL_FAILED);
}
int mbedtls_internal_md5_process(mbedtls_md5_context* hash, const unsigned char block[64]) {
    MD5_Transform(&hash->state, block);
    return 0;
}

void mbedtls_sha1_init(mbedtls_sha1_context* hash) { init(hash); }
void mbedtls_sha1_free(mbedtls_sha1_context* hash) { wipe(hash); }
void mbedtls_sha1_clone(mbedtls_sha1_context* to, const mbedtls_sha1_context* from) { *to = *from; }
int mbedtls_sha1_starts_ret(mbedtls_sha1_context* hash) {
    return checked(SHA1_Init(&hash->state), MBEDTLS_ERR_SHA1_HW_ACCEL_FAILED);
}
int mbedtls_sha1_update_ret(mbedtls_sha1_context* hash, const unsigned char* data, size_t size) {
    return checked(SHA1_Update(&hash->state, data, size), MBEDTLS_ERR_SHA1_HW_ACCEL_FAILED);
}
int mbedtls_sha1_finish_ret(mbedtls_sha1_context* hash, unsigned char digest[20]) {
    return checked(SHA1_Final(digest, &hash->state), MBEDTLS_ERR_SHA1_HW_ACCEL_FAILED);
}
int mbedtls_internal_sha1_process(mbedtls_sha1_context* hash, const unsigned char block[64]) {
    SHA1_Transform(&hash->state, block);
    return 0;
}

void mbedtls_sha256_init(mbedtls_sha256_context* hash) { init(hash); }
void mbedtls_sha256_free(mbedtls_sha256_context* hash) { wipe(hash); }
void mbedtls_sha256_clone(mbedtls_sha256_context* to, const mbedtls_sha256_context* from) { *to = *from; }
int mbedtls_sha256_starts_ret(mbedtls_sha256_context* hash, int is224) {
    return checked(is224 != 0 ? SHA224_Init(&hash->state) : SHA256_Init(&hash->state),
                   MBEDTLS_ERR_SHA256_HW_ACCEL_FAILED);
}
int mbedtls_sha256_update_ret(mbedtls_sha256_context* hash, const unsigned char* data, size_t size) {
    return checked(SHA256_Update(&hash->state, data, size), MBEDTLS_ERR_SHA256_HW_ACCEL_FAILED);
}
int mbedtls_sha256_finish_ret(mbedtls_sha256_context* hash, unsigned char* digest) {
    return checked(SHA256_Final(digest, &hash->state), MBEDTLS_ERR_SHA256_HW_ACCEL_FAILED);
}
int mbedtls_internal_sha256_process(mbedtls_sha256_context* hash, const unsigned char block[64]) {
    SHA256_Transform(&hash->state, block);
    return 0;
}

void mbedtls_sha512_init(mbedtls_sha512_context* hash) { init(hash); }
void mbedtls_sha512_free(mbedtls_sha512_context* hash) { wipe(hash); }
void mbedtls_sha512_clone(mbedtls_sha512_context* to, const mbedtls_sha512_context* from) { *to = *from; }
int mbedtls_sha512_starts_ret(mbedtls_sha512_context* hash, int is384) {
    return checked(is384 != 0 ? SHA384_Init(&hash->state) : SHA512_Init(&hash->state),
                   MBEDTLS_ERR_SHA512_HW_ACCEL_FAILED);
}
int mbedtls_sha512_update_ret(mbedtls_sha512_context* hash, const unsigned char* data, size_t size) {
    return checked(SHA512_Update(&hash->state, data, size), MBEDTLS_ERR_SHA512_HW_ACCEL_FAILED);
}
int mbedtls_sha512_finish_ret(mbedtls_sha512_context* hash, unsigned char* digest) {
    return checked(SHA512_Final(digest, &hash->state), MBEDTLS_ERR_SHA512_HW_ACCEL_FAILED);
}
int mbedtls_internal_sha512_process(mbedtls_sha512_context* hash, const unsigned char block[128]) {
    SHA512_Transform(&hash->state, block);
    return 0;
}

}  // extern "C"
