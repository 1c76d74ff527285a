// The hashes of TLS as code over libcrypto's contexts wants them: by type, with their insides.
#pragma once

#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/md.h>
#include <mbedtls/md5.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include <cstddef>

namespace atls::tls::crypto {

// A libcrypto context starts with the chaining value, `chain_octets` of it; Nl counts the bits hashed. The functions
// return 1.
struct Md5 {
    using Context = mbedtls_md5_context;
    static constexpr unsigned block_bits = 6, length_octets = 8, digest_octets = 16, chain_octets = 16;
    static constexpr bool little_endian = true;
    static int begin(Context& c) { return MD5_Init(&c.state); }
    static int update(Context& c, const void* data, std::size_t size) { return MD5_Update(&c.state, data, size); }
    static int finish(Context& c, unsigned char* out) { return MD5_Final(out, &c.state); }
    static void compress(Context& c, const unsigned char* block) { MD5_Transform(&c.state, block); }
};
struct Sha1 {
    using Context = mbedtls_sha1_context;
    static constexpr unsigned block_bits = 6, length_octets = 8, digest_octets = 20, chain_octets = 20;
    static constexpr bool little_endian = false;
    static int begin(Context& c) { return SHA1_Init(&c.state); }
    static int update(Context& c, const void* data, std::size_t size) { return SHA1_Update(&c.state, data, size); }
    static int finish(Context& c, unsigned char* out) { return SHA1_Final(out, &c.state); }
    static void compress(Context& c, const unsigned char* block) { SHA1_Transform(&c.state, block); }
};
struct Sha256 {
    using Context = mbedtls_sha256_context;
    static constexpr unsigned block_bits = 6, length_octets = 8, digest_octets = 32, chain_octets = 32;
    static constexpr bool little_endian = false;
    static int begin(Context& c) { return SHA256_Init(&c.state); }
    static int update(Context& c, const void* data, std::size_t size) { return SHA256_Update(&c.state, data, size); }
    static int finish(Context& c, unsigned char* out) { return SHA256_Final(out, &c.state); }
    static void compress(Context& c, const unsigned char* block) { SHA256_Transform(&c.state, block); }
};
struct Sha224 : Sha256 {
    static constexpr unsigned digest_octets = 28;
    static int begin(Context& c) { return SHA224_Init(&c.state); }
};
struct Sha512 {
    using Context = mbedtls_sha512_context;
    static constexpr unsigned block_bits = 7, length_octets = 16, digest_octets = 64, chain_octets = 64;
    static constexpr bool little_endian = false;
    static int begin(Context& c) { return SHA512_Init(&c.state); }
    static int update(Context& c, const void* data, std::size_t size) { return SHA512_Update(&c.state, data, size); }
    static int finish(Context& c, unsigned char* out) { return SHA512_Final(out, &c.state); }
    static void compress(Context& c, const unsigned char* block) { SHA512_Transform(&c.state, block); }
};
struct Sha384 : Sha512 {
    static constexpr unsigned digest_octets = 48;
    static int begin(Context& c) { return SHA384_Init(&c.state); }
};

/// action.operator()<Hash>() for the hash of that type, `otherwise` for a type that is none of them.
template <class Action>
int with_hash(mbedtls_md_type_t type, Action action, int otherwise) {
    switch (type) {
        case MBEDTLS_MD_MD5:
            return action.template operator()<Md5>();
        case MBEDTLS_MD_SHA1:
            return action.template operator()<Sha1>();
        case MBEDTLS_MD_SHA224:
            return action.template operator()<Sha224>();
        case MBEDTLS_MD_SHA256:
            return action.template operator()<Sha256>();
        case MBEDTLS_MD_SHA384:
            return action.template operator()<Sha384>();
        case MBEDTLS_MD_SHA512:
            return action.template operator()<Sha512>();
        default:
            return otherwise;
    }
}

}  // namespace atls::tls::crypto
