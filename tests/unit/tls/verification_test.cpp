// What a module demands of a server's certificate, over real handshakes: verdict, sentence, alert, and that nothing of
// the application leaves before it.
#include <gtest/gtest.h>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::Pair;
using test::PeerOptions;
using test::Pki;
using ::testing::TestWithParam;

struct Case {
    const char* name;
    const Pair& (*identity)();
    Cause cause;
    std::uint8_t alert;
    const char* text;
};

const Case cases[] = {
    {"good", []() -> const Pair& { return Pki::get().server; }, Cause::none, 0, ""},
    {"ec", []() -> const Pair& { return Pki::get().ec_server; }, Cause::none, 0, ""},
    {"intermediate", []() -> const Pair& { return Pki::get().by_intermediate; }, Cause::none, 0, ""},
    {"common_name", []() -> const Pair& { return Pki::get().common_name_only; }, Cause::none, 0, ""},
    {"expired", []() -> const Pair& { return Pki::get().expired; }, Cause::expired, 45,
     "certificate expired 2024-01-02 00:00:00 (CN=echo.example), checked against the module clock 2026-11-21 00:00:00"},
    {"not_yet_valid", []() -> const Pair& { return Pki::get().not_yet_valid; }, Cause::not_yet_valid, 45,
     "certificate not valid before 2040-01-01 00:00:00 (CN=echo.example), checked against the module clock 2026-11-21 "
     "00:00:00"},
    {"wrong_host", []() -> const Pair& { return Pki::get().wrong_host; }, Cause::host_mismatch, 42,
     "certificate is for another host: wanted echo.example, it names DNS:other.example"},
    {"self_signed", []() -> const Pair& { return Pki::get().self_signed; }, Cause::self_signed, 48,
     "certificate is self-signed and not among the trusted ones (CN=echo.example)"},
    {"orphan", []() -> const Pair& { return Pki::get().orphan; }, Cause::issuer_missing, 48,
     "the issuer of certificate (CN=echo.example) was neither sent nor is it trusted: CN=Test Intermediate"},
    {"stranger", []() -> const Pair& { return Pki::get().by_stranger; }, Cause::untrusted, 48,
     "the chain ends at a root that is not trusted (CN=Stranger Root)"},
    {"forged", []() -> const Pair& { return Pki::get().forged; }, Cause::bad_signature, 42,
     "the signature of certificate (CN=echo.example) does not verify with its issuer's key: CN=Test Root"},
};

class Verification : public TestWithParam<Case> {};

PeerOptions serving(const Pair& identity) {
    PeerOptions options;
    options.identity = &identity;
    return options;
}

TEST_P(Verification, Verdict) {
    const Case& expected = GetParam();
    Link link(strict(), serving(expected.identity()));
    link.settle();
    if (expected.cause == Cause::none) {
        EXPECT_TRUE(link.open()) << link.client->failure().text;
        return;
    }
    ASSERT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, expected.cause) << link.client->failure().text;
    EXPECT_EQ(link.client->failure().text, expected.text + std::string("; sent alert ") +
                                               (expected.alert == 45   ? "certificate_expired (45)"
                                                : expected.alert == 48 ? "unknown_ca (48)"
                                                                       : "bad_certificate (42)"));
    EXPECT_FALSE(link.peer.handshake_done());
    EXPECT_EQ(link.peer.alert_received(), expected.alert);
    EXPECT_FALSE(link.client->write("secret"));
}

TEST_P(Verification, NothingDemandedNothingRefused) {
    Link link(usual(), serving(GetParam().identity()));
    link.settle();
    EXPECT_TRUE(link.open()) << link.client->failure().text;
}

TEST_P(Verification, IgnoredSignatureLeavesTheRest) {
    Settings settings = strict();
    settings.policy.ignore_signature = true;
    Link link(settings, serving(GetParam().identity()));
    link.settle();
    const Cause cause = GetParam().cause;
    const bool about_trust = cause != Cause::expired && cause != Cause::not_yet_valid && cause != Cause::host_mismatch;
    EXPECT_EQ(link.open(), about_trust) << link.client->failure().text;
    if (!about_trust) {
        EXPECT_EQ(link.client->failure().cause, cause);
    }
}

INSTANTIATE_TEST_SUITE_P(Certificates, Verification, ::testing::ValuesIn(cases),
                         [](const auto& each) { return each.param.name; });

Failure outcome(const Settings& settings, const Pair& identity) {
    Link link(settings, serving(identity));
    link.settle();
    return link.open() ? Failure{} : link.client->failure();
}

TEST(VerificationSettings, ValidityOnlyIfAsked) {
    Settings settings = strict();
    settings.policy.check_validity = false;
    EXPECT_EQ(outcome(settings, Pki::get().expired).cause, Cause::none);
    EXPECT_EQ(outcome(settings, Pki::get().not_yet_valid).cause, Cause::none);
}

TEST(VerificationSettings, HostOnlyIfAsked) {
    Settings settings = strict();
    settings.policy.expected_host.clear();
    EXPECT_EQ(outcome(settings, Pki::get().wrong_host).cause, Cause::none);
    settings.policy.expected_host = "192.0.2.7";
    EXPECT_EQ(outcome(settings, Pki::get().server).cause, Cause::none);
    settings.policy.expected_host = "192.0.2.8";
    EXPECT_EQ(outcome(settings, Pki::get().server).cause, Cause::host_mismatch);
}

TEST(VerificationSettings, NearestIssuerOnly) {
    Settings settings = strict();
    settings.policy.nearest_issuer_only = true;
    EXPECT_EQ(outcome(settings, Pki::get().by_stranger).cause, Cause::none);
    EXPECT_EQ(outcome(settings, Pki::get().orphan).cause, Cause::issuer_missing);
    EXPECT_EQ(outcome(settings, Pki::get().self_signed).cause, Cause::self_signed);
    EXPECT_EQ(outcome(settings, Pki::get().forged).cause, Cause::bad_signature);
}

TEST(VerificationSettings, ATrustedLeafNeedsNoIssuer) {
    Settings settings = strict();
    settings.credentials = trust(Pki::get().self_signed.certificate);
    EXPECT_EQ(outcome(settings, Pki::get().self_signed).cause, Cause::none);
    EXPECT_EQ(outcome(settings, Pki::get().server).cause, Cause::issuer_missing);
}

TEST(VerificationSettings, TheSecondTrustFileCounts) {
    Settings settings = strict();
    settings.credentials =
        load_credentials({.trusted = Pki::get().stranger.certificate_der, .more_trusted = Pki::get().root.certificate})
            .value();
    EXPECT_EQ(outcome(settings, Pki::get().server).cause, Cause::none);
    EXPECT_EQ(outcome(settings, Pki::get().by_stranger).cause, Cause::none);
    EXPECT_EQ(outcome(settings, Pki::get().ec_server).cause, Cause::issuer_missing);
}

TEST(VerificationSettings, ALeafIsNoIssuer) {
    const Pair child = test::issue({.dns_names = {"echo.example"}, .issuer = &Pki::get().server});
    Pair served = child;
    served.issuers = Pki::get().server.certificate;
    const Failure found = outcome(strict(), served);
    EXPECT_EQ(found.cause, Cause::unacceptable);
    EXPECT_NE(found.text.find("its issuer is not a CA (CN=echo.example)"), std::string::npos) << found.text;
}

TEST(VerificationSettings, KeyUsageMustAllowTheSuite) {
    const Pair identity =
        test::issue({.dns_names = {"echo.example"}, .issuer = &Pki::get().root, .key_usage = "digitalSignature"});
    Settings settings = strict();
    settings.suites = {0xC02F};
    EXPECT_EQ(outcome(settings, identity).cause, Cause::none) << "ECDHE signs";
    settings.suites = {0x0035};
    const Failure found = outcome(settings, identity);
    EXPECT_EQ(found.cause, Cause::unacceptable);
    EXPECT_EQ(found.text,
              "certificate (CN=echo.example): its key usage does not allow it to serve this suite; sent alert "
              "unsupported_certificate (43)");
}

TEST(VerificationSettings, AnExpiredRootIsFound) {
    using std::chrono::sys_days;
    using std::chrono::year;
    const Pair root =
        test::issue({.common_name = "Old Root", .ca = true, .not_after = WallTime{sys_days{year{2025} / 1 / 1}}});
    const Pair leaf = test::issue({.dns_names = {"echo.example"}, .issuer = &root});
    Settings settings = strict();
    settings.credentials = trust(root.certificate);
    const Failure found = outcome(settings, leaf);
    EXPECT_EQ(found.cause, Cause::expired);
    EXPECT_NE(found.text.find("(CN=Old Root)"), std::string::npos) << found.text;
}

TEST(VerificationSettings, OldDigestsAreAccepted) {
    const Pair identity = test::issue({.dns_names = {"echo.example"}, .issuer = &Pki::get().root, .digest = "SHA1"});
    EXPECT_EQ(outcome(strict(), identity).cause, Cause::none);
}

TEST(VerificationSettings, AuthenticationWithoutACaIsRefusedAtOnce) {
    Settings settings = strict();
    settings.credentials = nullptr;
    const auto made = Client::create(settings, Time{}, [] { return module_clock; });
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().cause, Cause::trusted_missing);
}

TEST(VerificationSettings, ServerNameIsIndependentOfTheCheck) {
    for (const char* sni : {"", "echo.example", "something.else"}) {
        for (const char* checked : {"", "echo.example"}) {
            Settings settings = strict();
            settings.server_name = sni;
            settings.policy.expected_host = checked;
            Link link(settings, PeerOptions{});
            link.settle();
            ASSERT_TRUE(link.open()) << link.client->failure().text;
            EXPECT_EQ(link.peer.server_name(), sni);
        }
    }
}

}  // namespace
}  // namespace atls::tls::testing
