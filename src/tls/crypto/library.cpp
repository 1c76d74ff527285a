#include "tls/crypto/library.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "base/ensure.hpp"

namespace atls::tls::crypto {

OSSL_LIB_CTX* library() {
    static OSSL_LIB_CTX* const context = [] {
        OSSL_LIB_CTX* created = OSSL_LIB_CTX_new();
        ensure(created != nullptr, "libcrypto gives no library context");
        return created;
    }();
    return context;
}

const EVP_CIPHER* aes(AesMode mode, unsigned key_bits) {
    static constexpr std::array names{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC",
                                      "AES-128-GCM", "AES-192-GCM", "AES-256-GCM"};
    static const std::array<const EVP_CIPHER*, names.size()> fetched = [] {
        std::array<const EVP_CIPHER*, names.size()> ciphers{};
        for (std::size_t i = 0; i < names.size(); ++i) {
            ciphers[i] = EVP_CIPHER_fetch(library(), names[i], nullptr);
            ensure(ciphers[i] != nullptr, "libcrypto has no AES");
        }
        return ciphers;
    }();
    if (key_bits != 128 && key_bits != 192 && key_bits != 256) return nullptr;
    return fetched[(key_bits / 64 - 2) + (mode == AesMode::gcm ? 3 : 0)];
}

BN_CTX* scratch() {
    thread_local const std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>> context(BN_CTX_new_ex(library()));
    return context.get();
}

}  // namespace atls::tls::crypto
