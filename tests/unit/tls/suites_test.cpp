#include "tls/suites.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace atls::tls {
namespace {

using enum Version;

std::string spoken(std::uint16_t number) {
    std::string text;
    const Suite* suite = find_suite(number);
    if (suite == nullptr) return "none";
    for (const auto& [version, letter] :
         {std::pair{ssl3, '3'}, {tls1_0, '0'}, {tls1_1, '1'}, {tls1_2, '2'}, {dtls1_0, 'd'}, {dtls1_2, 'D'}}) {
        if (suite->defined_for(version)) text += letter;
    }
    return text;
}

TEST(Suites, AreThirtyEightAndThree) {
    std::set<std::uint16_t> numbers;
    std::set<std::string_view> names;
    for (const Suite& suite : all_suites()) {
        numbers.insert(suite.number);
        names.insert(suite.name);
        EXPECT_EQ(find_suite(suite.number), &suite);
        EXPECT_TRUE(suite.name.starts_with("TLS_")) << suite.name;
    }
    EXPECT_EQ(numbers.size(), 41U);
    EXPECT_EQ(names.size(), 41U);
    EXPECT_EQ(find_suite(0x00FF), nullptr) << "a signalling value is no suite";
    EXPECT_EQ(find_suite(0xFFFF), nullptr) << "nor is the AT command's value for all";
}

TEST(Suites, VersionsAddUpToTheInteroperabilityMatrix) {
    std::size_t pairs = 0;
    for (const Suite& suite : all_suites()) {
        const bool beside_the_notes = suite.number == 0xC0A8 || suite.number == 0x00A8 || suite.number == 0x00A9;
        if (!beside_the_notes) pairs += spoken(suite.number).size();
    }
    EXPECT_EQ(pairs, 150U);
    EXPECT_EQ(spoken(0x0035), "3012dD");
    EXPECT_EQ(spoken(0x0004), "3012") << "RC4 cannot lose a datagram";
    EXPECT_EQ(spoken(0x003C), "2D");
    EXPECT_EQ(spoken(0xC013), "012dD") << "SSL 3.0 has no curves";
    EXPECT_EQ(spoken(0xC002), "012");
    EXPECT_EQ(spoken(0xC030), "2D");
    EXPECT_EQ(spoken(0xC02A), "2D");
    EXPECT_EQ(spoken(0x008B), "3012dD");
    EXPECT_EQ(spoken(0x00AF), "012dD") << "RFC 5487 allows the CBC suites below TLS 1.2";
    EXPECT_EQ(spoken(0xC0A8), "2D");
}

TEST(Suites, NamesTellTheColumns) {
    for (const Suite& suite : all_suites()) {
        const std::string name(suite.name);
        const auto says = [&](const char* part) { return name.find(part) != std::string::npos; };
        EXPECT_EQ(says("RC4"), suite.cipher == Cipher::rc4_128) << name;
        EXPECT_EQ(says("3DES"), suite.cipher == Cipher::des3_cbc) << name;
        EXPECT_EQ(says("_PSK_"), suite.key_exchange == KeyExchange::psk) << name;
        EXPECT_EQ(says("ECDHE_RSA"), suite.key_exchange == KeyExchange::ecdhe_rsa) << name;
        EXPECT_EQ(says("ECDHE_ECDSA"), suite.key_exchange == KeyExchange::ecdhe_ecdsa) << name;
        EXPECT_EQ(says("ECDH_RSA"), suite.key_exchange == KeyExchange::ecdh_rsa) << name;
        EXPECT_EQ(says("ECDH_ECDSA"), suite.key_exchange == KeyExchange::ecdh_ecdsa) << name;
        EXPECT_EQ(says("AES_256"), suite.cipher == Cipher::aes256_cbc || suite.cipher == Cipher::aes256_gcm) << name;
        EXPECT_EQ(says("GCM"), suite.cipher == Cipher::aes128_gcm || suite.cipher == Cipher::aes256_gcm) << name;
        EXPECT_EQ(name.ends_with("SHA384"), suite.mac == Mac::sha384) << name;
        EXPECT_EQ(name.ends_with("SHA"), suite.mac == Mac::sha1) << name;
        EXPECT_EQ(name.ends_with("MD5"), suite.mac == Mac::md5) << name;
    }
}

TEST(Suites, VersionNames) {
    EXPECT_EQ(name_of(ssl3), "SSL 3.0");
    EXPECT_EQ(name_of(tls1_1), "TLS 1.1");
    EXPECT_EQ(name_of(dtls1_2), "DTLS 1.2");
}

}  // namespace
}  // namespace atls::tls
