// The judge over facts alone: no certificate, no handshake.
#include "tls/policy.hpp"

#include <gtest/gtest.h>

namespace atls::tls {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr WallTime clock_2026{sys_days{year{2026} / 11 / 21}};
constexpr WallTime start_2020{sys_days{year{2020} / 1 / 1}};
constexpr WallTime end_2030{sys_days{year{2030} / 1 / 1}};

CertificateFacts certificate(const std::string& name) {
    CertificateFacts facts;
    facts.subject = "CN=" + name;
    facts.issuer = "CN=Root";
    facts.common_name = name;
    facts.not_before = start_2020;
    facts.not_after = end_2030;
    facts.issuer_known = true;
    facts.issuer_trusted = true;
    return facts;
}

Cause verdict(const std::vector<CertificateFacts>& chain, const Policy& policy) {
    return judge(chain, policy, clock_2026).cause;
}

const Policy everything{.authenticate = true, .check_validity = true, .expected_host = "echo.example"};

TEST(Judge, AcceptsAGoodLeaf) { EXPECT_EQ(verdict({certificate("echo.example")}, everything), Cause::none); }

TEST(Judge, DemandsNothingIfNothingIsAsked) {
    CertificateFacts bad = certificate("other");
    bad.not_after = start_2020;
    bad.issuer_known = bad.issuer_trusted = bad.signature_good = false;
    bad.other_fault = "anything";
    EXPECT_EQ(verdict({bad}, {}), Cause::none);
    EXPECT_EQ(verdict({}, {}), Cause::none);
}

TEST(Judge, WantsACertificateWhereItMatters) { EXPECT_EQ(verdict({}, everything), Cause::unacceptable); }

TEST(Judge, TellsTrustFaultsApart) {
    CertificateFacts leaf = certificate("echo.example");
    leaf.issuer_trusted = false;
    leaf.issuer_known = false;
    EXPECT_EQ(verdict({leaf}, everything), Cause::issuer_missing);

    leaf.self_issued = true;
    EXPECT_EQ(verdict({leaf}, everything), Cause::self_signed);
    leaf.trusted = true;
    EXPECT_EQ(verdict({leaf}, everything), Cause::none) << "a trusted certificate needs no issuer";

    leaf = certificate("echo.example");
    leaf.signature_good = false;
    EXPECT_EQ(verdict({leaf}, everything), Cause::bad_signature);

    leaf = certificate("echo.example");
    leaf.other_fault = "weak";
    EXPECT_EQ(verdict({leaf}, everything), Cause::unacceptable);

    leaf = certificate("echo.example");
    leaf.issuer_trusted = false;
    CertificateFacts root = certificate("Foreign");
    root.self_issued = true;
    root.issuer_known = root.issuer_trusted = false;
    EXPECT_EQ(verdict({leaf, root}, everything), Cause::untrusted);
}

TEST(Judge, ValidityIsAgainstTheModulesClock) {
    CertificateFacts leaf = certificate("echo.example");
    const std::vector chain{leaf};
    EXPECT_EQ(judge(chain, everything, start_2020).cause, Cause::none);
    EXPECT_EQ(judge(chain, everything, start_2020 - std::chrono::seconds(1)).cause, Cause::not_yet_valid);
    EXPECT_EQ(judge(chain, everything, end_2030).cause, Cause::none);
    const Failure expired = judge(chain, everything, end_2030 + std::chrono::seconds(1));
    EXPECT_EQ(expired.cause, Cause::expired);
    EXPECT_EQ(expired.text,
              "certificate expired 2030-01-01 00:00:00 (CN=echo.example), checked against the module clock 2030-01-01 "
              "00:00:01");
    Policy lax = everything;
    lax.check_validity = false;
    EXPECT_EQ(judge(chain, lax, end_2030 + std::chrono::years(1)).cause, Cause::none);
}

TEST(Judge, AnExpiredIssuerCounts) {
    CertificateFacts leaf = certificate("echo.example");
    CertificateFacts root = certificate("Root");
    root.trusted = true;
    root.not_after = start_2020;
    EXPECT_EQ(verdict({leaf, root}, everything), Cause::expired);
}

TEST(Judge, OrderIsTrustValidityHost) {
    CertificateFacts leaf = certificate("other");
    leaf.not_after = start_2020;
    leaf.signature_good = false;
    EXPECT_EQ(verdict({leaf}, everything), Cause::bad_signature);
    leaf.signature_good = true;
    EXPECT_EQ(verdict({leaf}, everything), Cause::expired);
    leaf.not_after = end_2030;
    EXPECT_EQ(verdict({leaf}, everything), Cause::host_mismatch);
}

TEST(Judge, NearestIssuerOnly) {
    CertificateFacts leaf = certificate("echo.example");
    leaf.issuer_trusted = false;
    CertificateFacts intermediate = certificate("Middle");
    intermediate.issuer_known = intermediate.issuer_trusted = false;
    EXPECT_EQ(verdict({leaf, intermediate}, everything), Cause::issuer_missing);
    Policy nearest = everything;
    nearest.nearest_issuer_only = true;
    EXPECT_EQ(verdict({leaf, intermediate}, nearest), Cause::none);
    leaf.issuer_known = false;
    EXPECT_EQ(verdict({leaf}, nearest), Cause::issuer_missing);
    leaf.issuer_known = true;
    leaf.signature_good = false;
    EXPECT_EQ(verdict({leaf, intermediate}, nearest), Cause::bad_signature);
}

TEST(Judge, IgnoredSignatureLeavesHostAndValidity) {
    Policy policy = everything;
    policy.ignore_signature = true;
    CertificateFacts leaf = certificate("echo.example");
    leaf.issuer_known = leaf.issuer_trusted = leaf.signature_good = false;
    EXPECT_EQ(verdict({leaf}, policy), Cause::none);
    leaf.not_after = start_2020;
    EXPECT_EQ(verdict({leaf}, policy), Cause::expired);
    leaf = certificate("other");
    EXPECT_EQ(verdict({leaf}, policy), Cause::host_mismatch);
}

TEST(Judge, HostMismatchNamesWhatTheCertificateHolds) {
    CertificateFacts leaf = certificate("a.example");
    leaf.dns_names = {"b.example", "*.c.example"};
    leaf.ip_addresses = {Bytes("\xC0\x00\x02\x07", 4)};
    const Failure found = judge(std::vector{leaf}, everything, clock_2026);
    EXPECT_EQ(
        found.text,
        "certificate is for another host: wanted echo.example, it names DNS:b.example, DNS:*.c.example, IP:192.0.2.7");
}

struct HostCase {
    const char* common_name;
    std::vector<std::string> dns;
    const char* host;
    bool matches;
    bool common_name_only = false;
};

TEST(HostMatches, Table) {
    const HostCase cases[] = {
        {"echo.example", {}, "echo.example", true},
        {"ECHO.Example", {}, "echo.exAMPLE", true},
        {"echo.example", {}, "echo.example.", true},
        {"echo.example", {}, "other.example", false},
        {"echo.example", {"other.example"}, "echo.example", false},
        {"echo.example", {"other.example"}, "echo.example", true, true},
        {"x", {"other.example", "echo.example"}, "echo.example", true},
        {"x", {"*.example.org"}, "a.example.org", true},
        {"x", {"*.example.org"}, "a.b.example.org", false},
        {"x", {"*.example.org"}, "example.org", false},
        {"x", {"*.example.org"}, ".example.org", false},
        {"x", {"*.org"}, "example.org", false},
        {"x", {"*"}, "localhost", false},
        {"x", {"f*.example.org"}, "foo.example.org", false},
        {"x", {"a.*.example.org"}, "a.b.example.org", false},
        {"x", {""}, "", false},
        {"", {}, "echo.example", false},
        {"192.0.2.7", {}, "192.0.2.7", true},
        {"192.0.2.7", {}, "192.0.2.8", false},
        {"x", {"192.0.2.7"}, "192.0.2.7", false},
        {"x", {"*.0.2.7"}, "192.0.2.7", false},
        {"*.0.2.7", {}, "192.0.2.7", false},
    };
    for (const HostCase& each : cases) {
        CertificateFacts leaf = certificate(each.common_name);
        leaf.dns_names = each.dns;
        EXPECT_EQ(host_matches(leaf, each.host, each.common_name_only), each.matches)
            << each.common_name << " for " << each.host;
    }
}

TEST(HostMatches, NulDoesNotEndAName) {
    CertificateFacts leaf = certificate("x");
    leaf.dns_names = {std::string("echo.example\0.evil", 18)};
    EXPECT_FALSE(host_matches(leaf, "echo.example", false));
    leaf.dns_names = {std::string("*.example\0", 10)};
    EXPECT_FALSE(host_matches(leaf, std::string("echo.example\0", 13), false));
}

TEST(HostMatches, Addresses) {
    CertificateFacts leaf = certificate("x");
    leaf.ip_addresses = {Bytes("\xC0\x00\x02\x07", 4), Bytes("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01", 16)};
    EXPECT_TRUE(host_matches(leaf, "192.0.2.7", false));
    EXPECT_FALSE(host_matches(leaf, "192.0.2.8", false));
    EXPECT_TRUE(host_matches(leaf, "2001:db8::1", false));
    EXPECT_TRUE(host_matches(leaf, "2001:0DB8:0::1", false));
    EXPECT_FALSE(host_matches(leaf, "2001:db8::2", false));
    EXPECT_FALSE(host_matches(leaf, "x", false)) << "the CN does not count where a subjectAltName is";
}

}  // namespace
}  // namespace atls::tls
