// Open sockets: receiving, sending, full buffers both ways, access modes.
#include "modem/socket.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

constexpr std::size_t buffer = 10240;

/// A server that only takes; the test speaks for it.
struct Silent final : test::FakeServer {};

struct Talk : Device {
    Talk() {
        net.serve("quiet.example", 9, Transport::tcp, [] { return std::make_unique<Silent>(); });
        net.serve("quiet.example", 9, Transport::udp, [] { return std::make_unique<Silent>(); });
    }
    test::FakePeer& peer() const { return net.last_peer(); }
    Fault open_quiet(int id, AccessMode mode = AccessMode::buffer, SocketKind kind = SocketKind::tcp) {
        return open(id, {.kind = kind, .host = "quiet.example", .port = 9, .mode = mode});
    }
    void peer_says(BytesView octets) {
        peer().send(octets);
        settle();
    }
    Bytes read(int id, std::size_t most = 1500) {
        Bytes octets = modem.sockets.read(id, most);
        settle();
        return octets;
    }
};

std::string pattern(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text.push_back(static_cast<char>('a' + i * 7 % 26));
    return text;
}

TEST(SocketReceive, AnnouncedOnceUntilReadEmpty) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    talk.peer_says("hello");
    const auto readable = talk.events.take<SocketReadable>();
    ASSERT_EQ(readable.size(), 1U);
    EXPECT_EQ(readable[0].id, 4);
    EXPECT_EQ(readable[0].mode, AccessMode::buffer);
    talk.peer_says(" world");
    EXPECT_EQ(talk.readable_events(), 0U);
    EXPECT_EQ(talk.modem.sockets.readable(4), 11U);
    EXPECT_EQ(talk.read(4, 5), "hello");
    talk.peer_says("!");
    EXPECT_EQ(talk.readable_events(), 0U) << "not read empty";
    EXPECT_EQ(talk.read(4), " world!");
    EXPECT_EQ(talk.read(4), "");
    talk.peer_says("again");
    EXPECT_EQ(talk.readable_events(), 1U);
    const ReceiveCount count = talk.modem.sockets.received(4);
    EXPECT_EQ(count.total, 17U);
    EXPECT_EQ(count.read, 12U);
    EXPECT_EQ(count.unread, 5U);
}

TEST(SocketReceive, ReadBeforeTheEventGoesOutIsNotAnnounced) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    bool once = true;
    talk.events.react = [&](const Event&) {
        if (std::exchange(once, false)) talk.modem.sockets.read(4, 100);
    };
    talk.peer().send("data");
    talk.modem.contexts.deactivate(9);  // its event goes out between arrival and announcement
    talk.settle();
    EXPECT_LE(talk.readable_events(), 1U);
    talk.peer_says("more");
    EXPECT_EQ(talk.modem.sockets.readable(4), 4U);
    EXPECT_EQ(talk.readable_events(), 1U);
}

TEST(SocketReceive, FullBufferStopsThePeerAndLosesNothing) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    const std::string sent = pattern(200000);
    talk.peer_says(sent);
    EXPECT_EQ(talk.modem.sockets.readable(4), buffer);
    EXPECT_EQ(talk.peer().unsent(), sent.size() - buffer - 16384) << "a buffer here, a window on the way";
    std::string got;
    for (Bytes piece = talk.read(4); !piece.empty(); piece = talk.read(4)) {
        got += piece;
        EXPECT_LE(talk.modem.sockets.readable(4), buffer);
    }
    EXPECT_TRUE(got == sent);
    EXPECT_EQ(talk.peer().unsent(), 0U);
}

TEST(SocketReceive, CloseBehindAFullBufferComesLast) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    const std::string sent = pattern(3 * buffer);
    talk.peer().send(sent);
    talk.peer().close();
    talk.settle();
    EXPECT_EQ(talk.closed_events(), 0U);
    EXPECT_EQ(talk.state(4), 2);
    std::string got;
    while (talk.closed_events() == 0 && got.size() < sent.size()) got += talk.read(4);
    EXPECT_EQ(talk.state(4), 4);
    EXPECT_GT(talk.modem.sockets.readable(4), 0U) << "all of it was taken in, not all of it read";
    for (Bytes piece = talk.read(4); !piece.empty(); piece = talk.read(4)) got += piece;
    EXPECT_TRUE(got == sent);
}

TEST(SocketReceive, PushAnnouncesWhatIsThereToPull) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::push), Fault::none);
    for (int i = 0; i < 3; ++i) {
        talk.peer_says("abc");
        const auto readable = talk.events.take<SocketReadable>();
        ASSERT_EQ(readable.size(), 1U);
        EXPECT_EQ(readable[0].mode, AccessMode::push);
        EXPECT_EQ(talk.modem.sockets.can_read(4), Fault::not_allowed);
        EXPECT_EQ(talk.read(4), "abc");
    }
}

TEST(SocketReceive, PullingFromInsideTheEvent) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::transparent), Fault::none);
    std::string got;
    talk.events.react = [&](const Event& event) {
        if (!std::holds_alternative<SocketReadable>(event)) return;
        for (Bytes piece = talk.modem.sockets.read(4, 700); !piece.empty(); piece = talk.modem.sockets.read(4, 700)) {
            got += piece;
        }
    };
    const std::string sent = pattern(100000);
    talk.peer_says(sent);
    EXPECT_TRUE(got == sent);
}

TEST(SocketReceive, DatagramsStayApart) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::buffer, SocketKind::udp), Fault::none);
    talk.peer_says("one");
    talk.peer_says("two!");
    EXPECT_EQ(talk.readable_events(), 1U);
    EXPECT_EQ(talk.modem.sockets.readable(4), 7U);
    EXPECT_EQ(talk.read(4), "one");
    EXPECT_EQ(talk.read(4, 2), "tw");
    EXPECT_EQ(talk.read(4), "o!");
    EXPECT_EQ(talk.read(4), "");
}

TEST(SocketReceive, DatagramsWaitWhenTheBufferIsFull) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::buffer, SocketKind::udp), Fault::none);
    const std::string datagram = pattern(1400);
    for (int i = 0; i < 12; ++i) talk.peer_says(datagram);
    EXPECT_EQ(talk.modem.sockets.readable(4), 7 * 1400U);
    for (int i = 0; i < 12; ++i) EXPECT_EQ(talk.read(4), datagram) << i;
    EXPECT_EQ(talk.read(4), "");
}

TEST(SocketReceive, DatagramLargerThanTheBuffer) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::buffer, SocketKind::udp), Fault::none);
    talk.peer_says("small");
    talk.peer_says(pattern(20000));
    EXPECT_EQ(talk.read(4), "small");
    EXPECT_EQ(talk.read(4, 30000), pattern(20000));
}

TEST(SocketSend, ReachesThePeer) {
    Talk talk;
    ASSERT_EQ(talk.open(4), Fault::none);
    EXPECT_EQ(talk.modem.sockets.can_send(4), Fault::none);
    EXPECT_EQ(talk.send(4, "hello"), "all");
    EXPECT_EQ(talk.peer().received(), "hello");
    EXPECT_EQ(talk.read(4), "hello") << "the echo";
    const SendCount count = talk.modem.sockets.sent(4);
    EXPECT_EQ(count.total, 5U);
    EXPECT_EQ(count.acknowledged, 5U);
    EXPECT_EQ(count.pending, 0U);
}

TEST(SocketSend, AllOrNothingWhenThePeerDoesNotRead) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    talk.peer().pause(true);
    const std::string piece = pattern(1460);
    std::string sent;
    std::string outcome;
    for (int i = 0; i < 100; ++i) {
        outcome = talk.send(4, piece);
        if (outcome != "all") break;
        sent += piece;
    }
    EXPECT_EQ(outcome, "no room");
    EXPECT_GT(sent.size(), 16384U);
    EXPECT_LE(sent.size(), 16384U + buffer);
    EXPECT_EQ(talk.modem.sockets.sent(4).pending, sent.size() - 16384);
    EXPECT_EQ(talk.send(4, "x"), "all") << "a smaller one still fits";
    sent += "x";
    talk.peer().pause(false);
    talk.settle();
    EXPECT_TRUE(talk.peer().received() == sent);
    EXPECT_EQ(talk.modem.sockets.sent(4).pending, 0U);
    EXPECT_TRUE(talk.events.take<SocketWritable>().empty()) << "only for stream()";
}

TEST(SocketSend, UdpSendsDatagrams) {
    Talk talk;
    ASSERT_EQ(talk.open(4, {.kind = SocketKind::udp}), Fault::none);
    EXPECT_EQ(talk.send(4, "one"), "all");
    EXPECT_EQ(talk.send(4, "two"), "all");
    EXPECT_EQ(talk.read(4), "one");
    EXPECT_EQ(talk.read(4), "two");
}

TEST(SocketSend, RefusedWhereThereIsNoConnection) {
    Talk talk;
    EXPECT_EQ(talk.send(4, "x"), "not_allowed");
    talk.net.set_latency(100ms);
    talk.begin(4);
    EXPECT_EQ(talk.modem.sockets.can_send(4), Fault::not_allowed);
    talk.pass(1s);
    EXPECT_EQ(talk.modem.sockets.can_send(4), Fault::none);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 0), Fault::none);
    EXPECT_EQ(talk.send(4, "x"), "not_allowed") << "another port holds it";
}

TEST(SocketStream, TakesWhatFitsThenAsksForMore) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::transparent), Fault::none);
    talk.peer().pause(true);
    const std::string all = pattern(60000);
    const std::size_t first = talk.modem.sockets.stream(4, all);
    EXPECT_EQ(first, 16384U + buffer);
    EXPECT_EQ(talk.modem.sockets.stream(4, "x"), 0U);
    talk.settle();
    EXPECT_TRUE(talk.events.take<SocketWritable>().empty());
    talk.peer().pause(false);
    talk.settle();
    ASSERT_EQ(talk.events.take<SocketWritable>().size(), 1U);
    std::size_t taken = first;
    while (taken < all.size()) {
        taken += talk.modem.sockets.stream(4, BytesView(all).substr(taken));
        talk.settle();
    }
    EXPECT_TRUE(talk.peer().received() == all);
}

TEST(SocketStream, SwallowsWhatHasNowhereToGo) {
    Talk talk;
    EXPECT_EQ(talk.modem.sockets.stream(4, "abc"), 3U);
    ASSERT_EQ(talk.open_quiet(4, AccessMode::transparent), Fault::none);
    talk.peer().close();
    talk.settle();
    EXPECT_EQ(talk.modem.sockets.stream(4, "abc"), 3U);
    EXPECT_EQ(talk.peer().received(), "");
}

TEST(Socket, IsSmall) {
    // Ten thousand modems with some sockets each; the TLS engine and what is buffered come on top.
    EXPECT_LE(sizeof(Socket), 768U);
}

TEST(SocketMode, SwitchAnnouncesWhatWaits) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::push, 0), Fault::none);
    talk.settle();
    EXPECT_EQ(talk.readable_events(), 0U);
    talk.peer_says("abc");
    EXPECT_EQ(talk.readable_events(), 1U);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 3), Fault::none);
    talk.settle();
    const auto readable = talk.events.take<SocketReadable>();
    ASSERT_EQ(readable.size(), 1U);
    EXPECT_EQ(readable[0].mode, AccessMode::transparent);
    EXPECT_EQ(readable[0].port, 3);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 3), Fault::none);
    talk.settle();
    EXPECT_EQ(talk.readable_events(), 0U) << "no change";
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::buffer, 3), Fault::none);
    talk.settle();
    EXPECT_EQ(talk.readable_events(), 1U);
}

TEST(SocketMode, OneAnnouncementForArrivalAndSwitchTogether) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4, AccessMode::transparent), Fault::none);
    talk.events.react = [&](const Event& event) {
        if (std::holds_alternative<ContextDeactivated>(event)) talk.modem.sockets.set_mode(4, AccessMode::buffer, 0);
    };
    talk.modem.contexts.deactivate(9);  // its event, and the switch, come between
    talk.peer().send("abc");            // the arrival and its announcement
    talk.settle();
    const auto readable = talk.events.take<SocketReadable>();
    ASSERT_EQ(readable.size(), 1U);
    EXPECT_EQ(readable[0].mode, AccessMode::buffer);
    talk.peer_says("more");
    EXPECT_EQ(talk.readable_events(), 0U);
}

TEST(SocketMode, OnePortHoldsATransparentSocket) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    EXPECT_EQ(talk.modem.sockets.held_by(4), std::nullopt);
    EXPECT_EQ(talk.modem.sockets.latest_transparent(1), std::nullopt);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 1), Fault::none);
    EXPECT_EQ(talk.modem.sockets.held_by(4), PortId{1});
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 2), Fault::not_allowed);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::buffer, 2), Fault::not_allowed);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::buffer, 1), Fault::none);
    EXPECT_EQ(talk.modem.sockets.held_by(4), std::nullopt);
    EXPECT_EQ(talk.modem.sockets.latest_transparent(1), 4);
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::push, 2), Fault::none);
    EXPECT_EQ(talk.modem.sockets.info(4)->owner, 1) << "its events stay where they were";
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::transparent, 2), Fault::none);
    EXPECT_EQ(talk.modem.sockets.info(4)->owner, 2);
    EXPECT_EQ(talk.modem.sockets.latest_transparent(1), std::nullopt) << "it moved";
    EXPECT_EQ(talk.modem.sockets.latest_transparent(2), 4);
}

TEST(SocketMode, LatestOfSeveral) {
    Talk talk;
    ASSERT_EQ(talk.open_quiet(1, AccessMode::transparent), Fault::none);
    ASSERT_EQ(talk.modem.sockets.set_mode(1, AccessMode::buffer, 0), Fault::none);
    ASSERT_EQ(talk.open_quiet(2, AccessMode::transparent), Fault::none);
    ASSERT_EQ(talk.modem.sockets.set_mode(2, AccessMode::buffer, 0), Fault::none);
    EXPECT_EQ(talk.modem.sockets.latest_transparent(0), 2);
    talk.peer().close();
    talk.settle();
    EXPECT_EQ(talk.modem.sockets.latest_transparent(0), 1) << "2 is no longer connected";
    ASSERT_EQ(talk.modem.sockets.set_mode(1, AccessMode::transparent, 0), Fault::none);
    EXPECT_EQ(talk.modem.sockets.latest_transparent(0), 1);
}

TEST(SocketMode, NotWithoutAConnection) {
    Talk talk;
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::push, 0), Fault::not_allowed);
    ASSERT_EQ(talk.open_quiet(4), Fault::none);
    talk.peer().close();
    talk.settle();
    EXPECT_EQ(talk.modem.sockets.set_mode(4, AccessMode::push, 0), Fault::not_allowed);
}

}  // namespace
}  // namespace atls::modem
