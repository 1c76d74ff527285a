#include "modem/ssl_context.hpp"

#include "support/pki.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tls::Cause;
using tls::Version;

struct Bench {
    Profile profile = test_profile();
    test::FakeFiles ufs;
    SslContext context;

    Bench() {
        const auto& pki = test::Pki::get();
        ufs.put("ca.pem", pki.roots());
        ufs.put("cert.pem", pki.client.certificate);
        ufs.put("key.pem", pki.client.key);
        ufs.put("other.key", pki.ec_client.key);
        ufs.put("noise.pem", "this is no certificate");
    }
    Result<tls::Settings, tls::Failure> settings(const std::string& host = "echo.example") const {
        return tls_settings(context, 2, host, 8010, profile, ufs);
    }
    Cause cause() const {
        const auto made = settings();
        if (made.ok()) return Cause::none;
        EXPECT_FALSE(made.error().text.empty());
        return made.error().cause;
    }
    std::string text() const {
        const auto made = settings();
        return made.ok() ? "" : made.error().text;
    }
};

TEST(SslContext, DefaultsOfferEverythingAndAskNothing) {
    const Bench bench;
    auto settings = bench.settings();
    ASSERT_TRUE(settings.ok());
    EXPECT_EQ(settings->lowest, Version::ssl3);
    EXPECT_EQ(settings->highest, Version::tls1_2);
    EXPECT_EQ(settings->suites, bench.profile.suites);
    EXPECT_FALSE(settings->datagram);
    EXPECT_FALSE(settings->policy.authenticate);
    EXPECT_FALSE(settings->policy.check_validity);
    EXPECT_EQ(settings->policy.expected_host, "");
    EXPECT_EQ(settings->server_name, "");
    EXPECT_EQ(settings->credentials, nullptr);
    EXPECT_FALSE(settings->own_certificate_demanded);
    EXPECT_FALSE(settings->psk.has_value());
    EXPECT_FALSE(settings->keep_session);
}

TEST(SslContext, Versions) {
    struct Row {
        int version;
        bool datagram;
        int datagram_version;
        Version lowest;
        Version highest;
    };
    const Row rows[] = {
        {0, false, 2, Version::ssl3, Version::ssl3},      {1, false, 2, Version::tls1_0, Version::tls1_0},
        {2, false, 2, Version::tls1_1, Version::tls1_1},  {3, false, 2, Version::tls1_2, Version::tls1_2},
        {4, false, 2, Version::ssl3, Version::tls1_2},    {0, true, 0, Version::dtls1_0, Version::dtls1_0},
        {0, true, 1, Version::dtls1_2, Version::dtls1_2}, {3, true, 2, Version::dtls1_0, Version::dtls1_2},
    };
    for (const Row& row : rows) {
        Bench bench;
        bench.context.version = row.version;
        bench.context.datagram = row.datagram;
        bench.context.datagram_version = row.datagram_version;
        auto settings = bench.settings();
        ASSERT_TRUE(settings.ok());
        EXPECT_EQ(settings->lowest, row.lowest);
        EXPECT_EQ(settings->highest, row.highest);
        EXPECT_EQ(settings->datagram, row.datagram);
    }
    Bench without_ssl3;
    without_ssl3.profile.lowest_ssl_version = 1;
    EXPECT_EQ(without_ssl3.settings()->lowest, Version::tls1_0);
}

TEST(SslContext, SuitesFitTheVersions) {
    Bench bench;
    bench.context.version = 1;
    auto settings = bench.settings();
    EXPECT_THAT(settings->suites, Contains(0x0035));
    EXPECT_THAT(settings->suites, Not(Contains(0xC02F))) << "GCM needs TLS 1.2";
    bench.context.version = 4;
    bench.context.datagram = true;
    EXPECT_THAT(bench.settings()->suites, Not(Contains(0x0005))) << "no RC4 in DTLS";
    bench.context.datagram = false;
    bench.context.suite = 0xC02F;
    EXPECT_THAT(bench.settings()->suites, ElementsAre(0xC02F));
    bench.context.version = 1;
    EXPECT_EQ(bench.cause(), Cause::no_common_parameters);
    EXPECT_THAT(bench.text(), HasSubstr("0XC02F is not defined for TLS 1.0"));
    bench.context.suite = 0x1234;
    EXPECT_EQ(bench.cause(), Cause::no_common_parameters);
}

TEST(SslContext, LevelOneNeedsACaFile) {
    Bench bench;
    bench.context.security_level = 1;
    EXPECT_EQ(bench.cause(), Cause::trusted_missing);
    bench.context.trusted_file = "missing.pem";
    EXPECT_EQ(bench.cause(), Cause::trusted_missing);
    EXPECT_THAT(bench.text(), HasSubstr("missing.pem is not in UFS"));
    bench.context.trusted_file = "noise.pem";
    EXPECT_EQ(bench.cause(), Cause::trusted_unreadable);
    bench.context.trusted_file = "UFS:ca.pem";
    auto settings = bench.settings();
    ASSERT_TRUE(settings.ok());
    EXPECT_NE(settings->credentials, nullptr);
    EXPECT_TRUE(settings->policy.authenticate);
    EXPECT_FALSE(settings->own_certificate_demanded);
}

TEST(SslContext, SecondTrustFile) {
    Bench bench;
    bench.context.security_level = 1;
    bench.context.more_trusted_file = "ca.pem";
    EXPECT_EQ(bench.cause(), Cause::none);
    bench.context.trusted_file = "ca.pem";
    bench.context.more_trusted_file = "missing.pem";
    EXPECT_EQ(bench.cause(), Cause::trusted_missing);
}

TEST(SslContext, OwnCertificateCountsAtLevelTwoOnly) {
    Bench bench;
    bench.context.trusted_file = "ca.pem";
    bench.context.certificate_file = "missing.pem";
    bench.context.key_file = "missing.key";
    for (const int level : {0, 1}) {
        bench.context.security_level = level;
        EXPECT_EQ(bench.cause(), Cause::none) << level;
    }
    bench.context.security_level = 2;
    EXPECT_EQ(bench.cause(), Cause::own_certificate_unreadable);
    bench.context.certificate_file = "cert.pem";
    EXPECT_EQ(bench.cause(), Cause::own_key_unreadable);
    bench.context.key_file = "";
    EXPECT_EQ(bench.cause(), Cause::own_key_unreadable);
    bench.context.key_file = "other.key";
    EXPECT_EQ(bench.cause(), Cause::own_key_mismatch);
    bench.context.key_file = "key.pem";
    ASSERT_EQ(bench.cause(), Cause::none);
    EXPECT_FALSE(bench.settings()->own_certificate_demanded);
    bench.context.certificate_file = "";
    EXPECT_TRUE(bench.settings()->own_certificate_demanded);
    bench.context.key_file = "missing.key";
    EXPECT_EQ(bench.cause(), Cause::own_key_unreadable) << "named, whatever it would be used for";
    EXPECT_THAT(bench.text(), HasSubstr("client key file missing.key is not in UFS"));
    bench.context.security_level = 1;
    EXPECT_EQ(bench.cause(), Cause::none);
}

TEST(SslContext, FilesThatCannotBeRead) {
    Bench bench;
    bench.context.security_level = 1;
    bench.context.trusted_file = "ca.pem";
    bench.ufs.fail_read(FileError::input_output);
    EXPECT_THAT(bench.text(), HasSubstr("fault on demand"));
    bench.ufs.put("ca.pem", "");
    EXPECT_THAT(bench.text(), HasSubstr("ca.pem is empty"));
}

TEST(SslContext, WithoutAuthenticationNothingIsChecked) {
    Bench bench;
    bench.context.ignore_clock = false;
    bench.context.check_host = true;
    EXPECT_FALSE(bench.settings()->policy.check_validity);
    EXPECT_EQ(bench.settings()->policy.expected_host, "");
}

TEST(SslContext, WithoutAuthenticationChecksAreAQuirk) {
    Bench bench;
    bench.profile.unauthenticated_checks = true;
    bench.profile.authenticated_names_must_match = true;
    EXPECT_EQ(bench.settings()->policy.expected_host, "") << "names must match at seclevel 1 and 2 only";
    bench.context.ignore_clock = false;
    bench.context.check_host = true;
    const auto policy = bench.settings()->policy;
    EXPECT_FALSE(policy.authenticate);
    EXPECT_TRUE(policy.check_validity);
    EXPECT_EQ(policy.expected_host, "echo.example");
}

TEST(SslContext, PolicyFlags) {
    Bench bench;
    bench.context.trusted_file = "ca.pem";
    bench.context.security_level = 1;
    bench.context.ignore_clock = false;
    bench.context.nearest_issuer_only = true;
    bench.context.ignore_signature = true;
    bench.context.renegotiation = true;
    auto settings = bench.settings();
    EXPECT_TRUE(settings->policy.check_validity);
    EXPECT_TRUE(settings->policy.nearest_issuer_only);
    EXPECT_TRUE(settings->policy.ignore_signature);
    EXPECT_TRUE(settings->renegotiation);
}

TEST(SslContext, HostToMatch) {
    Bench bench;
    bench.context.trusted_file = "ca.pem";
    bench.context.security_level = 1;
    bench.context.check_host = true;
    EXPECT_EQ(bench.settings()->policy.expected_host, "echo.example");
    EXPECT_EQ(bench.settings("192.0.2.7")->policy.expected_host, "192.0.2.7");
    bench.context.host_to_match = "other.example";
    EXPECT_EQ(bench.settings()->policy.expected_host, "other.example");
    bench.context.check_host = false;
    EXPECT_EQ(bench.settings()->policy.expected_host, "");
}

TEST(SslContext, ModulesWithoutTheKeyCompareNamesWhenTheyAuthenticate) {
    Bench bench;
    bench.profile.authenticated_names_must_match = true;
    bench.context.trusted_file = "ca.pem";
    EXPECT_EQ(bench.settings()->policy.expected_host, "");
    bench.context.security_level = 1;
    EXPECT_EQ(bench.settings()->policy.expected_host, "echo.example");
    EXPECT_EQ(bench.settings("192.0.2.7")->policy.expected_host, "");
}

TEST(SslContext, ServerNameIsForNames) {
    Bench bench;
    bench.context.server_name_indication = true;
    EXPECT_EQ(bench.settings()->server_name, "echo.example");
    EXPECT_EQ(bench.settings("192.0.2.7")->server_name, "");
    EXPECT_EQ(bench.settings("2001:db8::1")->server_name, "");
    bench.context.server_name = "front.example";
    EXPECT_EQ(bench.settings("192.0.2.7")->server_name, "front.example");
}

TEST(SslContext, PskSuitesComeWithTheFile) {
    Bench bench;
    bench.ufs.put("2_server.psk", "Client_1&1a2b3c4d\r\n");
    EXPECT_EQ(bench.settings()->suites, bench.profile.suites) << "not in TLS";
    bench.context.datagram = true;
    auto settings = bench.settings();
    ASSERT_TRUE(settings->psk.has_value());
    EXPECT_EQ(settings->psk->identity, "Client_1");
    EXPECT_EQ(settings->psk->key, "\x1a\x2b\x3c\x4d");
    EXPECT_EQ(settings->suites.front(), bench.profile.psk_suites.front());
    EXPECT_THAT(settings->suites, Contains(0xC02F));
    bench.context.suite = 0xC02F;
    EXPECT_FALSE(bench.settings()->psk.has_value());
    bench.context.suite = 0x008C;
    EXPECT_THAT(bench.settings()->suites, ElementsAre(0x008C));
    EXPECT_TRUE(bench.settings()->psk.has_value());
    bench.ufs.put("2_server.psk", "nonsense");
    EXPECT_EQ(bench.cause(), Cause::psk_malformed);
    bench.context.suite = 0xFFFF;
    EXPECT_EQ(bench.cause(), Cause::psk_malformed);
    ASSERT_TRUE(bench.ufs.remove("2_server.psk").ok());
    EXPECT_EQ(bench.cause(), Cause::none);
    bench.context.suite = 0x008C;
    EXPECT_EQ(bench.cause(), Cause::psk_malformed) << "a PSK suite without a key";
}

TEST(SslContext, PskFile) {
    EXPECT_EQ(parse_psk("id&00ff")->key, Bytes("\x00\xff", 2));
    EXPECT_EQ(parse_psk(" id&00FF \n")->identity, "id");
    EXPECT_EQ(parse_psk("a&b&11")->identity, "a&b");
    for (const char* bad : {"", "\r\n", "id", "id&", "&11", "id&1", "id&xy", "id&11 22"}) {
        EXPECT_FALSE(parse_psk(bad).has_value()) << bad;
    }
}

TEST(SslContext, Names) {
    for (const char* address : {"1.2.3.4", "255.255.255.255", "::1", "2001:db8::1"}) EXPECT_TRUE(is_address(address));
    for (const char* name : {"", "a.b.c.d", "1.2.3", "1.2.3.4.5", "1..2.3", "1.2.3.", "4", "1234.1.1.1"}) {
        EXPECT_FALSE(is_address(name)) << name;
    }
}

}  // namespace
}  // namespace atls::modem
