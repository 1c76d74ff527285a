// Hashes and HMAC on libcrypto: against known answers and against mbed TLS's own HMAC.
#include <gtest/gtest.h>
#include <mbedtls/md.h>
#include <mbedtls/md5.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "unit/tls/octets.hpp"

extern "C" int __wrap_mbedtls_ct_hmac(mbedtls_md_context_t*, const unsigned char*, size_t, const unsigned char*, size_t,
                                      size_t, size_t, unsigned char*);

namespace atls::tls::crypto::testing {
namespace {

std::string digest(mbedtls_md_type_t type, const std::string& text) {
    const mbedtls_md_info_t* info = mbedtls_md_info_from_type(type);
    Octets out(mbedtls_md_get_size(info));
    EXPECT_EQ(mbedtls_md(info, reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data()), 0);
    return hex(out);
}

// FIPS 180-4 and RFC 1321 examples.
TEST(Hashes, KnownAnswers) {
    EXPECT_EQ(digest(MBEDTLS_MD_MD5, "abc"), "900150983CD24FB0D6963F7D28E17F72");
    EXPECT_EQ(digest(MBEDTLS_MD_SHA1, "abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D");
    EXPECT_EQ(digest(MBEDTLS_MD_SHA224, "abc"), "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7");
    EXPECT_EQ(digest(MBEDTLS_MD_SHA256, "abc"), "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
    EXPECT_EQ(digest(MBEDTLS_MD_SHA384, "abc"),
              "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED8086072BA1E7CC2358BAECA134C825A7");
    EXPECT_EQ(digest(MBEDTLS_MD_SHA512, "abc"),
              "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD454D4423"
              "643CE80E2A"
              "9AC94FA54CA49F");
}

// CVE-2025-27810: before 2.28.10 mbed TLS sends a Finished made of uninitialised memory when a hash of the handshake
// cannot allocate. Ours have nothing to allocate: libcrypto's state and no pointer beside it.
static_assert(sizeof(mbedtls_md5_context) == sizeof(MD5_CTX));
static_assert(sizeof(mbedtls_sha1_context) == sizeof(SHA_CTX));
static_assert(sizeof(mbedtls_sha256_context) == sizeof(SHA256_CTX));
static_assert(sizeof(mbedtls_sha512_context) == sizeof(SHA512_CTX));

TEST(Hashes, ClonesGoTheirOwnWay) {
    mbedtls_sha256_context one;
    mbedtls_sha256_context other;
    mbedtls_sha256_init(&one);
    mbedtls_sha256_init(&other);
    mbedtls_sha256_starts_ret(&one, 0);
    mbedtls_sha256_update_ret(&one, reinterpret_cast<const unsigned char*>("ab"), 2);
    mbedtls_sha256_clone(&other, &one);
    mbedtls_sha256_update_ret(&one, reinterpret_cast<const unsigned char*>("c"), 1);
    mbedtls_sha256_update_ret(&other, reinterpret_cast<const unsigned char*>("x"), 1);
    Octets out(32);
    mbedtls_sha256_finish_ret(&other, out.data());
    EXPECT_EQ(hex(out), digest(MBEDTLS_MD_SHA256, "abx"));
    mbedtls_sha256_finish_ret(&one, out.data());
    EXPECT_EQ(hex(out), digest(MBEDTLS_MD_SHA256, "abc"));
}

Octets mac_of(mbedtls_md_context_t& hmac, const Octets& data, std::size_t cut) {
    Octets mac(mbedtls_md_get_size(hmac.md_info));
    EXPECT_EQ(mbedtls_md_hmac_update(&hmac, data.data(), cut), 0);
    EXPECT_EQ(mbedtls_md_hmac_update(&hmac, data.data() + cut, data.size() - cut), 0);
    EXPECT_EQ(mbedtls_md_hmac_finish(&hmac, mac.data()), 0);
    return mac;
}

// mbedtls_md_hmac() is mbed TLS's own code: the wraps do not reach into its file.
TEST(Hmac, EqualsMbedTls) {
    Dice dice;
    for (const auto type : {MBEDTLS_MD_MD5, MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384,
                            MBEDTLS_MD_SHA512}) {
        const mbedtls_md_info_t* info = mbedtls_md_info_from_type(type);
        mbedtls_md_context_t hmac;
        mbedtls_md_init(&hmac);
        ASSERT_EQ(mbedtls_md_setup(&hmac, info, 1), 0);
        for (const std::size_t key_size :
             std::initializer_list<std::size_t>{0, 1, 48, 63, 64, 65, 127, 128, 129, 300}) {
            const Octets key = dice.octets(key_size);
            ASSERT_EQ(mbedtls_md_hmac_starts(&hmac, key.data(), key.size()), 0);
            for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 55, 56, 64, 111, 112, 128, 1000}) {
                const Octets data = dice.octets(size);
                Octets wanted(mbedtls_md_get_size(info));
                ASSERT_EQ(mbedtls_md_hmac(info, key.data(), key.size(), data.data(), data.size(), wanted.data()), 0);
                ASSERT_EQ(hex(mac_of(hmac, data, dice.below(size + 1))), hex(wanted))
                    << mbedtls_md_get_name(info) << " key " << key_size << " data " << size;
                ASSERT_EQ(mbedtls_md_hmac_reset(&hmac), 0);
            }
        }
        mbedtls_md_free(&hmac);
    }
}

TEST(Hmac, RefusesAContextThatIsNotSetUp) {
    mbedtls_md_context_t hmac;
    mbedtls_md_init(&hmac);
    Octets out(64);
    EXPECT_NE(mbedtls_md_hmac_starts(&hmac, out.data(), out.size()), 0);
    EXPECT_NE(mbedtls_md_hmac_reset(&hmac), 0);
    EXPECT_NE(mbedtls_md_hmac_finish(&hmac, out.data()), 0);
    ASSERT_EQ(mbedtls_md_setup(&hmac, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 0), 0);
    EXPECT_NE(mbedtls_md_hmac_starts(&hmac, out.data(), out.size()), 0) << "set up as a plain hash";
    mbedtls_md_free(&hmac);
}

class RecordHmac : public ::testing::TestWithParam<mbedtls_md_type_t> {};

TEST_P(RecordHmac, EqualsHmac) {
    Dice dice;
    const mbedtls_md_info_t* info = mbedtls_md_info_from_type(GetParam());
    const std::size_t size = mbedtls_md_get_size(info);
    for (int round = 0; round < 20000; ++round) {
        const Octets key = dice.octets(size);
        const Octets header = dice.octets(13);
        const std::size_t most = dice.below(round % 10 == 0 ? 2000 : 300);
        const std::size_t least = most > 256 ? most - 256 + dice.below(257) : dice.below(most + 1);
        const std::size_t secret = least + dice.below(most - least + 1);
        const Octets data = dice.octets(most);
        mbedtls_md_context_t hmac;
        mbedtls_md_init(&hmac);
        ASSERT_EQ(mbedtls_md_setup(&hmac, info, 1), 0);
        ASSERT_EQ(mbedtls_md_hmac_starts(&hmac, key.data(), key.size()), 0);
        Octets ours(size);
        // Twice: the context must be ready for the next record.
        for (int again = 0; again < 2; ++again) {
            ASSERT_EQ(__wrap_mbedtls_ct_hmac(&hmac, header.data(), header.size(), data.data(), secret, least, most,
                                             ours.data()),
                      0);
            Octets joined = header;
            joined.insert(joined.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(secret));
            Octets plain(size);
            ASSERT_EQ(mbedtls_md_hmac(info, key.data(), key.size(), joined.data(), joined.size(), plain.data()), 0);
            ASSERT_EQ(hex(ours), hex(plain)) << "of " << secret << " between " << least << " and " << most;
        }
        mbedtls_md_free(&hmac);
    }
}

INSTANTIATE_TEST_SUITE_P(Hashes, RecordHmac,
                         ::testing::Values(MBEDTLS_MD_MD5, MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384),
                         [](const auto& each) { return mbedtls_md_get_name(mbedtls_md_info_from_type(each.param)); });

}  // namespace
}  // namespace atls::tls::crypto::testing
