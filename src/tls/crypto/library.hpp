// libcrypto's objects that live longer than a call: one private library context, and per thread what arithmetic needs.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/types.h>

#include <memory>

namespace atls::tls::crypto {

/// Not the default context, so that the machine's openssl.cnf cannot change what the modem does. Never freed.
OSSL_LIB_CTX* library();

/// "AES-128-CBC" …: fetched once, because a fetch costs more than a record. Null for a key length AES does not have.
enum class AesMode { cbc, gcm };
const EVP_CIPHER* aes(AesMode mode, unsigned key_bits);

/// This thread's scratch space for big numbers, freed when the thread ends.
BN_CTX* scratch();

template <auto free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using Point = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;

}  // namespace atls::tls::crypto
