// libcrypto beneath mbed TLS: the hooks against known answers, against mbed TLS's own code, against each other.
#include <gtest/gtest.h>
#include <mbedtls/aes.h>
#include <mbedtls/bignum.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/ssl_internal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include "tls/crypto/random.hpp"
#include "tls/crypto/record_buffers.hpp"
#include "unit/tls/octets.hpp"

extern "C" {
int __wrap_mbedtls_mpi_exp_mod(mbedtls_mpi*, const mbedtls_mpi*, const mbedtls_mpi*, const mbedtls_mpi*, mbedtls_mpi*);
int __real_mbedtls_mpi_exp_mod(mbedtls_mpi*, const mbedtls_mpi*, const mbedtls_mpi*, const mbedtls_mpi*, mbedtls_mpi*);
}

namespace atls::tls::crypto::testing {
namespace {

struct Number {
    mbedtls_mpi value;
    Number() { mbedtls_mpi_init(&value); }
    explicit Number(const Octets& from) : Number() { mbedtls_mpi_read_binary(&value, from.data(), from.size()); }
    ~Number() { mbedtls_mpi_free(&value); }
    Number(const Number&) = delete;
    Number& operator=(const Number&) = delete;
};

TEST(Modexp, EqualsMbedTls) {
    Dice dice;
    const std::size_t sizes[] = {1, 16, 63, 64, 65, 128, 256, 512};
    for (int round = 0; round < 60; ++round) {
        Octets modulus = dice.octets(sizes[dice.below(std::size(sizes))]);
        modulus.back() |= 1;
        modulus.front() |= 1;
        const Number n(modulus);
        const Number base(dice.octets(dice.below(modulus.size() + 9)));
        const Number exponent(dice.octets(1 + dice.below(round % 3 == 0 ? 4 : 40)));
        Number ours;
        Number theirs;
        const int got = __wrap_mbedtls_mpi_exp_mod(&ours.value, &base.value, &exponent.value, &n.value, nullptr);
        const int wanted = __real_mbedtls_mpi_exp_mod(&theirs.value, &base.value, &exponent.value, &n.value, nullptr);
        ASSERT_EQ(got, wanted);
        ASSERT_EQ(mbedtls_mpi_cmp_mpi(&ours.value, &theirs.value), 0) << modulus.size();
    }
}

// More moduli than are remembered, met again in another order, some of them of equal size, one with a zero limb in
// front.
TEST(Modexp, ModuliMetAgainAreNotMixedUp) {
    Dice dice;
    std::vector<std::unique_ptr<Number>> moduli;
    for (int i = 0; i < 20; ++i) {
        Octets modulus = dice.octets(i % 3 == 0 ? 128 : 256);
        modulus.back() |= 1;
        moduli.push_back(std::make_unique<Number>(modulus));
    }
    ASSERT_EQ(mbedtls_mpi_grow(&moduli[3]->value, 40), 0);
    const Number exponent(Octets{1, 0, 1});
    for (int round = 0; round < 200; ++round) {
        const Number& n = *moduli[dice.below(moduli.size())];
        const Number base(dice.octets(200));
        Number ours;
        Number theirs;
        ASSERT_EQ(__wrap_mbedtls_mpi_exp_mod(&ours.value, &base.value, &exponent.value, &n.value, nullptr), 0);
        ASSERT_EQ(__real_mbedtls_mpi_exp_mod(&theirs.value, &base.value, &exponent.value, &n.value, nullptr), 0);
        ASSERT_EQ(mbedtls_mpi_cmp_mpi(&ours.value, &theirs.value), 0) << round;
    }
}

TEST(Modexp, LeavesTheRestToMbedTls) {
    Octets even(64, 0xFE);
    const Number n(even);
    const Number two(Octets{2});
    Number result;
    EXPECT_NE(__wrap_mbedtls_mpi_exp_mod(&result.value, &two.value, &two.value, &n.value, nullptr), 0);
    Octets odd(64, 0xFF);
    const Number m(odd);
    Number negative(Octets{3});
    negative.value.s = -1;
    ASSERT_EQ(__wrap_mbedtls_mpi_exp_mod(&result.value, &negative.value, &two.value, &m.value, nullptr), 0);
    EXPECT_EQ(mbedtls_mpi_cmp_int(&result.value, 9), 0);
    EXPECT_NE(__wrap_mbedtls_mpi_exp_mod(&result.value, &two.value, &negative.value, &m.value, nullptr), 0);
}

// NIST SP 800-38A F.2.1, F.2.2.
TEST(Aes, CbcKnownAnswerAndChaining) {
    const Octets key = octets("2B7E151628AED2A6ABF7158809CF4F3C");
    const Octets start = octets("000102030405060708090A0B0C0D0E0F");
    const Octets plain = octets("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51");
    const Octets secret = octets("7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2");
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    ASSERT_EQ(mbedtls_aes_setkey_enc(&aes, key.data(), 128), 0);
    Octets iv = start;
    Octets out = plain;
    // In place, and in two calls: the IV carries over.
    ASSERT_EQ(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, 16, iv.data(), out.data(), out.data()), 0);
    ASSERT_EQ(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, 16, iv.data(), out.data() + 16, out.data() + 16), 0);
    EXPECT_EQ(hex(out), hex(secret));
    EXPECT_NE(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_DECRYPT, 16, iv.data(), out.data(), out.data()), 0);
    EXPECT_NE(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, 15, iv.data(), out.data(), out.data()), 0);
    ASSERT_EQ(mbedtls_aes_setkey_dec(&aes, key.data(), 128), 0);
    iv = start;
    ASSERT_EQ(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_DECRYPT, 16, iv.data(), out.data(), out.data()), 0);
    ASSERT_EQ(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_DECRYPT, 16, iv.data(), out.data() + 16, out.data() + 16), 0);
    EXPECT_EQ(hex(out), hex(plain));
    EXPECT_NE(mbedtls_aes_setkey_enc(&aes, key.data(), 64), 0);
    mbedtls_aes_free(&aes);
}

// NIST SP 800-38A F.1.1.
TEST(Aes, OneBlock) {
    const Octets key = octets("2B7E151628AED2A6ABF7158809CF4F3C");
    const Octets plain = octets("6BC1BEE22E409F96E93D7E117393172A");
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    ASSERT_EQ(mbedtls_aes_setkey_enc(&aes, key.data(), 128), 0);
    Octets out(16);
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, plain.data(), out.data()), 0);
        EXPECT_EQ(hex(out), "3AD77BB40D7A3660A89ECAF32466EF97");
    }
    mbedtls_aes_free(&aes);
}

// Test case 4 of the GCM specification.
TEST(Gcm, KnownAnswerAndForgery) {
    const Octets key = octets("FEFFE9928665731C6D6A8F9467308308");
    const Octets iv = octets("CAFEBABEFACEDBADDECAF888");
    const Octets extra = octets("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    const Octets plain = octets(
        "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE6"
        "57BA637B39");
    mbedtls_gcm_context gcm;
    mbedtls_gcm_init(&gcm);
    ASSERT_EQ(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key.data(), 128), 0);
    Octets secret(plain.size());
    Octets tag(16);
    ASSERT_EQ(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, plain.size(), iv.data(), iv.size(), extra.data(),
                                        extra.size(), plain.data(), secret.data(), tag.size(), tag.data()),
              0);
    EXPECT_EQ(hex(tag), "5BC94FBC3221A5DB94FAE95AE7121A47");
    EXPECT_EQ(hex(secret).substr(0, 16), "42831EC221777424");
    const auto decrypt = [&](Octets& into) {
        return mbedtls_gcm_auth_decrypt(&gcm, secret.size(), iv.data(), iv.size(), extra.data(), extra.size(),
                                        tag.data(), tag.size(), secret.data(), into.data());
    };
    // One context serves both directions.
    Octets back(plain.size());
    ASSERT_EQ(decrypt(back), 0);
    EXPECT_EQ(hex(back), hex(plain));
    tag[3] ^= 1;
    EXPECT_EQ(decrypt(back), MBEDTLS_ERR_GCM_AUTH_FAILED);
    EXPECT_EQ(hex(back), std::string(plain.size() * 2, '0')) << "a forged record leaves nothing";
    EXPECT_NE(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_CAMELLIA, key.data(), 128), 0);
    mbedtls_gcm_free(&gcm);
}

struct Curve {
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    explicit Curve(mbedtls_ecp_group_id id) {
        mbedtls_ecp_group_init(&group);
        mbedtls_ecp_point_init(&point);
        EXPECT_EQ(mbedtls_ecp_group_load(&group, id), 0);
    }
    ~Curve() {
        mbedtls_ecp_point_free(&point);
        mbedtls_ecp_group_free(&group);
    }
    Curve(const Curve&) = delete;
    Curve& operator=(const Curve&) = delete;
};

class EveryCurve : public ::testing::TestWithParam<mbedtls_ecp_group_id> {};

TEST_P(EveryCurve, EcdhAgreesWithMbedTlsArithmetic) {
    Curve ours(GetParam());
    Curve theirs(GetParam());
    Number a;
    Number b;
    Number shared;
    ASSERT_EQ(mbedtls_ecdh_gen_public(&ours.group, &a.value, &ours.point, random_octets, nullptr), 0);
    ASSERT_EQ(mbedtls_ecdh_gen_public(&theirs.group, &b.value, &theirs.point, random_octets, nullptr), 0);
    ASSERT_EQ(mbedtls_ecdh_compute_shared(&ours.group, &shared.value, &theirs.point, &a.value, random_octets, nullptr),
              0);
    Curve product(GetParam());
    ASSERT_EQ(mbedtls_ecp_mul(&product.group, &product.point, &b.value, &ours.point, random_octets, nullptr), 0);
    EXPECT_EQ(mbedtls_mpi_cmp_mpi(&shared.value, &product.point.X), 0);
    // A point off the curve is the peer's attempt at the secret.
    mbedtls_mpi_add_int(&theirs.point.Y, &theirs.point.Y, 1);
    EXPECT_NE(mbedtls_ecdh_compute_shared(&ours.group, &shared.value, &theirs.point, &a.value, random_octets, nullptr),
              0);
}

TEST_P(EveryCurve, EcdsaSignsAndVerifies) {
    Curve signer(GetParam());
    Number secret;
    Number r;
    Number s;
    ASSERT_EQ(mbedtls_ecdh_gen_public(&signer.group, &secret.value, &signer.point, random_octets, nullptr), 0);
    Dice dice;
    for (const std::size_t size : {20U, 32U, 64U}) {
        Octets hash = dice.octets(size);
        ASSERT_EQ(mbedtls_ecdsa_sign(&signer.group, &r.value, &s.value, &secret.value, hash.data(), hash.size(),
                                     random_octets, nullptr),
                  0);
        const auto verify = [&] {
            return mbedtls_ecdsa_verify(&signer.group, hash.data(), hash.size(), &signer.point, &r.value, &s.value);
        };
        EXPECT_EQ(verify(), 0);
        hash[0] ^= 0x80;
        EXPECT_NE(verify(), 0);
        hash[0] ^= 0x80;
        mbedtls_mpi_add_int(&s.value, &s.value, 1);
        EXPECT_NE(verify(), 0);
        mbedtls_mpi_lset(&s.value, 0);
        EXPECT_NE(verify(), 0);
    }
    mbedtls_mpi_lset(&secret.value, 0);
    const Octets hash = dice.octets(32);
    EXPECT_NE(mbedtls_ecdsa_sign(&signer.group, &r.value, &s.value, &secret.value, hash.data(), hash.size(),
                                 random_octets, nullptr),
              0);
}

INSTANTIATE_TEST_SUITE_P(Curves, EveryCurve,
                         ::testing::Values(MBEDTLS_ECP_DP_SECP192R1, MBEDTLS_ECP_DP_SECP224R1, MBEDTLS_ECP_DP_SECP256R1,
                                           MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_BP256R1,
                                           MBEDTLS_ECP_DP_BP384R1, MBEDTLS_ECP_DP_BP512R1, MBEDTLS_ECP_DP_SECP192K1,
                                           MBEDTLS_ECP_DP_SECP224K1, MBEDTLS_ECP_DP_SECP256K1));

TEST(Curves, UnknownOnesAreRefusedNotIndexed) {
    Curve real(MBEDTLS_ECP_DP_SECP256R1);
    Number secret;
    real.group.id = MBEDTLS_ECP_DP_CURVE448;
    EXPECT_EQ(mbedtls_ecdh_gen_public(&real.group, &secret.value, &real.point, random_octets, nullptr),
              MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE);
}

std::array<unsigned char, 16> sixteen() {
    std::array<unsigned char, 16> drawn{};
    EXPECT_EQ(random_octets(nullptr, drawn.data(), drawn.size()), 0);
    return drawn;
}

TEST(Random, NeverTwice) {
    EXPECT_NE(sixteen(), sixteen());
    Octets much(5000);
    EXPECT_EQ(random_octets(nullptr, much.data(), much.size()), 0);
    EXPECT_NE(hex(much).substr(0, 32), hex(much).substr(9000, 32));
    std::array<unsigned char, 16> elsewhere{};
    std::thread([&] { elsewhere = sixteen(); }).join();
    EXPECT_NE(elsewhere, sixteen());
}

TEST(Random, ParentAndChildDiffer) {
    sixteen();  // the pool is filled
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto drawn = sixteen();
        _exit(write(pipe_ends[1], drawn.data(), drawn.size()) == 16 ? 0 : 1);
    }
    std::array<unsigned char, 16> theirs{};
    ASSERT_EQ(read(pipe_ends[0], theirs.data(), theirs.size()), 16);
    waitpid(child, nullptr, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    EXPECT_NE(theirs, sixteen());
}

TEST(RecordBuffers, AreZeroAgainAfterUse) {
    const std::size_t size = MBEDTLS_SSL_IN_BUFFER_LEN;
    const std::size_t before = slots_in_use();
    auto* memory = static_cast<unsigned char*>(atls_tls_calloc(1, size));
    ASSERT_NE(memory, nullptr);
    std::fill_n(memory, size, 0xAA);
    trim_slot(memory, 4096);
    if (slots_in_use() > before) {  // not under AddressSanitizer
        EXPECT_EQ(memory[4095], 0xAA);
        EXPECT_EQ(memory[4096], 0);
    }
    atls_tls_free(memory);
    EXPECT_EQ(slots_in_use(), before);
    memory = static_cast<unsigned char*>(atls_tls_calloc(1, size));
    EXPECT_TRUE(std::all_of(memory, memory + size, [](unsigned char octet) { return octet == 0; }));
    atls_tls_free(memory);
    atls_tls_free(nullptr);
}

TEST(RecordBuffers, ManyFreedAtOnceAreZeroWhenTheyAreUsedAgain) {
    const std::size_t size = MBEDTLS_SSL_IN_BUFFER_LEN;
    const std::size_t before = slots_in_use();
    std::vector<unsigned char*> all(100);
    for (int round = 0; round < 3; ++round) {
        for (auto& memory : all) {
            memory = static_cast<unsigned char*>(atls_tls_calloc(1, size));
            ASSERT_TRUE(std::all_of(memory, memory + size, [](unsigned char octet) { return octet == 0; }));
            std::fill_n(memory, size, 0xAA);
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i % 3 == 0) trim_slot(all[i], 4096);
            if (i % 2 == 0 || !release_slot(all[i])) atls_tls_free(all[i]);
        }
        EXPECT_EQ(slots_in_use(), before);
    }
}

TEST(RecordBuffers, OtherSizesAreTheHeaps) {
    const std::size_t before = slots_in_use();
    void* memory = atls_tls_calloc(3, 1000);
    EXPECT_EQ(slots_in_use(), before);
    trim_slot(memory, 0);
    atls_tls_free(memory);
}

}  // namespace
}  // namespace atls::tls::crypto::testing
