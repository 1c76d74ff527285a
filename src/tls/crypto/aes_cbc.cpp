// mbed TLS's AES hook: CBC for the records of TLS, single blocks for CCM.
// A key is set up once a connection; a record only resets the IV, because setting up an EVP context is what is dear.
#include <mbedtls/aes.h>
#include <openssl/evp.h>

#include <cstring>

#include "tls/crypto/library.hpp"

namespace {

using namespace atls::tls::crypto;

constexpr std::size_t block_size = 16;
constexpr unsigned char zero_iv[block_size] = {};

EVP_CIPHER_CTX* evp(mbedtls_aes_context* key) { return static_cast<EVP_CIPHER_CTX*>(key->evp); }

int set_key(mbedtls_aes_context* key, const unsigned char* octets, unsigned bits, int encrypts) {
    const EVP_CIPHER* cipher = aes(AesMode::cbc, bits);
    if (cipher == nullptr) return MBEDTLS_ERR_AES_INVALID_KEY_LENGTH;
    if (key->evp == nullptr) key->evp = EVP_CIPHER_CTX_new();
    if (key->evp == nullptr) return MBEDTLS_ERR_AES_HW_ACCEL_FAILED;
    key->encrypts = encrypts;
    if (EVP_CipherInit_ex2(evp(key), cipher, octets, zero_iv, encrypts, nullptr) != 1) {
        return MBEDTLS_ERR_AES_HW_ACCEL_FAILED;
    }
    EVP_CIPHER_CTX_set_padding(evp(key), 0);
    return 0;
}

}  // namespace

extern "C" {

void mbedtls_aes_init(mbedtls_aes_context* key) { *key = mbedtls_aes_context{}; }

void mbedtls_aes_free(mbedtls_aes_context* key) {
    if (key == nullptr) return;
    EVP_CIPHER_CTX_free(evp(key));
    *key = mbedtls_aes_context{};
}

int mbedtls_aes_setkey_enc(mbedtls_aes_context* key, const unsigned char* octets, unsigned bits) {
    return set_key(key, octets, bits, 1);
}

int mbedtls_aes_setkey_dec(mbedtls_aes_context* key, const unsigned char* octets, unsigned bits) {
    return set_key(key, octets, bits, 0);
}

int mbedtls_aes_crypt_cbc(mbedtls_aes_context* key, int mode, size_t length, unsigned char iv[16],
                          const unsigned char* input, unsigned char* output) {
    if (length % block_size != 0) return MBEDTLS_ERR_AES_INVALID_INPUT_LENGTH;
    if (key->evp == nullptr || (mode == MBEDTLS_AES_ENCRYPT) != (key->encrypts == 1)) {
        return MBEDTLS_ERR_AES_BAD_INPUT_DATA;
    }
    if (length == 0) return 0;
    unsigned char last_input[block_size];  // input and output may be the same memory
    std::memcpy(last_input, input + length - block_size, block_size);
    int written = 0;
    if (EVP_CipherInit_ex2(evp(key), nullptr, nullptr, iv, -1, nullptr) != 1 ||
        EVP_CipherUpdate(evp(key), output, &written, input, static_cast<int>(length)) != 1) {
        return MBEDTLS_ERR_AES_HW_ACCEL_FAILED;
    }
    std::memcpy(iv, key->encrypts == 1 ? output + length - block_size : last_input, block_size);
    return 0;
}

// One block of CBC with a zero IV is one block of ECB.
int mbedtls_aes_crypt_ecb(mbedtls_aes_context* key, int mode, const unsigned char input[16], unsigned char output[16]) {
    unsigned char iv[block_size] = {};
    return mbedtls_aes_crypt_cbc(key, mode, block_size, iv, input, output);
}

int mbedtls_internal_aes_encrypt(mbedtls_aes_context* key, const unsigned char input[16], unsigned char output[16]) {
    return mbedtls_aes_crypt_ecb(key, MBEDTLS_AES_ENCRYPT, input, output);
}

int mbedtls_internal_aes_decrypt(mbedtls_aes_context* key, const unsigned char input[16], unsigned char output[16]) {
    return mbedtls_aes_crypt_ecb(key, MBEDTLS_AES_DECRYPT, input, output);
}

}  // extern "C"
