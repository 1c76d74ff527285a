// HMAC over a record whose length is secret (the CBC padding must not be told by time), linked with
// --wrap=mbedtls_ct_hmac. mbed TLS finishes a copy of the hash for every length possible, some 256 of them. Here only
// the few blocks that may be the last are compressed, each once, and the digest after the one that is last is kept by
// masks: time and memory accesses depend on the public bounds alone.
#include <array>
#include <cstdint>
#include <cstring>

#include "tls/crypto/hmac.hpp"

extern "C" int __wrap_mbedtls_ct_hmac(mbedtls_md_context_t* hmac, const unsigned char* header, size_t header_size,
                                      const unsigned char* data, size_t secret_size, size_t least, size_t most,
                                      unsigned char* output);

namespace {

using namespace atls::tls::crypto;

// All bits set for true. The barrier keeps the compiler from turning a mask back into a branch.
size_t barrier(size_t value) {
    asm volatile("" : "+r"(value));
    return value;
}
constexpr unsigned top_bit = sizeof(size_t) * 8 - 1;
size_t mask_less(size_t a, size_t b) { return barrier(0 - ((a - b) >> top_bit)); }  // both far below the top bit
size_t mask_equal(size_t a, size_t b) {
    const size_t difference = a ^ b;
    return barrier(((difference | (0 - difference)) >> top_bit) - 1);
}
unsigned char low(size_t mask) { return static_cast<unsigned char>(mask); }

template <class Word>
void put_big_endian(const Word* words, size_t count, unsigned char* out) {
    for (size_t i = 0; i < count; ++i) {
        for (size_t j = 0; j < sizeof(Word); ++j) {
            *out++ = static_cast<unsigned char>(words[i] >> (8 * (sizeof(Word) - 1 - j)));
        }
    }
}

// The digest that a hash would give if it ended with the block compressed last.
void chain_digest(const mbedtls_md5_context& c, unsigned char* out) {
    const std::array words{c.state.A, c.state.B, c.state.C, c.state.D};
    for (const MD5_LONG word : words) {
        for (unsigned shift = 0; shift < 32; shift += 8) *out++ = static_cast<unsigned char>(word >> shift);
    }
}
void chain_digest(const mbedtls_sha1_context& c, unsigned char* out) {
    const std::array words{c.state.h0, c.state.h1, c.state.h2, c.state.h3, c.state.h4};
    put_big_endian(words.data(), words.size(), out);
}
void chain_digest(const mbedtls_sha256_context& c, unsigned char* out) { put_big_endian(c.state.h, 8, out); }
// SHA-384: the first six words.
void chain_digest(const mbedtls_sha512_context& c, unsigned char* out) { put_big_endian(c.state.h, 6, out); }

// The message of the inner hash after the key block: public bounds, secret end.
struct Message {
    const unsigned char* header;
    size_t header_size;
    const unsigned char* data;
    size_t most;
    size_t secret_end;  // header and data together
};

// Octet `position` of the padded message, its length field left out.
unsigned char padded_octet(const Message& m, size_t position) {
    unsigned char octet = 0;
    if (position < m.header_size) {
        octet = m.header[position];
    } else if (position - m.header_size < m.most) {
        octet = m.data[position - m.header_size];
    }
    octet = octet & low(mask_less(position, m.secret_end));
    return octet | (0x80 & low(mask_equal(position, m.secret_end)));
}

template <class Hash>
std::array<unsigned char, Hash::length_octets> length_field(size_t secret_end) {
    constexpr size_t block = size_t{1} << Hash::block_bits;
    const std::uint64_t bits = std::uint64_t{secret_end + block} * 8;  // the key block counts
    std::array<unsigned char, Hash::length_octets> field{};
    for (size_t i = 0; i < 8; ++i) {
        const size_t at = Hash::little_endian ? i : Hash::length_octets - 1 - i;
        field[at] = static_cast<unsigned char>(bits >> (8 * i));
    }
    return field;
}

/// The inner digest of HMAC into `digest`; `state` has hashed everything before block `first`.
template <class Hash>
void finish_inner(typename Hash::Context state, const Message& message, size_t first, unsigned char* digest) {
    constexpr size_t block = size_t{1} << Hash::block_bits;
    // Shifts, not divisions: a division's time depends on its operands.
    const size_t last = (message.secret_end + Hash::length_octets) >> Hash::block_bits;
    const size_t bound = (message.header_size + message.most + Hash::length_octets) >> Hash::block_bits;
    const auto length = length_field<Hash>(message.secret_end);
    std::array<unsigned char, block> octets;
    std::array<unsigned char, Hash::digest_octets> candidate;
    std::memset(digest, 0, Hash::digest_octets);
    for (size_t number = first; number <= bound; ++number) {
        const unsigned char is_last = low(mask_equal(number, last));
        for (size_t i = 0; i < block; ++i) octets[i] = padded_octet(message, number * block + i);
        for (size_t i = 0; i < length.size(); ++i) {
            unsigned char& octet = octets[block - length.size() + i];
            octet = octet | (length[i] & is_last);
        }
        Hash::compress(state, octets.data());
        chain_digest(state, candidate.data());
        for (size_t i = 0; i < candidate.size(); ++i) digest[i] = digest[i] | (candidate[i] & is_last);
    }
    mbedtls_platform_zeroize(&state, sizeof state);
    mbedtls_platform_zeroize(octets.data(), octets.size());
}

template <class Hash>
int record_hmac(mbedtls_md_context_t* hmac, const Message& message, size_t least, unsigned char* output) {
    constexpr size_t block = size_t{1} << Hash::block_bits;
    // Blocks that are full whatever the secret is go the usual way.
    size_t first = (message.header_size + least) >> Hash::block_bits;
    if (first * block < message.header_size) first = 0;
    int fault = 0;
    if (first > 0) {
        fault = mbedtls_md_update(hmac, message.header, message.header_size);
        if (fault == 0) fault = mbedtls_md_update(hmac, message.data, first * block - message.header_size);
    }
    std::array<unsigned char, Hash::digest_octets> inner;
    finish_inner<Hash>(*static_cast<const typename Hash::Context*>(hmac->md_ctx), message, first, inner.data());

    if (fault == 0) fault = Hmac<Hash>(hmac).finish_outer(inner, output);
    if (fault == 0) fault = mbedtls_md_hmac_reset(hmac);
    return fault;
}

}  // namespace

int __wrap_mbedtls_ct_hmac(mbedtls_md_context_t* hmac, const unsigned char* header, size_t header_size,
                           const unsigned char* data, size_t secret_size, size_t least, size_t most,
                           unsigned char* output) {
    const Message message{header, header_size, data, most, header_size + secret_size};
    switch (mbedtls_md_get_type(hmac->md_info)) {
        case MBEDTLS_MD_MD5:
            return record_hmac<Md5>(hmac, message, least, output);
        case MBEDTLS_MD_SHA1:
            return record_hmac<Sha1>(hmac, message, least, output);
        case MBEDTLS_MD_SHA256:
            return record_hmac<Sha256>(hmac, message, least, output);
        case MBEDTLS_MD_SHA384:
            return record_hmac<Sha384>(hmac, message, least, output);
        default:
            return MBEDTLS_ERR_MD_FEATURE_UNAVAILABLE;
    }
}
