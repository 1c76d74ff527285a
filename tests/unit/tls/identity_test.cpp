// The modem's own certificate, key and PSK.
#include <gtest/gtest.h>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::Pair;
using test::PeerOptions;
using test::Pki;

PeerOptions demanding(int version = TLS1_2_VERSION) {
    PeerOptions options;
    options.demand_client_certificate = true;
    options.lowest = options.highest = version;
    return options;
}

TEST(ClientCertificate, EveryFormOfKeyEveryVersion) {
    for (const Pair* own : {&Pki::get().client, &Pki::get().ec_client}) {
        for (const Bytes& certificate : {own->certificate, own->certificate_der}) {
            for (const Bytes& key : {own->key, own->key_traditional, own->key_der, own->key_pkcs8_der}) {
                Settings settings = strict();
                settings.credentials = trust_and_own(certificate, key);
                Link link(settings, demanding());
                link.settle();
                ASSERT_TRUE(link.open()) << link.client->failure().text << " / " << link.peer.failure();
                EXPECT_EQ(link.peer.client_subject(), "modem");
            }
        }
        for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
            Settings settings = strict();
            settings.credentials = trust_and_own(own->certificate, own->key);
            Link link(settings, demanding(version));
            link.settle();
            EXPECT_TRUE(link.open()) << link.client->failure().text << " / " << link.peer.failure();
        }
    }
}

TEST(ClientCertificate, WantedAndNotThere) {
    Link link(strict(), demanding());
    link.settle();
    ASSERT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::own_certificate_wanted);
    EXPECT_EQ(link.client->failure().alert, 40);
    EXPECT_EQ(link.client->failure().text,
              "the server sent alert handshake_failure (40) after asking for a client certificate; none is set");
}

TEST(ClientCertificate, DemandedByTheSecurityLevel) {
    Settings settings = strict();
    settings.own_certificate_demanded = true;
    Link link(settings, demanding());
    link.settle();
    ASSERT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::own_certificate_wanted);
    EXPECT_EQ(link.client->failure().text,
              "the server asks for a client certificate, none is set; sent alert handshake_failure (40)");
    EXPECT_EQ(link.peer.alert_received(), 40);
    // A server that does not ask is no fault.
    Link other(settings, PeerOptions{});
    other.settle();
    EXPECT_TRUE(other.open());
}

TEST(ClientCertificate, RefusedByTheServer) {
    const Pair& stranger = Pki::get().self_signed;
    Settings settings = strict();
    settings.credentials = trust_and_own(stranger.certificate, stranger.key);
    Link link(settings, demanding());
    link.settle();
    ASSERT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::alert_received);
    EXPECT_EQ(link.client->failure().alert, 48);
    EXPECT_EQ(link.client->failure().text,
              "the server sent alert unknown_ca (48) while waiting for the server's Finished");
}

Cause loading(const CredentialFiles& files) {
    const auto loaded = load_credentials(files);
    return loaded.ok() ? Cause::none : loaded.error().cause;
}

TEST(Credentials, FaultsAreFoundWhenLoading) {
    const Pki& pki = Pki::get();
    EXPECT_EQ(loading({}), Cause::none);
    EXPECT_EQ(loading({.trusted = pki.roots()}), Cause::none);
    EXPECT_EQ(loading({.trusted = pki.root.certificate_der}), Cause::none);
    EXPECT_EQ(loading({.trusted = "hello"}), Cause::trusted_unreadable);
    EXPECT_EQ(loading({.more_trusted = pki.root.key}), Cause::trusted_unreadable);
    EXPECT_EQ(loading({.own_certificate = "x", .own_key = pki.client.key}), Cause::own_certificate_unreadable);
    EXPECT_EQ(loading({.own_certificate = pki.client.certificate, .own_key = "x"}), Cause::own_key_unreadable);
    EXPECT_EQ(loading({.own_certificate = pki.client.certificate}), Cause::own_key_unreadable);
    EXPECT_EQ(loading({.own_key = pki.client.key}), Cause::own_certificate_unreadable);
    EXPECT_EQ(loading({.own_certificate = pki.client.certificate, .own_key = pki.root.key}), Cause::own_key_mismatch);
    EXPECT_EQ(loading({.own_certificate = pki.client.certificate, .own_key = pki.ec_client.key}),
              Cause::own_key_mismatch);
    EXPECT_EQ(loading({.own_certificate = pki.ec_client.certificate, .own_key = pki.ec_server.key}),
              Cause::own_key_mismatch);
    const auto text = load_credentials({.own_certificate = pki.client.certificate, .own_key = "x"}).error().text;
    EXPECT_NE(text.find("the client key"), std::string::npos) << text;
}

TEST(Credentials, EveryCutOfAFileIsRefused) {
    const Pki& pki = Pki::get();
    for (const Bytes* file : {&pki.ec_client.certificate, &pki.ec_client.certificate_der}) {
        for (std::size_t size = 0; size < file->size(); ++size) {
            EXPECT_EQ(loading({.own_certificate = file->substr(0, size), .own_key = pki.ec_client.key}) == Cause::none,
                      size + 1 == file->size() && file == &pki.ec_client.certificate)
                << size;
        }
    }
}

Settings with_psk(const std::string& identity, const Bytes& key) {
    Settings settings = usual();
    settings.suites = {0x00AE, 0x008C};
    settings.psk = Psk{identity, key};
    return settings;
}

PeerOptions psk_server() {
    PeerOptions options;
    options.psk_identity = "modem";
    options.psk_key = Bytes("\x00\x01\x02\xFF", 4);
    return options;
}

TEST(PreSharedKey, Agrees) {
    Link link(with_psk("modem", Bytes("\x00\x01\x02\xFF", 4)), psk_server());
    link.settle();
    EXPECT_TRUE(link.open()) << link.client->failure().text;
}

TEST(PreSharedKey, WrongIdentityOrKeyIsTheServersAlert) {
    Link stranger(with_psk("who", Bytes("\x00\x01\x02\xFF", 4)), psk_server());
    stranger.settle();
    EXPECT_EQ(stranger.client->failure().cause, Cause::alert_received);
    EXPECT_EQ(stranger.client->failure().alert, 115) << stranger.client->failure().text;
    Link wrong(with_psk("modem", "other"), psk_server());
    wrong.settle();
    EXPECT_EQ(wrong.client->failure().cause, Cause::alert_received);
    EXPECT_FALSE(wrong.peer.handshake_done());
}

TEST(PreSharedKey, SuitesWithoutAKeyAreNotOffered) {
    Settings settings = with_psk("modem", "key");
    settings.psk.reset();
    const auto made = Client::create(settings, Time{}, [] { return module_clock; });
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().cause, Cause::no_common_parameters);
    EXPECT_EQ(
        made.error().text,
        "no configured cipher suite (TLS_PSK_WITH_AES_128_CBC_SHA256 (00AE), …) can be used with TLS 1.0 to TLS 1.2 "
        "without a PSK");
}

TEST(PreSharedKey, EmptyIsMalformed) {
    const auto made = Client::create(with_psk("modem", ""), Time{}, [] { return module_clock; });
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().cause, Cause::psk_malformed);
}

}  // namespace
}  // namespace atls::tls::testing
