#include "loop/loop.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loop/address.hpp"
#include "loop/fd.hpp"
#include "loop/timer.hpp"
#include "loop/watch.hpp"
#include "loop/words.hpp"

namespace atls::loop {
namespace {

using namespace std::chrono_literals;

constexpr Duration generous = 20s;

std::pair<Fd, Fd> connected_pair() {
    int both[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both), 0);
    return {Fd(both[0]), Fd(both[1])};
}

TEST(Loop, RunsPostedTasksInOrderAndNotAtOnce) {
    Loop loop;
    std::vector<int> order;
    loop.post([&] {
        order.push_back(1);
        loop.post([&] { order.push_back(3); });
        order.push_back(2);
    });
    EXPECT_TRUE(order.empty());
    EXPECT_TRUE(loop.run_until([&] { return order.size() == 3; }, generous));
    EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(Loop, RunStaysUntilStopped) {
    Loop loop;
    bool ran = false;
    Timer timer(loop, [&] {
        ran = true;
        loop.stop();
    });
    timer.set(loop.now() + 2ms);
    loop.run();
    EXPECT_TRUE(ran);
    // And again after a stop.
    timer.set(loop.now());
    ran = false;
    loop.run();
    EXPECT_TRUE(ran);
}

TEST(Loop, AStopThatComesTooEarlyIsNotLost) {
    Loop loop;
    loop.stop();
    loop.run();
    bool ran = false;
    loop.post([&] { ran = true; });
    loop.poll();
    EXPECT_TRUE(ran);
}

TEST(Loop, RunUntilGivesUpAtItsLimit) {
    Loop loop;
    EXPECT_FALSE(loop.run_until([] { return false; }, 5ms));
}

TEST(Soon, SeveralCallsAreOneRunAndDestroyingWithdraws) {
    Loop loop;
    int runs = 0;
    Soon soon(loop, [&] { ++runs; });
    soon.call();
    soon.call();
    loop.poll();
    EXPECT_EQ(runs, 1);
    soon.call();
    loop.poll();
    EXPECT_EQ(runs, 2);
    auto withdrawn = std::make_unique<Soon>(loop, [&] { ++runs; });
    withdrawn->call();
    withdrawn.reset();
    loop.poll();
    EXPECT_EQ(runs, 2);
}

TEST(Soon, MayBeDestroyedByItsOwnTask) {
    Loop loop;
    std::unique_ptr<Soon> soon;
    std::string text = "long enough to be on the heap, so that a sanitizer sees a use after free";
    soon = std::make_unique<Soon>(loop, [&soon, copy = text, &text] {
        soon.reset();
        text = copy + "!";
    });
    soon->call();
    loop.poll();
    EXPECT_EQ(text.back(), '!');
}

TEST(Timer, NowHasReachedTheDeadlineAndALaterSettingReplacesAnEarlier) {
    Loop loop;
    std::optional<Time> seen;
    Timer timer(loop, [&] { seen = loop.now(); });
    const Time first = loop.now() + 1ms;
    const Time second = first + 3ms;
    timer.set(first);
    timer.set(second);
    timer.set(second);
    EXPECT_TRUE(loop.run_until([&] { return seen.has_value(); }, generous));
    EXPECT_GE(*seen, second);
}

TEST(Timer, AnExpiryAlreadyQueuedIsVoidAfterSet) {
    Loop loop;
    int fired = 0;
    Timer a(loop, [&] { ++fired; });
    Timer b(loop, [&] { ++fired; });
    Timer* other_of_first = nullptr;
    // Both are due at once; whichever runs first takes the other's back.
    Timer killer(loop, [&] {
        a.set(std::nullopt);
        b.set(loop.now() + 1h);
        other_of_first = &b;
    });
    const Time due = loop.now() + 1ms;
    killer.set(due - 1us);
    a.set(due);
    b.set(due);
    while (loop.now() < due) {
    }
    EXPECT_TRUE(loop.run_until([&] { return other_of_first != nullptr; }, generous));
    loop.poll();
    EXPECT_EQ(fired, 0);
}

TEST(Watch, CallsWhileReadyAndWanted) {
    Loop loop;
    auto [here, there] = connected_pair();
    int readable = 0;
    std::unique_ptr<Watch> watch;
    watch = std::make_unique<Watch>(loop, here.get(), [&] {
        ++readable;
        if (readable == 3) watch->want_read(false);
    });
    ASSERT_EQ(::write(there.get(), "x", 1), 1);
    loop.poll();
    EXPECT_EQ(readable, 0) << "nothing is wanted at first";
    watch->want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return readable == 3; }, generous));  // unread data: called each time round
    loop.poll();
    EXPECT_EQ(readable, 3);
    watch->want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return readable == 4; }, generous));
}

TEST(Watch, WritableWhenThePeerReads) {
    Loop loop;
    auto [here, there] = connected_pair();
    std::array<char, 65536> block{};
    while (::write(here.get(), block.data(), block.size()) > 0) {
    }
    bool writable = false;
    std::unique_ptr<Watch> watch;
    watch = std::make_unique<Watch>(
        loop, here.get(), [] {},
        [&] {
            writable = true;
            watch->want_write(false);
        });
    watch->want_write(true);
    loop.poll();
    EXPECT_FALSE(writable);
    while (::read(there.get(), block.data(), block.size()) > 0) {
    }
    EXPECT_TRUE(loop.run_until([&] { return writable; }, generous));
}

TEST(Watch, MayBeDestroyedByItsOwnCallbackAndLeavesTheDescriptorOpen) {
    Loop loop;
    auto [here, there] = connected_pair();
    std::unique_ptr<Watch> watch;
    watch = std::make_unique<Watch>(loop, here.get(), [&] { watch.reset(); });
    watch->want_read(true);
    ASSERT_EQ(::write(there.get(), "x", 1), 1);
    EXPECT_TRUE(loop.run_until([&] { return watch == nullptr; }, generous));
    char c = 0;
    EXPECT_EQ(::read(here.get(), &c, 1), 1);
    Watch again(loop, here.get(), [] {});
}

TEST(Watch, ARegularFileIsAlwaysReady) {
    Loop loop;
    std::string path = "/tmp/atls-watch-XXXXXX";
    Fd file(::mkstemp(path.data()));
    ::unlink(path.c_str());
    int readable = 0;
    Watch watch(loop, file.get(), [&] { ++readable; });
    watch.want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return readable == 2; }, generous));
}

TEST(Signals, ArriveFromTheLoop) {
    Loop loop;
    std::vector<int> seen;
    Signals signals(loop, {SIGUSR1, SIGUSR2}, [&](int number) { seen.push_back(number); });
    std::raise(SIGUSR1);
    EXPECT_TRUE(seen.empty());
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == 1; }, generous));
    std::raise(SIGUSR2);
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == 2; }, generous));
    EXPECT_EQ(seen, (std::vector{SIGUSR1, SIGUSR2}));
}

TEST(Words, OfErrno) {
    EXPECT_EQ(words_of(ECONNREFUSED), "connection refused");
    EXPECT_EQ(words_and_name_of(ECONNREFUSED), "connection refused (ECONNREFUSED)");
    EXPECT_EQ(words_of(EACCES), "permission denied");
    EXPECT_EQ(words_of(123456), "error 123456");
}

TEST(Address, NumericOnly) {
    EXPECT_EQ(SocketAddress::numeric("127.0.0.1", 80)->text(), "127.0.0.1:80");
    EXPECT_EQ(SocketAddress::numeric("2001:db8::1", 443)->text(), "[2001:db8::1]:443");
    EXPECT_EQ(SocketAddress::numeric("::1", 1)->ip(), "::1");
    for (const char* none : {"", "127.1", "localhost", "1.2.3.4.5", "256.1.1.1", "010.0.0.1 ", "::g"}) {
        EXPECT_FALSE(SocketAddress::numeric(none, 1)) << none;
    }
    EXPECT_FALSE(SocketAddress::numeric(std::string_view("1.2.3.4\0x", 9), 1));
}

TEST(Address, SplitsHostAndPort) {
    EXPECT_EQ(split_host_and_port("127.0.0.1:80")->port, 80);
    EXPECT_EQ(split_host_and_port("[::1]:65535")->host, "::1");
    for (const char* none : {"", ":", ":80", "host", "host:", "host:65536", "host:-1", "host:8o"}) {
        EXPECT_FALSE(split_host_and_port(none)) << none;
    }
}

}  // namespace
}  // namespace atls::loop
