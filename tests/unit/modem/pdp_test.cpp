#include "modem/pdp.hpp"

#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

Fault activate(Device& device, int context) {
    device.modem.contexts.activate(context);
    EXPECT_TRUE(device.events.take<ContextActivated>().empty()) << "from inside the call";
    device.settle();
    const auto events = device.events.take<ContextActivated>();
    EXPECT_EQ(events.size(), 1U);
    EXPECT_EQ(events.front().context, context);
    return events.front().fault;
}

TEST(Contexts, AddressComesFromTheImeiAndStays) {
    Device device;
    const std::string address = device.modem.contexts.address(1);
    EXPECT_THAT(address, testing::MatchesRegex("10\\.[0-9]+\\.[0-9]+\\.[0-9]+"));
    device.modem.contexts.deactivate(1);
    device.settle();
    EXPECT_EQ(device.modem.contexts.address(1), "");
    EXPECT_EQ(activate(device, 1), Fault::none);
    EXPECT_EQ(device.modem.contexts.address(1), address);
    EXPECT_EQ(activate(device, 2), Fault::none);
    EXPECT_NE(device.modem.contexts.address(2), address);
}

TEST(Contexts, OnlySoManyAtOnce) {
    Device device;
    EXPECT_EQ(activate(device, 2), Fault::none);
    EXPECT_EQ(activate(device, 3), Fault::none);
    EXPECT_EQ(activate(device, 4), Fault::context_failed);
    EXPECT_THAT(device.modem.contexts.active_ids(), testing::ElementsAre(1, 2, 3));
    EXPECT_TRUE(device.log.says("context 4 not activated: 3 are active already"));
}

TEST(Contexts, ActivationIsRefused) {
    Device device;
    EXPECT_EQ(activate(device, 1), Fault::not_allowed) << "it is active";
    EXPECT_EQ(activate(device, 0), Fault::context_failed);
    EXPECT_EQ(activate(device, 17), Fault::context_failed);
    device.modem.network.set_coverage(Registration::searching);
    EXPECT_EQ(activate(device, 2), Fault::context_failed);
    device.modem.network.set_coverage(Registration::home);
    device.modem.network.set_attached(false);
    EXPECT_EQ(activate(device, 2), Fault::context_failed);
}

TEST(Contexts, DeactivationSucceedsAlways) {
    Device device;
    for (const int context : {1, 1, 9}) {
        device.modem.contexts.deactivate(context);
        device.settle();
        const auto events = device.events.take<ContextDeactivated>();
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(events.front().context, context);
    }
    EXPECT_FALSE(device.modem.contexts.active(1));
}

TEST(Contexts, RequestsOfOneInstantAreTakenInOrder) {
    Device device;
    device.modem.contexts.activate(2);
    device.modem.contexts.deactivate(2);
    device.modem.contexts.activate(2);
    device.settle();
    EXPECT_EQ(device.events.take<ContextActivated>().size(), 2U);
    EXPECT_EQ(device.events.take<ContextDeactivated>().size(), 1U);
    EXPECT_TRUE(device.modem.contexts.active(2));
}

TEST(Contexts, EventsAreForWhoeverAsked) {
    Device device;
    device.modem.contexts.activate(2, PortId{1});
    device.modem.contexts.deactivate(2, PortId{2});
    device.modem.contexts.activate(3);
    device.settle();
    const auto activated = device.events.take<ContextActivated>();
    ASSERT_EQ(activated.size(), 2U);
    EXPECT_EQ(activated[0].port, PortId{1});
    EXPECT_EQ(activated[1].port, std::nullopt);
    EXPECT_EQ(device.events.take<ContextDeactivated>().at(0).port, PortId{2});
}

TEST(Contexts, HaveAnAddressOfEachKind) {
    Device device;
    EXPECT_THAT(device.modem.contexts.address_v6(1), testing::MatchesRegex("2001:db8:[1-9a-f][0-9a-f]+::1"));
    EXPECT_EQ(device.modem.contexts.address_v6(2), "");
}

TEST(Contexts, SettingsHaveDefaultsAndSurvivePower) {
    Device device;
    EXPECT_FALSE(device.modem.contexts.configured(3));
    EXPECT_EQ(device.modem.contexts.settings(3).type, 1);
    device.modem.contexts.configure(3, {2, "apn", "user", "secret", 1});
    device.modem.power_off();
    device.modem.power_on();
    EXPECT_EQ(device.modem.contexts.settings(3).apn, "apn");
    EXPECT_THAT(device.modem.contexts.configured_ids(), testing::ElementsAre(3));
    device.modem.contexts.forget(3);
    EXPECT_FALSE(device.modem.contexts.configured(3));
}

TEST(Contexts, LossIsToldAfterTheSockets) {
    Device device;
    ASSERT_EQ(device.open(4), Fault::none);
    device.modem.contexts.lose(1);
    device.settle();
    ASSERT_EQ(device.events.events.size(), 2U);
    const auto* closed = std::get_if<SocketClosed>(&device.events.events[0]);
    ASSERT_NE(closed, nullptr);
    EXPECT_TRUE(closed->by_context);
    EXPECT_TRUE(std::holds_alternative<ContextLost>(device.events.events[1]));
    device.events.events.clear();
    device.modem.contexts.lose(1);
    device.settle();
    EXPECT_TRUE(device.events.events.empty()) << "it was gone already";
}

TEST(Contexts, DetachLosesThemACoverageGapDoesNot) {
    Device device;
    device.modem.network.set_coverage(Registration::searching);
    device.settle();
    EXPECT_TRUE(device.modem.contexts.active(1));
    device.modem.network.set_coverage(Registration::home);
    device.modem.network.set_attached(false);
    device.settle();
    EXPECT_FALSE(device.modem.contexts.active(1));
    EXPECT_EQ(device.events.take<ContextLost>().size(), 1U);
}

TEST(Contexts, NameServersBelongToTheActiveContext) {
    Device device;
    EXPECT_THAT(device.modem.contexts.name_servers(1), testing::ElementsAre("", ""));
    device.modem.contexts.set_name_servers(1, "8.8.8.8", "");
    EXPECT_THAT(device.modem.contexts.name_servers(1), testing::ElementsAre("8.8.8.8", ""));
    ASSERT_EQ(device.open(0, {.host = "nowhere.example"}), Fault::name_not_resolved);
    EXPECT_THAT(device.net.name_servers_asked(), testing::ElementsAre("8.8.8.8"));
    EXPECT_EQ(device.modem.sockets.cause(0), "name nowhere.example not found by 8.8.8.8");
}

}  // namespace
}  // namespace atls::modem
