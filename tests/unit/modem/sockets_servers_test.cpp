// Listeners, their callers, UDP services.
#include "modem/sockets.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using testing::HasSubstr;

struct Servers : Device {
    Fault listen(int id, AccessMode mode = AccessMode::buffer, int most = 11) {
        OpenRequest request = server(SocketKind::tcp_listener, mode);
        request.most_incoming = most;
        return open(id, request);
    }
    Fault serve(int id, AccessMode mode = AccessMode::buffer) {
        return open(id, server(SocketKind::udp_service, mode));
    }
    static OpenRequest server(SocketKind kind, AccessMode mode) {
        OpenRequest request;
        request.kind = kind;
        request.host = "127.0.0.1";
        request.local_port = 2020;
        request.mode = mode;
        request.owner = 2;
        return request;
    }
    test::FakePeer& call(std::uint16_t from = 5000) {
        auto& peer = net.call(Transport::tcp, {"198.51.100.7", from}, 2020, std::make_unique<test::FakeServer>());
        settle();
        return peer;
    }
    test::FakePeer& sender(std::uint16_t from = 5000) {
        return net.call(Transport::udp, {"198.51.100.7", from}, 2020, std::make_unique<test::FakeServer>());
    }
    std::optional<int> incoming() {
        const auto all = events.take<SocketIncoming>();
        return all.size() == 1 ? std::optional(all[0].id) : std::nullopt;
    }
};

TEST(Listener, TakesCallersAsSocketsOfItsOwn) {
    Servers device;
    ASSERT_EQ(device.listen(3, AccessMode::push), Fault::none);
    EXPECT_EQ(device.state(3), 3);
    EXPECT_EQ(device.modem.sockets.info(3)->remote_ip, device.modem.contexts.address(1));
    auto& peer = device.call();
    const auto events = device.events.take<SocketIncoming>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].id, 11);
    EXPECT_EQ(events[0].listener, 3);
    EXPECT_EQ(events[0].port, 2);
    EXPECT_EQ(events[0].ip, "198.51.100.7");
    EXPECT_EQ(events[0].remote_port, 5000);
    const auto info = device.modem.sockets.info(11);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->kind, SocketKind::tcp_incoming);
    EXPECT_EQ(info->listener, 3);
    EXPECT_EQ(info->local_port, 2020);
    EXPECT_EQ(info->mode, AccessMode::push);
    EXPECT_EQ(info->owner, 2);
    EXPECT_EQ(device.send(11, "hello"), "all");
    EXPECT_EQ(peer.received(), "hello");
    peer.send("world");
    device.settle();
    EXPECT_EQ(device.readable_events(), 1U);
    EXPECT_EQ(device.modem.sockets.read(11, 100), "world");
}

TEST(Listener, RefusesWhenNoIdIsFree) {
    Servers device;
    ASSERT_EQ(device.listen(11), Fault::none);
    for (int id = 10; id >= 0; --id) {
        device.call();
        EXPECT_EQ(device.incoming(), id);
    }
    EXPECT_TRUE(device.call().was_reset());
    const auto full = device.events.take<SocketsFull>();
    ASSERT_EQ(full.size(), 1U);
    EXPECT_EQ(full[0].listener, 11);
    EXPECT_EQ(full[0].port, 2);
    device.modem.sockets.close(4, 0s);
    device.settle();
    EXPECT_FALSE(device.call().was_reset());
    EXPECT_EQ(device.incoming(), 4);
}

TEST(Listener, HasAsManyAsItMay) {
    Servers device;
    ASSERT_EQ(device.listen(0, AccessMode::buffer, 1), Fault::none);
    EXPECT_FALSE(device.call(1).was_reset());
    EXPECT_TRUE(device.call(2).was_reset());
    EXPECT_EQ(device.events.take<SocketsFull>().size(), 1U);
    device.modem.sockets.close(11, 0s);
    device.settle();
    EXPECT_FALSE(device.call(3).was_reset());
}

TEST(Listener, MayBeToldToAcceptNobody) {
    Servers device;
    ASSERT_EQ(device.listen(0), Fault::none);
    device.modem.sockets.options.accept_incoming = false;
    EXPECT_TRUE(device.call().was_reset());
    EXPECT_TRUE(device.events.take<SocketIncoming>().empty());
    EXPECT_TRUE(device.events.take<SocketsFull>().empty());
}

TEST(Listener, ClosedLeavesItsConnections) {
    Servers device;
    ASSERT_EQ(device.listen(0), Fault::none);
    auto& peer = device.call();
    device.modem.sockets.close(0, 10s);
    device.settle();
    EXPECT_EQ(device.closed_here_events(), 1U);
    EXPECT_FALSE(device.modem.sockets.exists(0));
    EXPECT_EQ(device.send(11, "still"), "all");
    EXPECT_EQ(peer.received(), "still");
    EXPECT_TRUE(device.call(5001).was_reset());
    EXPECT_EQ(device.listen(0), Fault::none) << "the port is free again";
}

TEST(Listener, APortThatIsTakenFailsAndKeepsTheId) {
    Servers device;
    device.net.occupy(2020);
    EXPECT_EQ(device.listen(0, AccessMode::transparent), Fault::bind_failed);
    EXPECT_EQ(device.state(0), 4);
    EXPECT_THAT(device.modem.sockets.cause(0), HasSubstr("EADDRINUSE"));
    EXPECT_EQ(device.serve(1), Fault::bind_failed);
    EXPECT_EQ(device.state(1), 4);
}

TEST(Listener, GoesWithItsContext) {
    Servers device;
    ASSERT_EQ(device.listen(0), Fault::none);
    auto& peer = device.call();
    device.modem.contexts.lose(1);
    device.settle();
    EXPECT_EQ(device.closed_events(), 2U);
    EXPECT_EQ(device.state(0), 4);
    EXPECT_EQ(device.state(11), 4);
    EXPECT_TRUE(peer.ended());
    EXPECT_TRUE(device.call(5001).was_reset());
    EXPECT_EQ(device.net.open_connections(), 0);
}

TEST(Listener, GoesSilentlyWithAContextThatTheHostDrops) {
    Servers device;
    ASSERT_EQ(device.listen(0), Fault::none);
    device.call();
    device.modem.contexts.deactivate(1);
    device.settle();
    EXPECT_EQ(device.closed_events(), 0U);
    EXPECT_FALSE(device.modem.sockets.exists(0));
    EXPECT_FALSE(device.modem.sockets.exists(11));
    EXPECT_TRUE(device.call(5001).was_reset());
}

TEST(Listener, TheEventMayCloseTheCaller) {
    Servers device;
    ASSERT_EQ(device.listen(0), Fault::none);
    device.events.react = [&](const Event& event) {
        if (std::holds_alternative<SocketIncoming>(event)) device.modem.sockets.close(11, 0s);
    };
    EXPECT_TRUE(device.call().ended());
    EXPECT_FALSE(device.modem.sockets.exists(11));
}

TEST(UdpService, DatagramsHaveSenders) {
    Servers device;
    ASSERT_EQ(device.serve(6), Fault::none);
    EXPECT_EQ(device.state(6), 2);
    auto& first = device.sender(1);
    auto& second = device.sender(2);
    first.send("one");
    second.send("two");
    first.send("three");
    device.settle();
    EXPECT_EQ(device.readable_events(), 1U);
    EXPECT_EQ(device.modem.sockets.sender(6), (Endpoint{"198.51.100.7", 1}));
    EXPECT_EQ(device.modem.sockets.read(6, 100), "one");
    EXPECT_EQ(device.modem.sockets.sender(6), (Endpoint{"198.51.100.7", 2}));
    EXPECT_EQ(device.modem.sockets.read(6, 2), "tw");
    EXPECT_EQ(device.modem.sockets.sender(6), (Endpoint{"198.51.100.7", 2})) << "the rest of the same datagram";
    EXPECT_EQ(device.modem.sockets.read(6, 100), "o");
    EXPECT_EQ(device.modem.sockets.sender(6), (Endpoint{"198.51.100.7", 1}));
    EXPECT_EQ(device.modem.sockets.received(6).unread, 5U);
    EXPECT_EQ(device.modem.sockets.read(6, 100), "three");
    EXPECT_EQ(device.modem.sockets.sender(6), std::nullopt);
    second.send("again");
    device.settle();
    EXPECT_EQ(device.readable_events(), 1U);
}

TEST(UdpService, StreamReadsGoOnOverOneSendersDatagrams) {
    Servers device;
    ASSERT_EQ(device.serve(6), Fault::none);
    device.modem.sockets.options.datagrams_as_stream = true;
    auto& first = device.sender(1);
    auto& second = device.sender(2);
    first.send("one");
    first.send("two");
    second.send("three");
    device.settle();
    EXPECT_EQ(device.modem.sockets.read(6, 100), "onetwo");
    EXPECT_EQ(device.modem.sockets.read(6, 100), "three");
}

TEST(UdpService, SendsToAnybody) {
    Servers device;
    device.net.serve_echo("198.51.100.9", 7, Transport::udp);
    EXPECT_EQ(device.modem.sockets.can_send_to(6), Fault::not_allowed);
    ASSERT_EQ(device.serve(6), Fault::none);
    EXPECT_EQ(device.modem.sockets.can_send(6), Fault::not_allowed);
    EXPECT_EQ(device.modem.sockets.send_to(6, {"198.51.100.9", 7}, "ping").outcome, Sockets::Sent::all);
    device.settle();
    EXPECT_EQ(device.modem.sockets.sender(6), (Endpoint{"198.51.100.9", 7}));
    EXPECT_EQ(device.modem.sockets.read(6, 100), "ping");
    EXPECT_EQ(device.modem.sockets.sent(6).total, 4U);
    EXPECT_EQ(device.modem.sockets.set_mode(6, AccessMode::transparent, 2), Fault::not_allowed);
    EXPECT_EQ(device.modem.sockets.set_mode(6, AccessMode::push, 2), Fault::none);
}

TEST(UdpService, AFullBufferTakesNoMoreUntilItIsRead) {
    Servers device;
    ASSERT_EQ(device.serve(6), Fault::none);
    auto& peer = device.sender();
    for (int i = 0; i < 20; ++i) peer.send(Bytes(1000, static_cast<char>('a' + i)));
    device.settle();
    EXPECT_EQ(device.modem.sockets.readable(6), 11000U) << "the datagram that reaches the limit is taken whole";
    std::string got;
    for (Bytes piece = device.modem.sockets.read(6, 1500); !piece.empty(); piece = device.modem.sockets.read(6, 1500)) {
        EXPECT_EQ(piece.size(), 1000U);
        got += piece.front();
    }
    EXPECT_EQ(got, "abcdefghijklmnopqrst");
}

TEST(UdpService, GoesWithItsContext) {
    Servers device;
    ASSERT_EQ(device.serve(6), Fault::none);
    device.modem.contexts.lose(1);
    device.settle();
    EXPECT_EQ(device.closed_events(), 1U);
    EXPECT_EQ(device.state(6), 4);
    EXPECT_EQ(device.modem.sockets.can_send_to(6), Fault::peer_closed);
    device.modem.sockets.close(6, 10s);
    device.settle();
    EXPECT_FALSE(device.modem.sockets.exists(6));
}

}  // namespace
}  // namespace atls::modem
