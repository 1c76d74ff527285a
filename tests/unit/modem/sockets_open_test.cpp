// Opening: resolving, connecting, and every way it fails.
#include "modem/sockets.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using testing::HasSubstr;

TEST(SocketOpen, TcpByName) {
    Device device;
    EXPECT_EQ(device.open(4, {.mode = AccessMode::push, .owner = 2}), Fault::none);
    const auto info = device.modem.sockets.info(4);
    ASSERT_TRUE(info.has_value());
    EXPECT_EQ(info->state, SocketState::connected);
    EXPECT_EQ(info->remote_ip, "192.0.2.10");
    EXPECT_EQ(info->remote_port, 7);
    EXPECT_EQ(info->local_port, device.net.last_peer().client().port);
    EXPECT_EQ(info->mode, AccessMode::push);
    EXPECT_EQ(info->owner, 2);
    EXPECT_TRUE(device.log.says("socket 4 to echo.example:7 (192.0.2.10) open"));
    EXPECT_EQ(device.modem.sockets.cause(4), "");
}

TEST(SocketOpen, EventTellsWhose) {
    Device device;
    device.begin(5, {.kind = SocketKind::udp, .mode = AccessMode::transparent, .owner = 3});
    device.settle();
    const auto opened = device.events.take<SocketOpened>();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened[0].id, 5);
    EXPECT_EQ(opened[0].port, 3);
    EXPECT_EQ(opened[0].kind, SocketKind::udp);
    EXPECT_EQ(opened[0].mode, AccessMode::transparent);
}

TEST(SocketOpen, LocalPortIsTheHosts) {
    Device device;
    EXPECT_EQ(device.open(0, {.local_port = 5000}), Fault::none);
    EXPECT_EQ(device.modem.sockets.info(0)->local_port, 5000);
}

TEST(SocketOpen, StatesOnTheWay) {
    Device device;
    device.net.set_latency(100ms);
    device.begin(4);
    EXPECT_EQ(device.state(4), 1);
    EXPECT_EQ(device.modem.sockets.info(4)->remote_ip, "echo.example");
    device.pass(200ms);
    EXPECT_EQ(device.state(4), 1);
    EXPECT_EQ(device.modem.sockets.info(4)->remote_ip, "192.0.2.10");
    device.pass(200ms);
    EXPECT_EQ(device.state(4), 2);
}

TEST(SocketOpen, FailuresKeepTheIdUntilClosed) {
    Device device;
    struct Row {
        OpenRequest request;
        Fault fault;
        const char* cause;
    };
    device.net.make_unreachable("192.0.2.99");
    device.net.fail_name("broken.example", NetError::name_server_failed);
    const Row rows[] = {
        {{.context = 2}, Fault::context_inactive, "PDP context 2 is not active"},
        {{.host = "none.example"}, Fault::name_not_resolved, "name none.example not found"},
        {{.host = "broken.example"}, Fault::name_not_resolved, "name server failed"},
        {{.port = 9}, Fault::connect_failed, "connect to 192.0.2.10:9: connection refused (ECONNREFUSED)"},
        {{.host = "192.0.2.99"}, Fault::connect_failed, "unreachable"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(device.open(3, row.request), row.fault);
        EXPECT_THAT(device.modem.sockets.cause(3), HasSubstr(row.cause));
        EXPECT_EQ(device.state(3), 4);
        const auto told = device.log.entries.back();
        EXPECT_EQ(told.level, Level::warning);
        EXPECT_EQ(told.fields.at("cause"), device.modem.sockets.cause(3));
        EXPECT_EQ(device.open(3), Fault::id_in_use);
        EXPECT_EQ(device.log.entries.back().fields.at("code"), "id_in_use");
        EXPECT_EQ(device.state(3), 4) << "untouched";
        EXPECT_EQ(device.send(3, "x"), "peer_closed");
        EXPECT_EQ(device.modem.sockets.can_read(3), Fault::not_allowed);
        device.modem.sockets.close(3, 10s);
        device.settle();
        EXPECT_EQ(device.closed_here_events(), 1U);
        EXPECT_FALSE(device.modem.sockets.exists(3));
    }
    EXPECT_EQ(device.net.open_connections(), 0);
}

TEST(SocketOpen, TransparentFailureFreesTheId) {
    Device device;
    EXPECT_EQ(device.open(3, {.port = 9, .mode = AccessMode::transparent}), Fault::connect_failed);
    EXPECT_FALSE(device.modem.sockets.exists(3));
    EXPECT_THAT(device.modem.sockets.cause(3), HasSubstr("refused"));
    EXPECT_EQ(device.open(3), Fault::none);
    EXPECT_EQ(device.modem.sockets.cause(3), "");
}

TEST(SocketOpen, SomeModulesFreeTheIdAlways) {
    Profile profile = test_profile();
    profile.keep_id_after_failed_open = false;
    Device device(profile);
    EXPECT_EQ(device.open(3, {.port = 9}), Fault::connect_failed);
    EXPECT_FALSE(device.modem.sockets.exists(3));
}

TEST(SocketOpen, RetryFromInsideTheEvent) {
    Device device;
    device.events.react = [&](const Event& event) {
        const auto* opened = std::get_if<SocketOpened>(&event);
        if (opened != nullptr && opened->fault != Fault::none) device.begin(3, {.mode = AccessMode::transparent});
    };
    device.begin(3, {.port = 9, .mode = AccessMode::transparent});
    device.settle();
    const auto opened = device.events.take<SocketOpened>();
    ASSERT_EQ(opened.size(), 2U);
    EXPECT_EQ(opened[1].fault, Fault::none);
    EXPECT_EQ(device.state(3), 2);
}

TEST(SocketOpen, IdOutOfRange) {
    Device device;
    EXPECT_EQ(device.open(12), Fault::bad_parameter);
    EXPECT_EQ(device.open(-1), Fault::bad_parameter);
}

TEST(SocketOpen, NextAddressAfterARefusal) {
    Device device;
    device.net.add_name("two.example", {"2001:db8::1", "192.0.2.77", "192.0.2.10"});
    EXPECT_EQ(device.open(0, {.host = "two.example"}), Fault::none);
    EXPECT_EQ(device.modem.sockets.info(0)->remote_ip, "192.0.2.10");
}

TEST(SocketOpen, NetworkTimeoutOfResolving) {
    Device device;
    device.net.silence("quiet.example");
    device.begin(1, {.host = "quiet.example"});
    device.pass(149s);
    EXPECT_TRUE(device.events.events.empty());
    device.pass(1s);
    EXPECT_EQ(device.events.take<SocketOpened>().at(0).fault, Fault::timed_out);
    EXPECT_THAT(device.modem.sockets.cause(1), HasSubstr("not resolved within 150 s"));
}

TEST(SocketOpen, NetworkTimeoutOfConnecting) {
    Device device;
    device.net.silence("192.0.2.10");
    device.begin(1);
    device.pass(149s);
    EXPECT_TRUE(device.events.events.empty());
    device.pass(1s);
    EXPECT_EQ(device.events.take<SocketOpened>().at(0).fault, Fault::timed_out);
    EXPECT_THAT(device.modem.sockets.cause(1), HasSubstr("192.0.2.10:7: no answer within 150 s"));
    EXPECT_EQ(device.net.open_connections(), 0);
}

TEST(SocketOpen, SocketsOfOneModem) {
    Device device;
    for (const int id : {7, 0, 11}) EXPECT_EQ(device.open(id), Fault::none);
    std::vector<int> ids;
    for (const SocketInfo& info : device.modem.sockets.all()) ids.push_back(info.id);
    EXPECT_THAT(ids, testing::ElementsAre(0, 7, 11));
}

}  // namespace
}  // namespace atls::modem
