// Sends whose end is told: what has no room waits, what is late is given up.
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

struct Silent final : test::FakeServer {};

struct Delivering : Device {
    Delivering() {
        net.serve("quiet.example", 9, Transport::tcp, [] { return std::make_unique<Silent>(); });
        EXPECT_EQ(open(4, {.host = "quiet.example", .port = 9}), Fault::none);
    }
    test::FakePeer& peer() const { return net.last_peer(); }
    std::vector<Fault> delivered() {
        settle();
        std::vector<Fault> faults;
        for (const auto& event : events.take<SocketDelivered>()) faults.push_back(event.fault);
        return faults;
    }
};
using Faults = std::vector<Fault>;

TEST(Delivery, IsToldWhenTheNetworkHasTakenIt) {
    Delivering device;
    EXPECT_EQ(device.modem.sockets.deliver(4, "hello", 10s), Fault::none);
    EXPECT_EQ(device.delivered(), Faults{Fault::none});
    EXPECT_EQ(device.modem.sockets.sent(4).total, 5U);
}

TEST(Delivery, WhatIsLateIsGivenUp) {
    Delivering device;
    device.peer().pause(true);
    device.net.set_window(0);
    EXPECT_EQ(device.modem.sockets.deliver(4, "hello", 10s), Fault::none);
    EXPECT_EQ(device.modem.sockets.deliver(4, "again", 10s), Fault::busy);
    EXPECT_EQ(device.delivered(), Faults{});
    device.pass(9s);
    EXPECT_EQ(device.delivered(), Faults{});
    device.pass(2s);
    EXPECT_EQ(device.delivered(), Faults{Fault::timed_out});
    EXPECT_EQ(device.modem.sockets.deliver(4, "again", 10s), Fault::none);
}

TEST(Delivery, EndsWithTheConnection) {
    Delivering device;
    device.peer().pause(true);
    device.net.set_window(0);
    EXPECT_EQ(device.modem.sockets.deliver(4, "hello", 10s), Fault::none);
    device.peer().reset();
    EXPECT_EQ(device.delivered(), Faults{Fault::peer_closed});
    EXPECT_EQ(device.modem.sockets.deliver(4, "more", 10s), Fault::peer_closed);
    EXPECT_EQ(device.modem.sockets.deliver(5, "more", 10s), Fault::not_allowed);
}

}  // namespace
}  // namespace atls::modem
