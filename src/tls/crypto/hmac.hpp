// HMAC with what depends on the key alone computed once, for mbed TLS's HMAC functions and for the HMAC of records.
#pragma once

#include <mbedtls/platform_util.h>

#include <array>
#include <cstring>

#include "tls/crypto/hash_kinds.hpp"

namespace atls::tls::crypto {

/// Where mbed TLS keeps the key's two padded blocks we keep what the hash makes of each: two chaining values.
template <class Hash>
class Hmac {
public:
    static constexpr std::size_t block = std::size_t{1} << Hash::block_bits;

    explicit Hmac(mbedtls_md_context_t* hmac)
        : hash_(*static_cast<typename Hash::Context*>(hmac->md_ctx)),
          inner_(static_cast<unsigned char*>(hmac->hmac_ctx)) {}

    int set_key(const unsigned char* key, std::size_t size) {
        std::array<unsigned char, block> padded{};
        bool good = true;
        if (size > block) {
            good = Hash::begin(hash_) == 1 && Hash::update(hash_, key, size) == 1 &&
                   Hash::finish(hash_, padded.data()) == 1;
        } else if (size > 0) {
            std::memcpy(padded.data(), key, size);
        }
        constexpr unsigned char inner_pad = 0x36, outer_pad = 0x5C;  // RFC 2104, 2
        for (auto& octet : padded) octet = octet ^ outer_pad;
        good = good && compress(padded, outer());
        for (auto& octet : padded) octet = octet ^ outer_pad ^ inner_pad;
        good = good && compress(padded, inner_);
        mbedtls_platform_zeroize(padded.data(), padded.size());
        return good ? begin() : MBEDTLS_ERR_MD_HW_ACCEL_FAILED;
    }

    int begin() { return resume(inner_) ? 0 : MBEDTLS_ERR_MD_HW_ACCEL_FAILED; }

    int finish(unsigned char* output) {
        std::array<unsigned char, Hash::digest_octets> digest;
        const bool good = Hash::finish(hash_, digest.data()) == 1;
        const int fault = good ? finish_outer(digest, output) : MBEDTLS_ERR_MD_HW_ACCEL_FAILED;
        mbedtls_platform_zeroize(digest.data(), digest.size());
        return fault;
    }

    int finish_outer(const std::array<unsigned char, Hash::digest_octets>& inner_digest, unsigned char* output) {
        const bool good = resume(outer()) && Hash::update(hash_, inner_digest.data(), inner_digest.size()) == 1 &&
                          Hash::finish(hash_, output) == 1;
        return good ? 0 : MBEDTLS_ERR_MD_HW_ACCEL_FAILED;
    }

private:
    unsigned char* outer() { return inner_ + block; }

    bool compress(const std::array<unsigned char, block>& padded, unsigned char* chain) {
        if (Hash::begin(hash_) != 1) return false;
        Hash::compress(hash_, padded.data());
        std::memcpy(chain, &hash_.state, Hash::chain_octets);
        return true;
    }

    /// As if the padded key had just been hashed.
    bool resume(const unsigned char* chain) {
        if (Hash::begin(hash_) != 1) return false;
        std::memcpy(&hash_.state, chain, Hash::chain_octets);
        hash_.state.Nl = block * 8;
        return true;
    }

    typename Hash::Context& hash_;
    unsigned char* inner_;  // mbed TLS gives twice a block, and overwrites it in the end
};

}  // namespace atls::tls::crypto
