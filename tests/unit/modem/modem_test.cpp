#include "modem/modem.hpp"

#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

std::vector<BootStep> steps(Recorder& events) {
    std::vector<BootStep> seen;
    for (const Booting& booting : events.take<Booting>()) seen.push_back(booting.step);
    return seen;
}

TEST(Modem, RemembersSavedOptionsOnly) {
    Device device;
    EXPECT_EQ(device.modem.option("urcport", "usbat"), "usbat");
    device.modem.set_option("urcport", "uart1", true);
    device.modem.set_option("odd=na\\me", "two\nlines \\ and = more", true);
    device.modem.set_option("band", "3", false);
    EXPECT_EQ(device.modem.option("band", ""), "3");
    device.modem.power_off();
    EXPECT_EQ(device.modem.option("band", ""), "");
    Modem again({test_profile(), identity_from(1), std::nullopt, 0},
                {device.net, device.ufs, device.nv, device.timers, device.log});
    EXPECT_EQ(again.option("urcport", ""), "uart1");
    EXPECT_EQ(again.option("odd=na\\me", ""), "two\nlines \\ and = more");
    EXPECT_EQ(again.option("band", "none"), "none");
}

TEST(Modem, SaysWhenTheDiskRefuses) {
    Device device;
    device.nv.fail_change(FileError::no_space);
    EXPECT_FALSE(device.modem.remember("profile", "E1"));
    EXPECT_TRUE(device.log.says("could not save profile"));
    EXPECT_TRUE(device.modem.remember("profile", "E1"));
    EXPECT_EQ(device.modem.recall("profile"), "E1");
    EXPECT_EQ(device.modem.recall("other"), std::nullopt);
    device.nv.fail_read(FileError::input_output);
    EXPECT_EQ(device.modem.recall("profile"), std::nullopt);
    EXPECT_TRUE(device.log.says("could not read profile"));
}

TEST(Modem, PowerOffTakesEverythingVolatile) {
    Device device;
    ASSERT_EQ(device.open(1), Fault::none);
    device.modem.ssl_contexts[2].security_level = 1;
    ASSERT_TRUE(device.modem.open_files.open("f", OpenMode::create).ok());
    device.modem.power_off();
    EXPECT_TRUE(device.events.events.empty()) << "from inside the call";
    device.settle();
    ASSERT_EQ(device.events.events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<PoweredDown>(device.events.events[0]));
    EXPECT_FALSE(device.modem.powered());
    EXPECT_TRUE(device.modem.sockets.all().empty());
    EXPECT_TRUE(device.modem.contexts.active_ids().empty());
    EXPECT_TRUE(device.modem.ssl_contexts.empty());
    EXPECT_TRUE(device.modem.open_files.all().empty());
    EXPECT_EQ(device.net.open_connections(), 0);
    EXPECT_EQ(device.ufs.size("f"), 0U) << "files stay";
    device.events.events.clear();
    device.modem.network.set_coverage(Registration::denied);
    device.pass(1h);
    EXPECT_TRUE(device.events.events.empty()) << "a modem without power says nothing";
}

TEST(Modem, BootsInSteps) {
    Device device;
    device.modem.power_off();
    device.settle();
    device.events.events.clear();
    device.modem.power_on();
    EXPECT_TRUE(device.events.events.empty());
    device.settle();
    EXPECT_THAT(steps(device.events), testing::ElementsAre(BootStep::ready));
    EXPECT_FALSE(device.modem.network.registered());
    device.pass(2s);
    EXPECT_THAT(steps(device.events),
                testing::ElementsAre(BootStep::functionality, BootStep::sim_ready, BootStep::sim_initialised,
                                     BootStep::messages_ready, BootStep::phonebook_ready));
    EXPECT_TRUE(device.modem.network.registered());
    EXPECT_EQ(device.events.take<RegistrationChanged>().size(), 3U);
}

TEST(Modem, BootsWithoutASim) {
    Device device;
    device.modem.network.set_sim(Sim::absent);
    device.modem.power_off();
    device.modem.power_on();
    device.pass(5s);
    EXPECT_THAT(steps(device.events), testing::ElementsAre(BootStep::ready, BootStep::functionality));
    EXPECT_FALSE(device.modem.network.registered());
}

TEST(Modem, Restarts) {
    Device device;
    device.modem.restart(3s);
    device.pass(2s);
    EXPECT_FALSE(device.modem.powered());
    EXPECT_EQ(device.events.take<PoweredDown>().size(), 1U);
    device.pass(1s);
    EXPECT_TRUE(device.modem.powered());
    EXPECT_THAT(steps(device.events), testing::ElementsAre(BootStep::ready));
    device.modem.power_off();
    device.pass(10s);
    EXPECT_TRUE(steps(device.events).empty()) << "power went during the boot";
}

TEST(Modem, ResetByTheHostTellsWhichContextsWent) {
    Device device;
    device.modem.contexts.activate(1);
    device.modem.contexts.activate(3);
    device.settle();
    device.events.events.clear();
    device.modem.reset(3s);
    device.settle();
    ASSERT_EQ(device.events.events.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<PoweredDown>(device.events.events[0]));
    EXPECT_EQ(std::get<ContextLost>(device.events.events[1]).context, 1);
    EXPECT_EQ(std::get<ContextLost>(device.events.events[2]).context, 3);
    device.pass(3s);
    EXPECT_TRUE(device.modem.powered());
}

TEST(Modem, RestartFromInsideABootEvent) {
    Device device;
    bool once = true;
    device.events.react = [&](const Event& event) {
        const auto* booting = std::get_if<Booting>(&event);
        if (booting == nullptr || booting->step != BootStep::sim_ready || !once) return;
        once = false;
        device.modem.restart(1s);
    };
    device.modem.restart(1s);
    device.pass(10s);
    EXPECT_EQ(steps(device.events).size(), 3U + 6U);
}

TEST(Modem, NetworkTellsTheTime) {
    Device device;
    device.modem.network_time(day(2026, 1, 2), 4, 1);
    EXPECT_EQ(device.modem.clock.utc(), day(2026, 1, 2));
    const auto changed = device.events.take<ZoneChanged>();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].zone_quarters, 4);
    EXPECT_EQ(changed[0].daylight_hours, 1);
}

TEST(Modem, NetworkTimeSetsTheClockUnlessTold) {
    Device device;
    device.modem.clock.set(day(2020, 5, 6), -8, "AT+CCLK");
    device.modem.set_option(Modem::clock_follows_network, "0", true);
    device.modem.network_time(day(2026, 1, 2), 4, 1);
    EXPECT_EQ(device.modem.clock.utc(), day(2020, 5, 6));
    EXPECT_EQ(device.modem.clock.zone_quarters(), -8);
    EXPECT_EQ(device.modem.clock.network_time(), day(2026, 1, 2));
    EXPECT_EQ(device.events.take<ZoneChanged>().size(), 1U) << "it is told all the same";
    device.modem.set_option(Modem::clock_follows_network, "3", true);
    device.modem.network_time(day(2026, 1, 3), 4, 1);
    EXPECT_EQ(device.modem.clock.utc(), day(2026, 1, 3));
    EXPECT_STREQ(device.modem.clock.origin(), "network time");
}

}  // namespace
}  // namespace atls::modem
