#include "modem/network.hpp"

#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

struct Radio {
    Profile profile = test_profile();
    Recorder events;
    Network network{profile, events};
    std::size_t changes() { return events.take<RegistrationChanged>().size(); }
};

TEST(Network, IsAtHomeFromTheStart) {
    Radio radio;
    EXPECT_EQ(radio.network.registration(), Registration::home);
    EXPECT_TRUE(radio.network.registered());
    EXPECT_TRUE(radio.network.attached());
    EXPECT_EQ(radio.changes(), 0U);
}

TEST(Network, CoverageChangesAllThreeDomainsOnce) {
    Radio radio;
    radio.network.set_coverage(Registration::roaming);
    EXPECT_EQ(radio.changes(), 3U);
    EXPECT_TRUE(radio.network.registered());
    radio.network.set_coverage(Registration::roaming);
    EXPECT_EQ(radio.changes(), 0U);
    radio.network.set_coverage(Registration::denied);
    EXPECT_FALSE(radio.network.registered());
    EXPECT_FALSE(radio.network.attached());
}

TEST(Network, WithoutRadioOrSimThereIsNone) {
    Radio radio;
    for (const Functionality off : {Functionality::minimum, Functionality::flight}) {
        radio.network.set_functionality(off);
        EXPECT_EQ(radio.network.registration(), Registration::idle);
        EXPECT_EQ(radio.changes(), 3U);
        radio.network.set_coverage(Registration::roaming);
        EXPECT_EQ(radio.changes(), 0U) << "unseen while the radio is off";
        radio.network.set_functionality(Functionality::full);
        EXPECT_EQ(radio.network.registration(), Registration::roaming);
        EXPECT_EQ(radio.changes(), 3U);
    }
    radio.network.set_sim(Sim::pin_wanted);
    EXPECT_EQ(radio.network.registration(), Registration::idle);
    EXPECT_TRUE(radio.events.take<SimChanged>().empty());
    radio.network.set_sim(Sim::absent);
    const auto changed = radio.events.take<SimChanged>();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_FALSE(changed.front().inserted);
    EXPECT_FALSE(radio.network.sim_inserted());
}

TEST(Network, HostDeregistersAndDetaches) {
    Radio radio;
    radio.network.set_deregistered(true);
    EXPECT_EQ(radio.network.registration(), Registration::idle);
    EXPECT_TRUE(radio.network.deregistered_by_host());
    radio.network.set_deregistered(false);
    radio.events.events.clear();
    radio.network.set_attached(false);
    EXPECT_EQ(radio.changes(), 2U);
    EXPECT_TRUE(radio.network.registered());
    EXPECT_FALSE(radio.network.attached());
    EXPECT_FALSE(radio.network.merely_searching());
}

TEST(Network, SearchingIsNotTheEndOfTheContexts) {
    Radio radio;
    radio.network.set_coverage(Registration::searching);
    EXPECT_TRUE(radio.network.merely_searching());
    radio.network.set_coverage(Registration::denied);
    EXPECT_FALSE(radio.network.merely_searching());
}

TEST(Network, SignalAndCellAreAnnouncedWhenTheyChange) {
    Radio radio;
    Signal signal = radio.network.signal();
    radio.network.set_signal(signal);
    EXPECT_TRUE(radio.events.take<SignalChanged>().empty());
    signal.rssi = 3;
    radio.network.set_signal(signal);
    EXPECT_EQ(radio.events.take<SignalChanged>().size(), 1U);
    Operator info = radio.network.operator_info();
    info.long_name = "Other";
    radio.network.set_operator(info);
    EXPECT_EQ(radio.changes(), 0U);
    info.cell = "01";
    radio.network.set_operator(info);
    EXPECT_EQ(radio.changes(), 3U);
}

TEST(Network, PowerForgetsWhatTheHostHadSet) {
    Radio radio;
    radio.network.set_functionality(Functionality::flight);
    radio.network.set_attached(false);
    radio.network.set_deregistered(true);
    radio.network.set_powered(false);
    EXPECT_EQ(radio.network.registration(), Registration::idle);
    radio.network.set_powered(true);
    EXPECT_TRUE(radio.network.attached());
    EXPECT_EQ(radio.network.functionality(), Functionality::full);
}

}  // namespace
}  // namespace atls::modem
