// Records as servers really send them: small, cut, late, wrong.
#include <gtest/gtest.h>

#include <array>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::PeerOptions;
using test::Pki;

/// Cuts each plaintext handshake record into records of at most `most` octets: more than any server library would do.
class Shredder {
public:
    explicit Shredder(std::size_t most) : most_(most) {}

    Bytes shred(BytesView records) {
        Bytes out;
        while (records.size() >= 5) {
            const std::size_t size =
                static_cast<unsigned char>(records[3]) * 256U + static_cast<unsigned char>(records[4]);
            const BytesView body = records.substr(5, size);
            if (records[0] == 20) encrypted_ = true;
            if (records[0] != 22 || encrypted_) {
                out.append(records.substr(0, 5 + size));
            } else {
                for (std::size_t at = 0; at < size; at += most_) {
                    const BytesView piece = body.substr(at, most_);
                    out.append(records.substr(0, 3));
                    out.push_back(static_cast<char>(piece.size() >> 8));
                    out.push_back(static_cast<char>(piece.size() & 0xFF));
                    out.append(piece);
                }
            }
            records.remove_prefix(5 + size);
        }
        return out;
    }

private:
    std::size_t most_;
    bool encrypted_ = false;
};

class Fragmented : public ::testing::TestWithParam<std::pair<Version, int>> {};

TEST_P(Fragmented, SmallRecordsOfOpenSsl) {
    PeerOptions options;
    options.identity = &Pki::get().by_intermediate;
    options.lowest = options.highest = GetParam().second;
    options.max_fragment = 512;
    options.echo = true;
    for (const std::size_t chunk : {0U, 1U, 7U}) {
        Link link(strict(), options);
        link.chunk = chunk;
        link.settle();
        ASSERT_TRUE(link.open()) << link.client->failure().text;
        ASSERT_TRUE(link.client->write(Bytes(3000, 'x')));
        link.settle();
        EXPECT_EQ(link.received, Bytes(3000, 'x'));
    }
}

TEST_P(Fragmented, RecordsOfAFewOctets) {
    for (const std::size_t most : {1U, 2U, 3U, 5U, 100U, 511U}) {
        for (const std::size_t chunk : {1U, 1000000U}) {
            PeerOptions options;
            options.identity = &Pki::get().by_intermediate;
            options.lowest = options.highest = GetParam().second;
            options.demand_client_certificate = true;
            Settings settings = strict();
            settings.credentials = trust_and_own(Pki::get().client.certificate, Pki::get().client.key);
            auto client = make(settings);
            test::TlsPeer peer(options);
            Shredder shredder(most);
            for (int round = 0; round < 4; ++round) {
                const Bytes out(client->output());
                client->output_sent(out.size());
                if (!out.empty()) peer.feed(out);
                const Bytes in = shredder.shred(peer.take_output());
                for (std::size_t at = 0; at < in.size(); at += chunk) {
                    const BytesView piece = BytesView(in).substr(at, chunk);
                    ASSERT_EQ(client->feed(piece, Time{}), piece.size()) << client->failure().text;
                }
            }
            EXPECT_EQ(client->state(), State::open) << client->failure().text;
            EXPECT_TRUE(peer.handshake_done()) << peer.failure();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Versions, Fragmented,
                         ::testing::Values(std::pair{Version::tls1_0, TLS1_VERSION},
                                           std::pair{Version::tls1_1, TLS1_1_VERSION},
                                           std::pair{Version::tls1_2, TLS1_2_VERSION}));

TEST(Stream, ReadingPacesFeeding) {
    Link link(strict(), PeerOptions{});
    link.settle();
    link.peer.write("first");
    link.peer.write("second");
    const Bytes records = link.peer.take_output();
    const std::size_t taken = link.client->feed(records, link.now);
    ASSERT_LT(taken, records.size()) << "the second record waits for the first to be read";
    EXPECT_EQ(link.client->feed(BytesView(records).substr(taken), link.now), 0U);
    std::array<char, 3> few{};
    EXPECT_EQ(link.client->read(few, link.now), 3U);
    EXPECT_EQ(link.client->feed(BytesView(records).substr(taken), link.now), 0U) << "two octets are still there";
    std::array<char, 100> many{};
    EXPECT_EQ(link.client->read(many, link.now), 2U);
    EXPECT_EQ(link.client->read(many, link.now), 0U);
    EXPECT_EQ(link.client->feed(BytesView(records).substr(taken), link.now), records.size() - taken);
    EXPECT_EQ(link.client->read(many, link.now), 6U);
    EXPECT_EQ(BytesView(many.data(), 6), "second");
}

TEST(Stream, CloseNotifyAfterData) {
    Link link(strict(), PeerOptions{});
    link.settle();
    link.peer.write("last words");
    link.peer.close();
    link.settle();
    EXPECT_EQ(link.received, "last words");
    EXPECT_EQ(link.client->state(), State::peer_closed);
    EXPECT_EQ(link.client->failure().cause, Cause::closed_by_peer);
    EXPECT_FALSE(link.client->write("too late"));
    link.client->feed_end(link.now);
    EXPECT_EQ(link.client->failure().cause, Cause::closed_by_peer) << "the FIN after it is no truncation";
}

TEST(Stream, TruncationKeepsWhatWasDecrypted) {
    Link link(strict(), PeerOptions{});
    link.settle();
    link.peer.write("data");
    const Bytes record = link.peer.take_output();
    EXPECT_EQ(link.client->feed(record, link.now), record.size());
    link.client->feed_end(link.now);
    EXPECT_EQ(link.client->state(), State::peer_closed);
    EXPECT_EQ(link.client->failure().cause, Cause::truncated);
    EXPECT_EQ(link.client->failure().text, "the peer ended the transport without close_notify");
    std::array<char, 100> many{};
    EXPECT_EQ(link.client->read(many, link.now), 4U);
}

TEST(Stream, TruncationInARecord) {
    Link link(strict(), PeerOptions{});
    link.settle();
    link.peer.write("data");
    Bytes record = link.peer.take_output();
    record.pop_back();
    EXPECT_EQ(link.client->feed(record, link.now), record.size());
    link.client->feed_end(link.now);
    EXPECT_EQ(link.client->failure().text, "the peer ended the transport in the middle of a record");
}

TEST(Stream, TruncationOfTheHandshakeAnywhere) {
    test::TlsPeer peer{PeerOptions{}};
    auto first = make(strict());
    peer.feed(first->output());
    const Bytes flight = peer.take_output();
    for (std::size_t size = 0; size < flight.size(); ++size) {
        auto client = make(strict());
        client->feed(BytesView(flight).substr(0, size), Time{});
        client->feed_end(Time{});
        ASSERT_EQ(client->state(), State::failed);
        ASSERT_EQ(client->failure().cause, Cause::truncated) << size << " " << client->failure().text;
    }
}

TEST(Stream, EveryFlippedBitOfAServersFlightIsHandled) {
    test::TlsPeer peer{PeerOptions{}};
    auto first = make(strict());
    peer.feed(first->output());
    const Bytes flight = peer.take_output();
    for (std::size_t at = 0; at < flight.size(); ++at) {
        Bytes bad = flight;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
        auto client = make(strict());
        client->feed(bad, Time{});
        EXPECT_NE(client->state(), State::open);
        if (client->state() == State::failed) {
            EXPECT_FALSE(client->failure().text.empty());
        }
    }
}

TEST(Stream, NotTls) {
    auto client = make(strict());
    client->feed("HTTP/1.1 400 Bad Request\r\n", Time{});
    EXPECT_EQ(client->state(), State::failed);
    EXPECT_EQ(client->failure().cause, Cause::protocol_error);
    EXPECT_EQ(client->failure().text, "the peer does not speak TLS, it answered: HTTP/1.1 400 Bad Request\\x0D\\x0A");
}

TEST(Stream, AForgedRecordEndsTheConnection) {
    Link link(strict(), PeerOptions{});
    link.settle();
    link.peer.write("data");
    Bytes record = link.peer.take_output();
    record.back() = static_cast<char>(record.back() ^ 1);
    link.client->feed(record, link.now);
    EXPECT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::protocol_error);
    EXPECT_FALSE(link.client->write("x"));
    link.settle();
    EXPECT_EQ(link.peer.alert_received(), 20) << "bad_record_mac";
}

TEST(Stream, NoCommonSuite) {
    PeerOptions options;
    options.ciphers = "AES256-GCM-SHA384:@SECLEVEL=0";
    Settings settings = strict();
    settings.suites = {0xC02F};
    Link link(settings, options);
    link.settle();
    EXPECT_EQ(link.client->failure().cause, Cause::no_common_parameters);
    EXPECT_EQ(link.client->failure().alert, 40);
    EXPECT_EQ(link.client->failure().text,
              "the server sent alert handshake_failure (40): it accepts none of what was offered (TLS 1.0 to TLS 1.2, "
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (C02F))");
}

TEST(Stream, NoCommonVersion) {
    PeerOptions options;
    options.lowest = TLS1_2_VERSION;
    Settings settings = strict();
    settings.highest = Version::tls1_1;
    Link low(settings, options);
    low.settle();
    EXPECT_EQ(low.client->failure().cause, Cause::no_common_parameters);
    EXPECT_EQ(low.client->failure().alert, 70);

    options.lowest = 0;
    options.highest = TLS1_VERSION;
    settings.lowest = settings.highest = Version::tls1_2;
    Link high(settings, options);
    high.settle();
    EXPECT_EQ(high.client->failure().cause, Cause::no_common_parameters) << high.client->failure().text;
}

TEST(Stream, ServersMayChooseBelowTheHighest) {
    PeerOptions options;
    options.highest = TLS1_VERSION;
    Link link(strict(), options);
    link.settle();
    ASSERT_TRUE(link.open());
    EXPECT_EQ(link.client->version(), Version::tls1_0);
}

TEST(Stream, RenegotiationIsFollowedIfAsked) {
    for (const bool follows : {true, false}) {
        PeerOptions options;
        options.renegotiation = true;
        options.echo = true;
        Settings settings = strict();
        settings.renegotiation = follows;
        Link link(settings, options);
        link.settle();
        ASSERT_TRUE(link.open());
        link.peer.renegotiate();
        // The HelloRequest arrives, its answer is still under way: what is written now must not be lost.
        const Bytes request = link.peer.take_output();
        EXPECT_EQ(link.client->feed(request, link.now), request.size());
        ASSERT_EQ(link.client->state(), State::open);
        ASSERT_TRUE(link.client->write("between"));
        EXPECT_GE(link.client->output_size(), 7U);
        link.settle();
        if (follows) {
            EXPECT_TRUE(link.open()) << link.client->failure().text << link.peer.failure();
            EXPECT_EQ(link.received, "between");
        } else {
            EXPECT_TRUE(link.peer.failed()) << "OpenSSL drops who refuses";
        }
    }
}

TEST(Stream, TrimmedConnectionsGoOn) {
    PeerOptions options;
    options.echo = true;
    Link link(strict(), options);
    link.settle();
    for (int i = 0; i < 3; ++i) {
        link.client->trim();
        ASSERT_TRUE(link.client->write(Bytes(20000, 'y')));
        link.settle();
        EXPECT_EQ(link.received, Bytes(20000, 'y'));
        link.received.clear();
    }
    // With half a record inside, trimming must not lose it.
    link.peer.write("halves");
    const Bytes record = link.peer.take_output();
    EXPECT_EQ(link.client->feed(BytesView(record).substr(0, 9), link.now), 9U);
    link.client->trim();
    link.client->feed(BytesView(record).substr(9), link.now);
    link.client->trim();
    std::array<char, 10> few{};
    EXPECT_EQ(link.client->read(few, link.now), 6U);
    EXPECT_EQ(BytesView(few.data(), 6), "halves");
}

}  // namespace
}  // namespace atls::tls::testing
