#include "base/timers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace atls {
namespace {

using namespace std::chrono_literals;

TEST(Timers, RunInOrderOfDueTimeThenOfCreation) {
    Timers timers;
    std::string ran;
    const auto late = timers.after(3s, [&] { ran += 'c'; });
    const auto first = timers.after(1s, [&] { ran += 'a'; });
    const auto second = timers.after(1s, [&] { ran += 'b'; });
    timers.advance(Time{999'999us});
    EXPECT_EQ(ran, "");
    timers.advance(Time{1s});
    EXPECT_EQ(ran, "ab");
    EXPECT_EQ(timers.next_deadline(), Time{3s});
    timers.advance(Time{10s});
    EXPECT_EQ(ran, "abc");
    EXPECT_FALSE(timers.next_deadline());
}

TEST(Timers, NowIsTheDueTimeWhileRunning) {
    Timers timers;
    Time seen;
    const auto handle = timers.after(2s, [&] { seen = timers.now(); });
    timers.advance(Time{5s});
    EXPECT_EQ(seen, Time{2s});
    EXPECT_EQ(timers.now(), Time{5s});
}

TEST(Timers, NeverGoBack) {
    Timers timers(Time{5s});
    timers.advance(Time{1s});
    EXPECT_EQ(timers.now(), Time{5s});
}

TEST(Timers, OneThatIsOverdueRunsAtOnceWithoutGoingBack) {
    Timers timers(Time{5s});
    Time seen;
    const auto handle = timers.at(Time{1s}, [&] { seen = timers.now(); });
    timers.advance(Time{5s});
    EXPECT_EQ(seen, Time{5s});
}

TEST(Timers, CreatedWhileRunningRunInTheSameAdvance) {
    Timers timers;
    int count = 0;
    Timers::Handle next;
    std::function<void()> again = [&] {
        if (++count < 4) next = timers.after(1s, again);
    };
    next = timers.after(0s, again);
    timers.advance(Time{10s});
    EXPECT_EQ(count, 4);
}

TEST(TimerHandle, CancelsWhenDestroyedOrAssigned) {
    Timers timers;
    std::string ran;
    {
        const auto dropped = timers.after(1s, [&] { ran += 'x'; });
        EXPECT_TRUE(dropped.pending());
    }
    auto handle = timers.after(1s, [&] { ran += 'y'; });
    handle = timers.after(1s, [&] { ran += 'z'; });
    timers.advance(Time{2s});
    EXPECT_EQ(ran, "z");
    EXPECT_FALSE(handle.pending());
    handle.cancel();  // one that ran: nothing happens
}

TEST(TimerHandle, MovesTheTimerAlong) {
    Timers timers;
    int ran = 0;
    Timers::Handle first = timers.after(1s, [&] { ++ran; });
    Timers::Handle second(std::move(first));
    EXPECT_FALSE(first.pending());  // NOLINT: a moved handle is empty
    EXPECT_TRUE(second.pending());
    Timers::Handle& same = second;
    second = std::move(same);
    timers.advance(Time{1s});
    EXPECT_EQ(ran, 1);
}

TEST(TimerHandle, MayBeReplacedByItsOwnAction) {
    Timers timers;
    int ran = 0;
    Timers::Handle handle;
    handle = timers.after(1s, [&] {
        ++ran;
        handle = timers.after(1s, [&] { ++ran; });
    });
    timers.advance(Time{3s});
    EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace atls
