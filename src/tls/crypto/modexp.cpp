// X = A^E mod N by libcrypto, linked with --wrap=mbedtls_mpi_exp_mod: RSA, both directions.
// What it does not name here goes to mbed TLS: negative operands, even moduli, and sizes no RSA key of the modem has.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/bignum.h>
#include <mbedtls/platform_util.h>
#include <openssl/bn.h>

#include <array>

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

bool raise(BIGNUM* result, BIGNUM* base, BIGNUM* exponent, const BIGNUM* modulus, BN_CTX* context) {
    if (BN_cmp(base, modulus) >= 0 && BN_nnmod(base, base, modulus, context) != 1) return false;
    // A public exponent is small; everything else may be a key.
    if (BN_num_bits(exponent) <= 32) return BN_mod_exp_mont(result, base, exponent, modulus, context, nullptr) == 1;
    BN_set_flags(exponent, BN_FLG_CONSTTIME);
    return BN_mod_exp_mont_consttime(result, base, exponent, modulus, context, nullptr) == 1;
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
    BIGNUM* n = BN_CTX_get(context);
    BIGNUM* x = BN_CTX_get(context);
    int fault = MBEDTLS_ERR_MPI_ALLOC_FAILED;
    if (x != nullptr && load(a, base) && load(e, exponent) && load(n, modulus) && raise(x, a, e, n, context)) {
        fault = store(result, x, BN_num_bytes(n));
    }
    if (x != nullptr) {
        BN_clear(x);
        BN_clear(a);
        BN_clear(e);
    }
    BN_CTX_end(context);
    return fault;
}
