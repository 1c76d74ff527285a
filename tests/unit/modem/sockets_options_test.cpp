// What the host sets for all sockets: closing with the peer, ignored data, repeated sends, packets, care for TCP.
#include "modem/sockets.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

struct Options : Device {
    test::FakePeer& peer() const { return net.last_peer(); }
    SocketOptions& options() { return modem.sockets.options; }
};

TEST(SocketOptionsTest, ClosingWithThePeerFreesTheIdAndKeepsTheData) {
    Options device;
    device.options().close_with_peer = true;
    ASSERT_EQ(device.open(4), Fault::none);
    device.peer().send("last");
    device.peer().close();
    device.settle();
    EXPECT_EQ(device.closed_events(), 1U);
    EXPECT_FALSE(device.modem.sockets.exists(4));
    EXPECT_TRUE(device.peer().ended()) << "our side closes too";
    ASSERT_TRUE(device.modem.sockets.data_info(4));
    EXPECT_EQ(device.modem.sockets.read(4, 100), "last");
    EXPECT_FALSE(device.modem.sockets.data_info(4));
    EXPECT_EQ(device.open(4), Fault::none);
}

TEST(SocketOptionsTest, ALostContextKeepsTheIdAllTheSame) {
    Options device;
    device.options().close_with_peer = true;
    ASSERT_EQ(device.open(4), Fault::none);
    device.modem.contexts.lose(1);
    device.settle();
    EXPECT_EQ(device.state(4), 4);
}

TEST(SocketOptionsTest, IgnoredDataIsDroppedWhenItComesAlone) {
    Options device;
    device.options().ignored[4] = "beat";
    ASSERT_EQ(device.open(4), Fault::none);
    device.peer().send("beat");
    device.settle();
    EXPECT_EQ(device.readable_events(), 0U);
    EXPECT_EQ(device.modem.sockets.received(4).total, 0U);
    device.peer().send("heartbeat");
    device.settle();
    EXPECT_EQ(device.modem.sockets.read(4, 100), "heartbeat");
    ASSERT_EQ(device.open(5, {.kind = SocketKind::udp}), Fault::none);
    device.options().ignored[5] = "beat";
    device.peer().send("one");
    device.peer().send("beat");
    device.peer().send("two");
    device.settle();
    EXPECT_EQ(device.modem.sockets.received(5).total, 6U);
    EXPECT_EQ(device.modem.sockets.read(5, 100), "one");
    EXPECT_EQ(device.modem.sockets.read(5, 100), "two");
}

TEST(SocketOptionsTest, RepeatedSendsGoOutWhileConnected) {
    Options device;
    device.modem.sockets.send_every(4, 30s, "tick");
    device.pass(40s);
    ASSERT_EQ(device.open(4), Fault::none);
    device.pass(20s);
    EXPECT_EQ(device.peer().received(), "tick");
    device.pass(60s);
    EXPECT_EQ(device.peer().received(), "tickticktick");
    device.modem.sockets.send_every(4, 30s, "");
    device.pass(100s);
    EXPECT_EQ(device.peer().received(), "tickticktick");
}

TEST(SocketOptionsTest, TransparentUdpLeavesInPackets) {
    Options device;
    device.options().packet_octets = 4;
    ASSERT_EQ(device.open(4, {.kind = SocketKind::udp, .mode = AccessMode::transparent}), Fault::none);
    EXPECT_EQ(device.modem.sockets.stream(4, "a"), 1U);
    EXPECT_EQ(device.modem.sockets.stream(4, "b"), 1U);
    device.settle();
    EXPECT_EQ(device.peer().received(), "");
    device.pass(200ms);
    EXPECT_EQ(device.peer().received(), "ab");
    EXPECT_EQ(device.modem.sockets.stream(4, "cdefgh"), 6U);
    device.settle();
    EXPECT_EQ(device.peer().received(), "abcdef");
    device.modem.sockets.set_mode(4, AccessMode::buffer, 0);
    device.settle();
    EXPECT_EQ(device.peer().received(), "abcdefgh") << "leaving the mode sends what was gathered";
}

TEST(SocketOptionsTest, CareReachesOpenAndLaterConnections) {
    Options device;
    ASSERT_EQ(device.open(4), Fault::none);
    const TcpCare care{TcpCare::KeepAlive{60s, 25s, 3}, 48s};
    device.modem.sockets.set_care(care);
    EXPECT_EQ(device.peer().care(), care);
    ASSERT_EQ(device.open(5), Fault::none);
    EXPECT_EQ(device.peer().care(), care);
    ASSERT_EQ(device.open(6, {.kind = SocketKind::udp}), Fault::none);
    EXPECT_FALSE(device.peer().care());
}

TEST(SocketOptionsTest, PowerOffForgetsThem) {
    Options device;
    device.options().close_with_peer = true;
    device.modem.sockets.set_care({TcpCare::KeepAlive{60s, 25s, 3}, 48s});
    device.modem.sockets.send_every(4, 30s, "tick");
    device.modem.power_off();
    EXPECT_FALSE(device.options().close_with_peer);
    device.modem.power_on();
    device.pass(60s);
    device.modem.contexts.activate(1);
    device.settle();
    ASSERT_EQ(device.open(4), Fault::none);
    EXPECT_FALSE(device.peer().care());
    device.pass(60s);
    EXPECT_EQ(device.peer().received(), "");
}

TEST(SocketOptionsTest, NetworkTimeIsTheRequests) {
    Options device;
    device.net.silence("192.0.2.10");
    OpenRequest request;
    request.network_time = 10s;
    device.begin(4, request);
    device.pass(9s);
    EXPECT_TRUE(device.events.take<SocketOpened>().empty());
    device.pass(1s);
    const auto opened = device.events.take<SocketOpened>();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened[0].fault, Fault::timed_out);
}

TEST(SocketOptionsTest, ACloseMayBeReportedToAPort) {
    Options device;
    ASSERT_EQ(device.open(4), Fault::none);
    device.modem.sockets.close(4, 10s, PortId{2});
    device.modem.sockets.close(9, 10s, PortId{1});
    device.settle();
    const auto closed = device.events.take<SocketClosedHere>();
    ASSERT_EQ(closed.size(), 2U);
    EXPECT_EQ(closed[0].id, 9);
    EXPECT_EQ(closed[0].port, PortId{1});
    EXPECT_EQ(closed[1].id, 4);
    EXPECT_EQ(closed[1].port, PortId{2});
}

}  // namespace
}  // namespace atls::modem
