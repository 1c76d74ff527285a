// Whole handshakes against OpenSSL, for each suite that it has and each version of that suite.
#include <gtest/gtest.h>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::PeerOptions;
using test::Pki;

struct Pairing {
    const Suite* suite;
    Version version;
};

int openssl_version(Version version) {
    switch (version) {
        case Version::ssl3:
            return SSL3_VERSION;
        case Version::tls1_0:
            return TLS1_VERSION;
        case Version::tls1_1:
            return TLS1_1_VERSION;
        case Version::tls1_2:
            return TLS1_2_VERSION;
        case Version::dtls1_0:
            return DTLS1_VERSION;
        case Version::dtls1_2:
            return DTLS1_2_VERSION;
    }
    return 0;
}

// Debian's OpenSSL has no static ECDH, RC4, 3DES or SSL 3.0; the interop tests meet servers that do.
bool known_to_openssl(const Suite& suite, Version version) {
    if (suite.key_exchange == KeyExchange::ecdh_rsa || suite.key_exchange == KeyExchange::ecdh_ecdsa) return false;
    if (suite.cipher == Cipher::rc4_128 || suite.cipher == Cipher::des3_cbc) return false;
    return version != Version::ssl3;
}

std::vector<Pairing> pairings() {
    using enum Version;
    std::vector<Pairing> all;
    for (const Suite& suite : all_suites()) {
        for (const Version version : {ssl3, tls1_0, tls1_1, tls1_2, dtls1_0, dtls1_2}) {
            if (suite.defined_for(version) && known_to_openssl(suite, version)) all.push_back({&suite, version});
        }
    }
    return all;
}

const test::Pair& identity_for(const Suite& suite) {
    return suite.key_exchange == KeyExchange::ecdhe_ecdsa ? Pki::get().ec_server : Pki::get().server;
}

Settings settings_for(const Pairing& pairing) {
    Settings settings = strict();
    settings.datagram = pairing.version >= Version::dtls1_0;
    settings.lowest = settings.highest = pairing.version;
    settings.suites = {pairing.suite->number};
    if (pairing.suite->key_exchange == KeyExchange::psk) settings.psk = Psk{"modem", "0123456789abcdef"};
    return settings;
}

PeerOptions options_for(const Pairing& pairing) {
    PeerOptions options;
    options.datagram = pairing.version >= Version::dtls1_0;
    options.lowest = options.highest = openssl_version(pairing.version);
    options.identity = &identity_for(*pairing.suite);
    options.psk_identity = "modem";
    options.psk_key = "0123456789abcdef";
    options.echo = true;
    return options;
}

Bytes pattern(std::size_t size) {
    Bytes made;
    for (std::size_t i = 0; i < size; ++i) made.push_back(static_cast<char>(i * 7 + i / 256));
    return made;
}

class EverySuite : public ::testing::TestWithParam<Pairing> {};

TEST_P(EverySuite, ConnectsAndEchoes) {
    Link link(settings_for(GetParam()), options_for(GetParam()));
    link.settle();
    ASSERT_TRUE(link.open()) << link.client->failure().text << " / " << link.peer.failure();
    EXPECT_EQ(link.client->version(), GetParam().version);
    EXPECT_EQ(link.client->suite(), GetParam().suite->number);
    EXPECT_EQ(link.peer.suite(), GetParam().suite->number);
    EXPECT_FALSE(link.client->resumed());
    for (const std::size_t size : {std::size_t{1}, std::size_t{1460}, std::size_t{3000}}) {
        link.received.clear();
        ASSERT_TRUE(link.client->write(pattern(size)));
        link.settle();
        EXPECT_EQ(link.received, pattern(size));
    }
    link.client->close();
    link.settle();
    EXPECT_TRUE(link.peer.client_closed());
}

TEST_P(EverySuite, WithoutEncryptThenMac) {
    PeerOptions options = options_for(GetParam());
    options.encrypt_then_mac = false;
    Link link(settings_for(GetParam()), options);
    link.settle();
    ASSERT_TRUE(link.open()) << link.client->failure().text << " / " << link.peer.failure();
    for (std::size_t size = 1; size < 300; size += 13) {
        link.received.clear();
        ASSERT_TRUE(link.client->write(pattern(size)));
        link.settle();
        ASSERT_EQ(link.received, pattern(size)) << link.client->failure().text;
    }
}

INSTANTIATE_TEST_SUITE_P(OpenSsl, EverySuite, ::testing::ValuesIn(pairings()), [](const auto& each) {
    std::string name(name_of(each.param.version));
    name += "_" + std::string(each.param.suite->name);
    for (char& c : name) {
        if (c == ' ' || c == '.') c = '_';
    }
    return name;
});

TEST(Handshake, PairingsAreNotAFew) { EXPECT_GE(pairings().size(), 66U); }

TEST(Handshake, EveryCutOfTheStream) {
    for (const Version version : {Version::tls1_0, Version::tls1_2}) {
        Settings settings = strict();
        settings.lowest = settings.highest = version;
        for (std::size_t chunk = 1; chunk < 60; ++chunk) {
            PeerOptions options;
            options.echo = true;
            Link link(settings, options);
            link.chunk = chunk;
            link.settle();
            ASSERT_TRUE(link.open()) << link.client->failure().text;
            ASSERT_TRUE(link.client->write("hello"));
            link.settle();
            ASSERT_EQ(link.received, "hello");
        }
    }
}

TEST(Handshake, LargeRecordsBothWays) {
    Link link(strict(), PeerOptions{});
    link.settle();
    ASSERT_TRUE(link.open()) << link.client->failure().text;
    const Bytes much = pattern(100000);
    link.peer.write(much.substr(0, 16384));
    link.settle();
    EXPECT_EQ(link.received, much.substr(0, 16384));
    ASSERT_TRUE(link.client->write(much));
    EXPECT_GE(link.client->output_size(), much.size());
    link.settle();
    EXPECT_EQ(link.peer.take_plaintext(), much);
    EXPECT_EQ(link.client->output_size(), 0U);
}

}  // namespace
}  // namespace atls::tls::testing
