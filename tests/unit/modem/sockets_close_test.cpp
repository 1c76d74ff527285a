// Ends: by the peer, by the host, by the network, by power.
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using testing::HasSubstr;

/// A server that does not close when the client does.
struct Stubborn final : test::FakeServer {
    void on_end(test::FakePeer&) override {}
};

struct Ends : Device {
    explicit Ends(Profile profile = test_profile()) : Device(std::move(profile)) {
        net.serve("stubborn.example", 9, Transport::tcp, [] { return std::make_unique<Stubborn>(); });
    }
    test::FakePeer& peer() const { return net.last_peer(); }
    Fault open_stubborn(int id) { return open(id, {.host = "stubborn.example", .port = 9}); }
};

TEST(PeerCloses, DataFirstThenTheEvent) {
    Ends ends;
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.peer().send("last words");
    ends.peer().close();
    ends.settle();
    ASSERT_EQ(ends.events.events.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<SocketReadable>(ends.events.events[0]));
    const auto* closed = std::get_if<SocketClosed>(&ends.events.events[1]);
    ASSERT_NE(closed, nullptr);
    EXPECT_FALSE(closed->by_context);
    EXPECT_EQ(ends.state(4), 4);
    EXPECT_EQ(ends.modem.sockets.cause(4), "closed by the peer");
    EXPECT_EQ(ends.send(4, "x"), "peer_closed");
    EXPECT_EQ(ends.modem.sockets.can_read(4), Fault::none);
    EXPECT_EQ(ends.modem.sockets.read(4, 100), "last words");
    EXPECT_EQ(ends.open(4), Fault::id_in_use);
    EXPECT_FALSE(ends.peer().ended()) << "our side closes when the host does";
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_TRUE(ends.peer().ended());
    EXPECT_EQ(ends.open(4), Fault::none);
}

TEST(PeerCloses, WhatWasSentStillGoesOut) {
    Ends ends;
    ASSERT_EQ(ends.open_stubborn(4), Fault::none);
    ends.peer().pause(true);
    std::string sent;
    while (ends.send(4, std::string(1000, 'x')) == "all") sent += std::string(1000, 'x');
    ends.peer().close();
    ends.settle();
    EXPECT_EQ(ends.state(4), 4);
    EXPECT_GT(ends.modem.sockets.sent(4).pending, 0U);
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 0U) << "waits for the rest to go";
    ends.peer().pause(false);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_TRUE(ends.peer().received() == sent);
}

TEST(PeerCloses, ResetIsLoggedWithItsCause) {
    Ends ends;
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.peer().send("data");
    ends.settle();
    ends.peer().reset();
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 1U);
    EXPECT_EQ(ends.state(4), 4);
    EXPECT_THAT(ends.modem.sockets.cause(4), HasSubstr("ECONNRESET"));
    EXPECT_EQ(ends.log.entries.back().level, Level::warning);
    EXPECT_EQ(ends.modem.sockets.read(4, 100), "data");
    EXPECT_EQ(ends.net.open_connections(), 0);
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
}

TEST(PeerCloses, ControlResetsIt) {
    Ends ends;
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.modem.sockets.reset_by_peer(4);
    ends.modem.sockets.reset_by_peer(5);
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 1U);
    EXPECT_EQ(ends.net.open_connections(), 0);
}

TEST(PeerCloses, SomeModulesFreeTheIdButKeepTheData) {
    Profile profile = test_profile();
    profile.keep_id_after_peer_close = false;
    Ends ends(profile);
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.peer().send("last words");
    ends.peer().close();
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 1U);
    EXPECT_FALSE(ends.modem.sockets.exists(4));
    EXPECT_TRUE(ends.modem.sockets.all().empty());
    EXPECT_EQ(ends.send(4, "x"), "not_allowed");
    EXPECT_EQ(ends.modem.sockets.can_read(4), Fault::none);
    EXPECT_EQ(ends.modem.sockets.read(4, 4), "last");
    EXPECT_EQ(ends.modem.sockets.readable(4), 6U);
    EXPECT_EQ(ends.modem.sockets.read(4, 100), " words");
    EXPECT_EQ(ends.modem.sockets.can_read(4), Fault::not_allowed) << "read empty: nothing is left of it";
    EXPECT_EQ(ends.open(4), Fault::none);
    ends.peer().send("unread");
    ends.peer().close();
    ends.settle();
    EXPECT_EQ(ends.open(4), Fault::none) << "reopened over what was left";
    EXPECT_EQ(ends.modem.sockets.readable(4), 0U);
    ends.peer().close();
    ends.settle();
    EXPECT_EQ(ends.modem.sockets.can_read(4), Fault::not_allowed);
    EXPECT_EQ(ends.net.open_connections(), 0);
}

TEST(HostCloses, WaitsForThePeer) {
    Ends ends;
    ends.net.set_latency(100ms);
    ends.begin(4);
    ends.pass(1s);
    ends.events.events.clear();
    ends.modem.sockets.close(4, 10s);
    EXPECT_EQ(ends.state(4), 4);
    EXPECT_EQ(ends.modem.sockets.can_send(4), Fault::not_allowed);
    ends.pass(199ms);
    EXPECT_TRUE(ends.events.events.empty());
    ends.pass(1ms);
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_TRUE(ends.events.events.empty()) << "no closed event for the host's own close";
    EXPECT_EQ(ends.state(4), -1);
    EXPECT_FALSE(ends.peer().was_reset());
}

TEST(HostCloses, ForcesItAtTheTimeout) {
    Ends ends;
    ASSERT_EQ(ends.open_stubborn(4), Fault::none);
    ends.modem.sockets.close(4, 10s);
    ends.pass(9s);
    EXPECT_TRUE(ends.peer().ended());
    EXPECT_EQ(ends.closed_here_events(), 0U);
    ends.pass(1s);
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_TRUE(ends.peer().was_reset());
    EXPECT_TRUE(ends.log.says("forced down"));
}

TEST(HostCloses, AtOnce) {
    Ends ends;
    ASSERT_EQ(ends.open_stubborn(4), Fault::none);
    EXPECT_EQ(ends.send(4, "goes out"), "all");
    ends.modem.sockets.close(4, 0s);
    EXPECT_TRUE(ends.events.events.empty()) << "from inside the call";
    EXPECT_EQ(ends.open(4), Fault::none) << "the id is free at once";
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_TRUE(ends.net.peers().front()->ended());
    EXPECT_FALSE(ends.net.peers().front()->was_reset());
    EXPECT_EQ(ends.net.peers().front()->received(), "goes out");
}

TEST(HostCloses, AtOnceWithDataUnsentIsAReset) {
    Ends ends;
    ASSERT_EQ(ends.open_stubborn(4), Fault::none);
    ends.peer().pause(true);
    while (ends.send(4, std::string(1000, 'x')) == "all") {
    }
    ends.modem.sockets.close(4, 0s);
    ends.settle();
    EXPECT_TRUE(ends.peer().was_reset());
    EXPECT_EQ(ends.closed_here_events(), 1U);
}

TEST(HostCloses, DrainsWhatThePeerStillSends) {
    Ends ends;
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.peer().send(std::string(500000, 'x'));
    ends.settle();
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U) << "else a talkative peer would always run into the timeout";
    EXPECT_EQ(ends.peer().unsent(), 0U);
}

TEST(HostCloses, UnknownId) {
    Ends ends;
    ends.modem.sockets.close(4, 10s);
    EXPECT_TRUE(ends.events.events.empty());
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
}

TEST(HostCloses, WhileOpeningAbandonsIt) {
    Ends ends;
    ends.net.set_latency(100ms);
    for (const auto when : {0ms, 250ms}) {
        ends.begin(4);
        ends.pass(when);
        ends.modem.sockets.close(4, 10s);
        ends.pass(10s);
        EXPECT_EQ(ends.closed_here_events(), 1U);
        EXPECT_TRUE(ends.events.events.empty()) << "no SocketOpened";
        EXPECT_EQ(ends.net.open_connections(), 0);
    }
}

TEST(HostCloses, APortThatWaitsForATransparentOpenIsTold) {
    Ends ends;
    ends.net.set_latency(100ms);
    ends.begin(4, {.mode = AccessMode::transparent, .owner = 2});
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    const auto opened = ends.events.take<SocketOpened>();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened[0].fault, Fault::cancelled);
    EXPECT_EQ(opened[0].port, 2);
}

TEST(HostCloses, OpenedButNotYetAnnounced) {
    Ends ends;
    ends.begin(4, {.context = 2});  // fails at once, the event is on its way
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_TRUE(ends.events.take<SocketOpened>().empty());
    EXPECT_EQ(ends.closed_here_events(), 1U);
}

TEST(HostCloses, Udp) {
    Ends ends;
    ASSERT_EQ(ends.open(4, {.kind = SocketKind::udp}), Fault::none);
    ends.modem.sockets.close(4, 10s);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_EQ(ends.net.open_connections(), 0);
}

TEST(HostCloses, FromInsideTheClosedEvent) {
    Ends ends;
    ASSERT_EQ(ends.open(4), Fault::none);
    ends.events.react = [&](const Event& event) {
        if (std::holds_alternative<SocketClosed>(event)) ends.modem.sockets.close(4, 0s);
    };
    ends.peer().close();
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_FALSE(ends.modem.sockets.exists(4));
}

TEST(ContextGoes, LostClosesItsSocketsOnly) {
    Ends ends;
    ends.modem.contexts.activate(2);
    ends.settle();
    ends.events.events.clear();
    ASSERT_EQ(ends.open(1), Fault::none);
    ASSERT_EQ(ends.open(2, {.context = 2}), Fault::none);
    ends.net.last_peer().send("late");
    ends.settle();
    ends.modem.contexts.lose(2);
    ends.settle();
    const auto closed = ends.events.take<SocketClosed>();
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].id, 2);
    EXPECT_TRUE(closed[0].by_context);
    EXPECT_EQ(ends.state(1), 2);
    EXPECT_EQ(ends.state(2), 4);
    EXPECT_EQ(ends.modem.sockets.read(2, 10), "late");
    EXPECT_EQ(ends.modem.sockets.cause(2), "PDP context 2 was lost");
    ends.modem.contexts.lose(2);
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 0U);
}

TEST(ContextGoes, LostWhileOpeningAndClosing) {
    Ends ends;
    ASSERT_EQ(ends.open_stubborn(1), Fault::none);
    ends.modem.sockets.close(1, 10s);
    ends.net.set_latency(100ms);
    ends.begin(2);
    ends.settle();
    ends.modem.contexts.lose(1);
    ends.settle();
    EXPECT_EQ(ends.closed_here_events(), 1U);
    EXPECT_EQ(ends.events.take<SocketOpened>().at(0).fault, Fault::context_lost);
    EXPECT_EQ(ends.closed_events(), 0U);
    EXPECT_EQ(ends.state(2), 4);
}

TEST(ContextGoes, SomeModulesFreeTheId) {
    Profile profile = test_profile();
    profile.keep_id_after_peer_close = false;
    Ends ends(profile);
    ASSERT_EQ(ends.open(1), Fault::none);
    ends.modem.contexts.lose(1);
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 1U);
    EXPECT_FALSE(ends.modem.sockets.exists(1));
}

TEST(ContextGoes, DeactivatedByTheHostIsSilent) {
    Ends ends;
    ASSERT_EQ(ends.open(1), Fault::none);
    ASSERT_EQ(ends.open_stubborn(2), Fault::none);
    ends.modem.sockets.close(2, 10s);
    ends.net.set_latency(100ms);
    ends.begin(3);
    ends.begin(4, {.mode = AccessMode::transparent});
    ends.modem.contexts.deactivate(1);
    ends.settle();
    EXPECT_EQ(ends.closed_events(), 0U);
    EXPECT_EQ(ends.closed_here_events(), 1U) << "the close that waited is complete";
    const auto opened = ends.events.take<SocketOpened>();
    ASSERT_EQ(opened.size(), 1U) << "only the port that waits is told";
    EXPECT_EQ(opened[0].id, 4);
    EXPECT_EQ(opened[0].fault, Fault::cancelled);
    EXPECT_TRUE(std::holds_alternative<ContextDeactivated>(ends.events.events.back()));
    EXPECT_TRUE(ends.modem.sockets.all().empty());
    EXPECT_EQ(ends.net.open_connections(), 0);
}

TEST(PowerGoes, Silently) {
    Ends ends;
    ASSERT_EQ(ends.open(1), Fault::none);
    ends.begin(2);
    ends.peer().send("x");
    ends.modem.sockets.drop_all();
    ends.pass(1h);
    EXPECT_TRUE(ends.events.events.empty());
    EXPECT_EQ(ends.net.open_connections(), 0);
}

}  // namespace
}  // namespace atls::modem
