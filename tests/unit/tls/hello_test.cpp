// The ClientHello, octet by octet: what old servers must not be shown, and what others need.
#include <gtest/gtest.h>

#include <map>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

struct Hello {
    Bytes version;
    std::vector<std::uint16_t> suites;
    bool extension_block = false;
    std::map<int, Bytes> extensions;
};

std::size_t value(BytesView octets) {
    std::size_t number = 0;
    for (const char c : octets) number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

Bytes take(BytesView& from, std::size_t count) {
    Bytes taken(from.substr(0, count));
    from.remove_prefix(std::min(count, from.size()));
    return taken;
}

Hello parse(BytesView record, bool datagram) {
    Hello hello;
    record.remove_prefix(datagram ? 13 + 12 : 5 + 4);
    hello.version = take(record, 2);
    take(record, 32);
    take(record, value(take(record, 1)));
    if (datagram) take(record, value(take(record, 1)));
    const Bytes suites = take(record, value(take(record, 2)));
    for (std::size_t at = 0; at < suites.size(); at += 2) {
        hello.suites.push_back(static_cast<std::uint16_t>(value(BytesView(suites).substr(at, 2))));
    }
    take(record, value(take(record, 1)));
    hello.extension_block = !record.empty();
    take(record, 2);
    while (!record.empty()) {
        const auto type = static_cast<int>(value(take(record, 2)));
        hello.extensions[type] = take(record, value(take(record, 2)));
    }
    return hello;
}

Hello hello_of(const Settings& settings) { return parse(make(settings)->output(), settings.datagram); }

constexpr int server_name = 0;
constexpr int groups = 10;
constexpr int session_ticket = 35;

TEST(ClientHello, SslThreeHasNoExtensions) {
    Settings settings = usual();
    settings.lowest = settings.highest = Version::ssl3;
    settings.server_name = "echo.example";
    settings.keep_session = true;
    const Hello hello = hello_of(settings);
    EXPECT_EQ(hello.version, Bytes("\x03\0", 2));
    EXPECT_FALSE(hello.extension_block);
    EXPECT_EQ(hello.suites, (std::vector<std::uint16_t>{0x0004, 0x0005, 0x000A, 0x002F, 0x0035, 0x00FF}));
}

TEST(ClientHello, OffersSuitesInTheCallersOrder) {
    Settings settings = usual();
    settings.suites = {0xC030, 0x0035, 0x0005, 0xC013};
    EXPECT_EQ(hello_of(settings).suites, (std::vector<std::uint16_t>{0xC030, 0x0035, 0x0005, 0xC013, 0x00FF}));
    settings.highest = Version::tls1_1;
    EXPECT_EQ(hello_of(settings).suites, (std::vector<std::uint16_t>{0x0035, 0x0005, 0xC013, 0x00FF}));
}

TEST(ClientHello, EverySuiteOfTheTableIsOffered) {
    Settings settings = usual();
    settings.psk = Psk{"modem", "key"};
    settings.suites.clear();
    for (const Suite& suite : all_suites()) settings.suites.push_back(suite.number);
    EXPECT_EQ(hello_of(settings).suites.size(), settings.suites.size() + 1);
}

TEST(ClientHello, PrefersP256) {
    const Hello hello = hello_of(usual());
    ASSERT_TRUE(hello.extensions.contains(groups));
    EXPECT_EQ(hello.extensions.at(groups).substr(2, 2), Bytes("\0\x17", 2));
}

TEST(ClientHello, ServerNameAndTicketOnlyIfAsked) {
    Settings settings = usual();
    EXPECT_FALSE(hello_of(settings).extensions.contains(server_name));
    EXPECT_FALSE(hello_of(settings).extensions.contains(session_ticket));
    settings.server_name = "echo.example";
    settings.keep_session = true;
    const Hello hello = hello_of(settings);
    EXPECT_EQ(hello.extensions.at(server_name).substr(5), "echo.example");
    EXPECT_TRUE(hello.extensions.contains(session_ticket));
}

TEST(ClientHello, DatagramVersions) {
    Settings settings = usual();
    settings.datagram = true;
    settings.lowest = Version::dtls1_0;
    settings.highest = Version::dtls1_2;
    const Hello hello = hello_of(settings);
    EXPECT_EQ(hello.version, Bytes("\xFE\xFD"));
    for (const std::uint16_t suite : hello.suites) {
        if (const Suite* known = find_suite(suite)) {
            EXPECT_NE(known->cipher, Cipher::rc4_128) << known->name;
        }
    }
}

TEST(ClientHello, RandomsDiffer) {
    const Bytes one(make(usual())->output());
    const Bytes other(make(usual())->output());
    EXPECT_NE(one.substr(11, 32), other.substr(11, 32));
    EXPECT_NE(one.substr(11, 4), other.substr(11, 4)) << "no clock in the hello";
}

TEST(ClientCreate, RefusesWhatCannotWork) {
    Settings settings = usual();
    settings.suites = {0xC030};
    settings.highest = Version::tls1_1;
    const auto made = Client::create(settings, Time{}, [] { return module_clock; });
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(
        made.error().text,
        "no configured cipher suite (TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (C030)) can be used with TLS 1.0 to TLS "
        "1.1 without a PSK");
}

}  // namespace
}  // namespace atls::tls::testing
