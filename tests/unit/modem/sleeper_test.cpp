#include "modem/sleeper.hpp"

#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

struct Sleepy {
    Timers timers;
    Recorder events;
    Sleeper sleeper{timers, events};
    void pass(Duration time) { timers.advance(timers.now() + time); }
    std::vector<Sleep> changes() {
        std::vector<Sleep> all;
        for (const auto& event : events.take<SleepChanged>()) all.push_back(event.now);
        return all;
    }
};
using Changes = std::vector<Sleep>;

TEST(Sleeper, SleepsOnlyAsDeepAsAllowed) {
    Sleepy sleepy;
    EXPECT_FALSE(sleepy.sleeper.fall_asleep(Sleep::light));
    sleepy.sleeper.allow(Sleep::light);
    EXPECT_FALSE(sleepy.sleeper.fall_asleep(Sleep::deep));
    EXPECT_TRUE(sleepy.sleeper.fall_asleep(Sleep::light));
    EXPECT_FALSE(sleepy.sleeper.deaf());
    sleepy.sleeper.host_spoke();
    EXPECT_EQ(sleepy.changes(), (Changes{Sleep::light, Sleep::awake}));
    EXPECT_FALSE(sleepy.sleeper.wake());
}

TEST(Sleeper, DeepSleepNeedsToBeWoken) {
    Sleepy sleepy;
    sleepy.sleeper.allow(Sleep::deep);
    EXPECT_TRUE(sleepy.sleeper.fall_asleep(Sleep::deep));
    sleepy.sleeper.host_spoke();
    EXPECT_TRUE(sleepy.sleeper.deaf());
    EXPECT_TRUE(sleepy.sleeper.wake());
    EXPECT_EQ(sleepy.changes(), (Changes{Sleep::deep, Sleep::awake}));
}

TEST(Sleeper, IdlenessCountsFromTheHostsLastOctet) {
    Sleepy sleepy;
    sleepy.sleeper.allow(Sleep::deep);
    sleepy.pass(1000s);
    EXPECT_EQ(sleepy.sleeper.now(), Sleep::awake) << "off by default";
    sleepy.sleeper.set_idle_time(10s);
    sleepy.pass(9s);
    sleepy.sleeper.host_spoke();
    sleepy.pass(9s);
    EXPECT_EQ(sleepy.sleeper.now(), Sleep::awake);
    sleepy.pass(2s);
    EXPECT_EQ(sleepy.sleeper.now(), Sleep::deep);
    sleepy.sleeper.reset();
    EXPECT_EQ(sleepy.sleeper.now(), Sleep::awake);
}

}  // namespace
}  // namespace atls::modem
