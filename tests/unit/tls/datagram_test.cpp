// DTLS: datagrams lost, doubled, late, foreign.
#include <gtest/gtest.h>

#include <array>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::PeerOptions;
using test::Pki;

Settings datagram_settings() {
    Settings settings = strict();
    settings.datagram = true;
    settings.lowest = Version::dtls1_0;
    settings.highest = Version::dtls1_2;
    return settings;
}

PeerOptions datagram_options() {
    PeerOptions options;
    options.datagram = true;
    options.quick_retransmission = true;
    options.echo = true;
    options.identity = &Pki::get().by_intermediate;
    return options;
}

/// Settles; where nothing moves and nothing is done, time passes for both.
void settle_with_time(Link& link) {
    for (int i = 0; i < 12 && !link.open() && link.client->state() != State::failed; ++i) {
        link.settle();
        if (link.open()) return;
        link.pass_time();
        if (!link.peer.handshake_done()) link.peer.retransmit();
    }
}

TEST(Datagram, ChoosesTheNewest) {
    Link link(datagram_settings(), datagram_options());
    link.settle();
    ASSERT_TRUE(link.open()) << link.client->failure().text;
    EXPECT_EQ(link.client->version(), Version::dtls1_2);
    EXPECT_EQ(link.client->next_deadline(), std::nullopt);
}

TEST(Datagram, AnyOneLostIsSentAgain) {
    int total = 0;
    {
        Link link(datagram_settings(), datagram_options());
        link.lose = [](int) { return false; };
        link.settle();
        ASSERT_TRUE(link.open());
        total = link.datagrams;
    }
    ASSERT_GE(total, 5);
    for (int lost = 0; lost < total; ++lost) {
        Link link(datagram_settings(), datagram_options());
        link.lose = [&](int number) { return number == lost; };
        settle_with_time(link);
        ASSERT_TRUE(link.open()) << lost << ": " << link.client->failure().text << " / " << link.peer.failure();
        // Signatures differ in length, so this handshake may have taken fewer datagrams than the one counted.
        link.lose = [](int) { return false; };
        link.received.clear();
        ASSERT_TRUE(link.client->write("hello"));
        link.settle();
        EXPECT_EQ(link.received, "hello") << lost;
    }
}

TEST(Datagram, DeadlinesDouble) {
    auto client = make(datagram_settings());
    ASSERT_TRUE(client->next_deadline().has_value());
    Time previous{};
    const Bytes hello(client->output());
    client->output_sent(hello.size());
    EXPECT_TRUE(client->output().empty());
    for (const int expected : {1, 2, 4, 8, 16, 32}) {
        const Time due = client->next_deadline().value();
        EXPECT_EQ(due - previous, std::chrono::seconds(expected));
        client->expire(due - Duration(1));
        EXPECT_TRUE(client->output().empty()) << "not yet";
        client->expire(due);
        const Bytes again(client->output());
        EXPECT_FALSE(again.empty());
        client->output_sent(1);
        EXPECT_TRUE(client->output().empty()) << "a datagram goes out whole";
        previous = due;
    }
}

TEST(Datagram, ApplicationDatagramsStayWhole) {
    PeerOptions options = datagram_options();
    options.echo = false;
    Link link(datagram_settings(), options);
    link.settle();
    ASSERT_TRUE(link.client->write(Bytes(1460, 'a')));
    ASSERT_TRUE(link.client->write("b"));
    EXPECT_GT(link.client->output().size(), 1460U);
    const std::size_t both = link.client->output_size();
    const std::size_t first = link.client->output().size();
    link.client->output_sent(first);
    EXPECT_EQ(link.client->output_size(), both - first);
    EXPECT_EQ(link.client->output().size(), both - first);
}

TEST(Datagram, GarbageIsDropped) {
    Link link(datagram_settings(), datagram_options());
    const Bytes garbage[] = {"x", Bytes(13, '\0'), Bytes(2000, '\xFF')};
    for (const Bytes& datagram : garbage) EXPECT_EQ(link.client->feed(datagram, link.now), datagram.size());
    settle_with_time(link);
    ASSERT_TRUE(link.open()) << link.client->failure().text;
    for (const Bytes& datagram : garbage) link.client->feed(datagram, link.now);
    link.client->feed(Bytes("\x16\xFE\xFD\0\0\0\0\0\0\0\0\0\x05hello", 18), link.now);
    ASSERT_TRUE(link.client->write("hello"));
    link.settle();
    EXPECT_EQ(link.received, "hello");
}

TEST(Datagram, ReplaysAndForgeriesAreDropped) {
    PeerOptions options = datagram_options();
    Link link(datagram_settings(), options);
    link.settle();
    link.peer.write("once");
    const Bytes datagram = link.peer.take_output();
    Bytes forged = datagram;
    forged.back() = static_cast<char>(forged.back() ^ 1);
    std::array<char, 100> many{};
    link.client->feed(forged, link.now);
    EXPECT_EQ(link.client->read(many, link.now), 0U);
    link.client->feed(datagram, link.now);
    EXPECT_EQ(link.client->read(many, link.now), 4U);
    link.client->feed(datagram, link.now);
    EXPECT_EQ(link.client->read(many, link.now), 0U);
    EXPECT_EQ(link.client->state(), State::open);
}

TEST(Datagram, TwoRecordsInOneDatagram) {
    Link link(datagram_settings(), datagram_options());
    link.settle();
    link.peer.write("one");
    link.peer.write("two");
    Bytes both = link.peer.take_output();
    both += link.peer.take_output();
    EXPECT_EQ(link.client->feed(both, link.now), both.size());
    std::array<char, 100> many{};
    EXPECT_EQ(link.client->read(many, link.now), 3U);
    EXPECT_EQ(BytesView(many.data(), 3), "one");
    EXPECT_EQ(link.client->read(many, link.now), 3U);
    EXPECT_EQ(BytesView(many.data(), 3), "two");
}

TEST(Datagram, BadCertificateIsFatal) {
    PeerOptions options = datagram_options();
    options.identity = &Pki::get().expired;
    Link link(datagram_settings(), options);
    link.settle();
    EXPECT_EQ(link.client->state(), State::failed);
    EXPECT_EQ(link.client->failure().cause, Cause::expired);
    EXPECT_EQ(link.peer.alert_received(), 45);
    EXPECT_EQ(link.client->next_deadline(), std::nullopt);
}

TEST(Datagram, CloseNotify) {
    Link link(datagram_settings(), datagram_options());
    link.settle();
    link.peer.close();
    link.settle();
    EXPECT_EQ(link.client->state(), State::peer_closed);
}

}  // namespace
}  // namespace atls::tls::testing
