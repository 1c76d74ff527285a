// X = A^E mod N by libcrypto, linked with --wrap=mbedtls_mpi_exp_mod: RSA, both directions.
// What it does not name here goes to mbed TLS: negative operands, even moduli, and sizes no RSA key of the modem has.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/bignum.h>
#include <mbedtls/platform_util.h>
#include <openssl/bn.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tls/crypto/library.hpp"

extern "C" {
int __real_mbedtls_mpi_exp_mod(mbedtls_mpi* result, const mbedtls_mpi* base, const mbedtls_mpi* exponent,
                               const mbedtls_mpi* modulus, mbedtls_mpi* cache);
int __wrap_mbedtls_mpi_exp_mod(mbedtls_mpi* result, const mbedtls_mpi* base, const mbedtls_mpi* exponent,
                               const mbedtls_mpi* modulus, mbedtls_mpi* cache);
}

namespace {

using namespace atls::tls::crypto;

constexpr std::size_t smallest = 64;  // octets: below, mbed TLS is as fast
constexpr std::size_t largest = MBEDTLS_MPI_MAX_SIZE;
using Octets = std::array<unsigned char, largest>;

bool fits(const mbedtls_mpi* number) { return number->s >= 0 && mbedtls_mpi_size(number) <= largest; }

bool load(BIGNUM* to, const mbedtls_mpi* from) {
    Octets octets;
    const std::size_t size = mbedtls_mpi_size(from);
    const bool loaded = mbedtls_mpi_write_binary_le(from, octets.data(), size) == 0 &&
                        BN_lebin2bn(octets.data(), static_cast<int>(size), to) != nullptr;
    mbedtls_platform_zeroize(octets.data(), size);
    return loaded;
}

int store(mbedtls_mpi* to, const BIGNUM* from, int size) {
    Octets octets;
    if (BN_bn2lebinpad(from, octets.data(), size) != size) return MBEDTLS_ERR_MPI_BAD_INPUT_DATA;
    const int fault = mbedtls_mpi_read_binary_le(to, octets.data(), static_cast<std::size_t>(size));
    mbedtls_platform_zeroize(octets.data(), static_cast<std::size_t>(size));
    return fault;
}

// What Montgomery multiplication wants to know of a modulus costs as much as a third of a signature's verification, and
// a modem meets the same few keys again and again: its CA's, its server's. Public keys only, whose exponents are small.
class PublicModulus {
public:
    explicit PublicModulus(const mbedtls_mpi* modulus)
        : limbs_(modulus->p, modulus->p + modulus->n), number_(BN_new()), montgomery_(BN_MONT_CTX_new()) {}

    bool prepare(const mbedtls_mpi* modulus, BN_CTX* context) {
        return number_ && montgomery_ && load(number_.get(), modulus) &&
               BN_MONT_CTX_set(montgomery_.get(), number_.get(), context) == 1;
    }
    [[nodiscard]] bool is(const mbedtls_mpi* modulus) const {
        return std::equal(limbs_.begin(), limbs_.end(), modulus->p, modulus->p + modulus->n);
    }
    [[nodiscard]] const BIGNUM* number() const { return number_.get(); }
    [[nodiscard]] BN_MONT_CTX* montgomery() const { return montgomery_.get(); }

private:
    std::vector<mbedtls_mpi_uint> limbs_;  // what mbed TLS holds, to compare without a conversion
    BigNumber number_;
    std::unique_ptr<BN_MONT_CTX, FreeWith<BN_MONT_CTX_free>> montgomery_;
};

/// This thread's, the one used last in front; null: no memory.
const PublicModulus* public_modulus(const mbedtls_mpi* modulus, BN_CTX* context) {
    constexpr std::size_t remembered = 8;
    thread_local std::vector<PublicModulus> known;
    const auto found =
        std::find_if(known.begin(), known.end(), [modulus](const PublicModulus& each) { return each.is(modulus); });
    if (found != known.end()) {
        std::rotate(known.begin(), found, found + 1);
        return &known.front();
    }
    PublicModulus made(modulus);
    if (!made.prepare(modulus, context)) return nullptr;
    if (known.size() == remembered) known.pop_back();
    known.insert(known.begin(), std::move(made));
    return &known.front();
}

bool is_public(const mbedtls_mpi* exponent) { return mbedtls_mpi_bitlen(exponent) <= 32; }

/// x = a^e mod n; the size of n in octets, 0: failed.
int raise_public(BIGNUM* x, BIGNUM* a, const BIGNUM* e, const mbedtls_mpi* modulus, BN_CTX* context) {
    const PublicModulus* n = public_modulus(modulus, context);
    if (n == nullptr) return 0;
    if (BN_cmp(a, n->number()) >= 0 && BN_nnmod(a, a, n->number(), context) != 1) return 0;
    return BN_mod_exp_mont(x, a, e, n->number(), context, n->montgomery()) == 1 ? BN_num_bytes(n->number()) : 0;
}

/// As raise_public(), for an exponent that may be a key: in constant time, and nothing is remembered.
int raise_secret(BIGNUM* x, BIGNUM* a, BIGNUM* e, const mbedtls_mpi* modulus, BN_CTX* context) {
    BIGNUM* n = BN_CTX_get(context);
    if (n == nullptr || !load(n, modulus)) return 0;
    if (BN_cmp(a, n) >= 0 && BN_nnmod(a, a, n, context) != 1) return 0;
    BN_set_flags(e, BN_FLG_CONSTTIME);
    return BN_mod_exp_mont_consttime(x, a, e, n, context, nullptr) == 1 ? BN_num_bytes(n) : 0;
}

}  // namespace

int __wrap_mbedtls_mpi_exp_mod(mbedtls_mpi* result, const mbedtls_mpi* base, const mbedtls_mpi* exponent,
                               const mbedtls_mpi* modulus, mbedtls_mpi* cache) {
    const bool ours = fits(base) && fits(exponent) && fits(modulus) && mbedtls_mpi_size(modulus) >= smallest &&
                      mbedtls_mpi_get_bit(modulus, 0) == 1;
    if (!ours) return __real_mbedtls_mpi_exp_mod(result, base, exponent, modulus, cache);

    BN_CTX* context = scratch();
    if (context == nullptr) return MBEDTLS_ERR_MPI_ALLOC_FAILED;
    BN_CTX_start(context);
    BIGNUM* a = BN_CTX_get(context);
    BIGNUM* e = BN_CTX_get(context);
    BIGNUM* x = BN_CTX_get(context);
    int fault = MBEDTLS_ERR_MPI_ALLOC_FAILED;
    if (x != nullptr && load(a, base) && load(e, exponent)) {
        const int size =
            is_public(exponent) ? raise_public(x, a, e, modulus, context) : raise_secret(x, a, e, modulus, context);
        if (size > 0) fault = store(result, x, size);
    }
    if (x != nullptr) {
        BN_clear(x);
        BN_clear(a);
        BN_clear(e);
    }
    BN_CTX_end(context);
    return fault;
}
