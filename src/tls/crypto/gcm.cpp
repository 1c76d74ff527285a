// mbed TLS's GCM hook. TLS uses the one-shot calls; a streamed decryption cannot give its tag, because libcrypto wants
// the expected tag instead of telling the computed one: mbedtls_gcm_finish() then fails.
#include <mbedtls/gcm.h>
#include <mbedtls/platform_util.h>
#include <openssl/evp.h>

#include "tls/crypto/library.hpp"

namespace {

using namespace atls::tls::crypto;

constexpr size_t usual_iv = 12;

EVP_CIPHER_CTX* evp(mbedtls_gcm_context* key) { return static_cast<EVP_CIPHER_CTX*>(key->evp); }

}  // namespace

extern "C" {

void mbedtls_gcm_init(mbedtls_gcm_context* key) { *key = mbedtls_gcm_context{}; }

void mbedtls_gcm_free(mbedtls_gcm_context* key) {
    if (key == nullptr) return;
    EVP_CIPHER_CTX_free(evp(key));
    *key = mbedtls_gcm_context{};
}

int mbedtls_gcm_setkey(mbedtls_gcm_context* key, mbedtls_cipher_id_t cipher_id, const unsigned char* octets,
                       unsigned bits) {
    const EVP_CIPHER* cipher = aes(AesMode::gcm, bits);
    if (cipher_id != MBEDTLS_CIPHER_ID_AES || cipher == nullptr) return MBEDTLS_ERR_GCM_BAD_INPUT;
    if (key->evp == nullptr) key->evp = EVP_CIPHER_CTX_new();
    if (key->evp == nullptr) return MBEDTLS_ERR_GCM_HW_ACCEL_FAILED;
    const bool set = EVP_CipherInit_ex2(evp(key), cipher, octets, nullptr, 1, nullptr) == 1;
    return set ? 0 : MBEDTLS_ERR_GCM_HW_ACCEL_FAILED;
}

int mbedtls_gcm_starts(mbedtls_gcm_context* key, int mode, const unsigned char* iv, size_t iv_size,
                       const unsigned char* extra, size_t extra_size) {
    if (key->evp == nullptr) return MBEDTLS_ERR_GCM_BAD_INPUT;
    if (iv_size != usual_iv &&
        EVP_CIPHER_CTX_ctrl(evp(key), EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(iv_size), nullptr) != 1) {
        return MBEDTLS_ERR_GCM_BAD_INPUT;
    }
    int written = 0;
    const bool started =
        EVP_CipherInit_ex2(evp(key), nullptr, nullptr, iv, mode == MBEDTLS_GCM_ENCRYPT ? 1 : 0, nullptr) == 1 &&
        (extra_size == 0 || EVP_CipherUpdate(evp(key), nullptr, &written, extra, static_cast<int>(extra_size)) == 1);
    return started ? 0 : MBEDTLS_ERR_GCM_HW_ACCEL_FAILED;
}

int mbedtls_gcm_update(mbedtls_gcm_context* key, size_t length, const unsigned char* input, unsigned char* output) {
    int written = 0;
    if (length == 0) return 0;
    const bool updated = EVP_CipherUpdate(evp(key), output, &written, input, static_cast<int>(length)) == 1;
    return updated ? 0 : MBEDTLS_ERR_GCM_HW_ACCEL_FAILED;
}

int mbedtls_gcm_finish(mbedtls_gcm_context* key, unsigned char* tag, size_t tag_size) {
    unsigned char nothing[EVP_MAX_BLOCK_LENGTH];
    int written = 0;
    const bool finished = EVP_CipherFinal_ex(evp(key), nothing, &written) == 1 &&
                          EVP_CIPHER_CTX_ctrl(evp(key), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), tag) == 1;
    return finished ? 0 : MBEDTLS_ERR_GCM_HW_ACCEL_FAILED;
}

int mbedtls_gcm_crypt_and_tag(mbedtls_gcm_context* key, int mode, size_t length, const unsigned char* iv,
                              size_t iv_size, const unsigned char* extra, size_t extra_size, const unsigned char* input,
                              unsigned char* output, size_t tag_size, unsigned char* tag) {
    int fault = mbedtls_gcm_starts(key, mode, iv, iv_size, extra, extra_size);
    if (fault == 0) fault = mbedtls_gcm_update(key, length, input, output);
    if (fault == 0) fault = mbedtls_gcm_finish(key, tag, tag_size);
    return fault;
}

int mbedtls_gcm_auth_decrypt(mbedtls_gcm_context* key, size_t length, const unsigned char* iv, size_t iv_size,
                             const unsigned char* extra, size_t extra_size, const unsigned char* tag, size_t tag_size,
                             const unsigned char* input, unsigned char* output) {
    int fault = mbedtls_gcm_starts(key, MBEDTLS_GCM_DECRYPT, iv, iv_size, extra, extra_size);
    if (fault == 0) fault = mbedtls_gcm_update(key, length, input, output);
    if (fault == 0) {
        unsigned char nothing[EVP_MAX_BLOCK_LENGTH];
        int written = 0;
        const bool genuine = EVP_CIPHER_CTX_ctrl(evp(key), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size),
                                                 const_cast<unsigned char*>(tag)) == 1 &&
                             EVP_CipherFinal_ex(evp(key), nothing, &written) == 1;
        if (!genuine) fault = MBEDTLS_ERR_GCM_AUTH_FAILED;
    }
    // Nothing of a forged record may stay readable.
    if (fault != 0) mbedtls_platform_zeroize(output, length);
    return fault;
}

}  // extern "C"
