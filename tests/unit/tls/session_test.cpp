// Resumption and the key log.
#include <gtest/gtest.h>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::PeerContext;
using test::PeerOptions;
using test::Pki;

struct Kind {
    const char* name;
    bool tickets;
    Version version;
    int peer_version;
};

class Resumption : public ::testing::TestWithParam<Kind> {
protected:
    Resumption() {
        settings.datagram = options.datagram = GetParam().version >= Version::dtls1_0;
        settings.lowest = settings.highest = GetParam().version;
        settings.keep_session = true;
        options.lowest = options.highest = GetParam().peer_version;
        options.tickets = GetParam().tickets;
        options.session_ids = !GetParam().tickets;
        options.echo = true;
    }

    /// Connects, and keeps the session in `settings` for the next time.
    bool resumes(const PeerContext& server) {
        Link link(settings, server);
        link.settle();
        EXPECT_TRUE(link.open()) << link.client->failure().text;
        EXPECT_EQ(link.client->resumed(), link.peer.resumed());
        EXPECT_TRUE(link.client->write("hello"));
        link.settle();
        EXPECT_EQ(link.received, "hello");
        settings.resume = link.client->saved_session();
        EXPECT_NE(settings.resume, nullptr);
        link.client->close();
        link.settle();
        return link.client->resumed();
    }

    Settings settings = strict();
    PeerOptions options;
};

TEST_P(Resumption, LaterHandshakesAreShort) {
    const PeerContext server(options);
    EXPECT_FALSE(resumes(server));
    EXPECT_TRUE(resumes(server));
    EXPECT_TRUE(resumes(server));
}

TEST_P(Resumption, ForgottenByTheServer) {
    const PeerContext one(options);
    const PeerContext other(options);
    EXPECT_FALSE(resumes(one));
    EXPECT_FALSE(resumes(other));
}

TEST_P(Resumption, NotWithOtherCredentials) {
    const PeerContext server(options);
    EXPECT_FALSE(resumes(server));
    // The same files loaded again are the same credentials; other files are not.
    settings.credentials = strict().credentials;
    EXPECT_TRUE(resumes(server));
    settings.credentials = trust(Pki::get().roots() + Pki::get().stranger.certificate);
    EXPECT_FALSE(resumes(server));
}

TEST_P(Resumption, JudgesTheSavedChainAgain) {
    const PeerContext server(options);
    settings.policy.expected_host.clear();
    EXPECT_FALSE(resumes(server));
    EXPECT_TRUE(resumes(server));
    settings.policy.expected_host = "elsewhere.example";
    Link link(settings, server);
    link.settle();
    EXPECT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::host_mismatch);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Resumption,
                         ::testing::Values(Kind{"id_tls1_0", false, Version::tls1_0, TLS1_VERSION},
                                           Kind{"id_tls1_2", false, Version::tls1_2, TLS1_2_VERSION},
                                           Kind{"ticket_tls1_0", true, Version::tls1_0, TLS1_VERSION},
                                           Kind{"ticket_tls1_2", true, Version::tls1_2, TLS1_2_VERSION},
                                           Kind{"id_dtls1_2", false, Version::dtls1_2, DTLS1_2_VERSION},
                                           Kind{"ticket_dtls1_2", true, Version::dtls1_2, DTLS1_2_VERSION}),
                         [](const auto& each) { return each.param.name; });

TEST(Session, NotKeptUnlessAsked) {
    PeerOptions options;
    options.session_ids = true;
    Link link(strict(), options);
    link.settle();
    ASSERT_TRUE(link.open());
    EXPECT_EQ(link.client->saved_session(), nullptr);
}

TEST(Session, ResumeOfAnotherSuiteIsNotOffered) {
    PeerOptions options;
    options.session_ids = true;
    const PeerContext server(options);
    Settings settings = strict();
    settings.keep_session = true;
    settings.suites = {0xC02F};
    Link first(settings, server);
    first.settle();
    settings.resume = first.client->saved_session();
    ASSERT_NE(settings.resume, nullptr);
    first.client->close();
    first.settle();
    settings.suites = {0xC030};
    Link second(settings, server);
    second.settle();
    ASSERT_TRUE(second.open()) << second.client->failure().text;
    EXPECT_FALSE(second.client->resumed());
}

TEST(KeyLog, EqualsTheServers) {
    for (const Version version : {Version::tls1_0, Version::tls1_2, Version::dtls1_2}) {
        PeerOptions options;
        options.datagram = version == Version::dtls1_2;
        std::vector<std::string> lines;
        Settings settings = strict();
        settings.datagram = options.datagram;
        settings.lowest = settings.highest = version;
        settings.key_log = [&](std::string_view line) { lines.emplace_back(line); };
        Link link(settings, options);
        link.settle();
        ASSERT_TRUE(link.open()) << link.client->failure().text;
        ASSERT_EQ(lines.size(), 1U);
        ASSERT_EQ(link.peer.key_log().size(), 1U);
        // NSS's format; the case of its digits is free.
        EXPECT_TRUE(equal_ignoring_case(lines[0], link.peer.key_log()[0])) << lines[0] << "\n"
                                                                           << link.peer.key_log()[0];
        EXPECT_TRUE(lines[0].starts_with("CLIENT_RANDOM "));
    }
}

}  // namespace
}  // namespace atls::tls::testing
