// What every kind of link must do. A new kind adds a row to `kinds_under_test`.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "link/kinds.hpp"
#include "unit/link/bench.hpp"

namespace atls::link {
namespace {

/// Linux gives a TCP connection on loopback 4 MB to send and 6 to receive.
constexpr std::size_t more_than_buffers = 12'000'000;

struct Open {
    loop::Loop& loop;
    Modem& modem;
    const Scratch& scratch;
};

struct KindUnderTest {
    const char* name;
    bool reattaches;
    /// Opens modem.channel; returns what brings a host.
    std::function<std::function<std::unique_ptr<Host>()>(const Open&)> open;
};

void PrintTo(const KindUnderTest& kind, std::ostream* out) { *out << kind.name; }

std::unique_ptr<Channel> opened(const Open& with, const std::string& url) {
    auto channel = open(with.loop, url, with.modem);
    EXPECT_TRUE(channel.ok()) << channel.error().text;
    return std::move(*channel);
}

std::string after_colon(const std::string& url) { return url.substr(url.find(':') + 1); }

const KindUnderTest kinds_under_test[] = {
    {"pty", true,
     [](const Open& with) {
         with.modem.channel = opened(with, "pty:" + with.scratch / "modem");
         return [&loop = with.loop, url = with.modem.channel->url()] {
             loop::Fd fd(::open(after_colon(url).c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
             EXPECT_TRUE(fd);
             return std::make_unique<Host>(loop, std::move(fd), loop::Fd());
         };
     }},
    {"tcp", true,
     [](const Open& with) {
         with.modem.channel = opened(with, "tcp:127.0.0.1:0");
         return [&loop = with.loop, url = with.modem.channel->url()] {
             return std::make_unique<Host>(loop, loop::Fd(connect_tcp(after_colon(url))), loop::Fd());
         };
     }},
    {"unix", true,
     [](const Open& with) {
         with.modem.channel = opened(with, "unix:" + with.scratch / "socket");
         return [&loop = with.loop, url = with.modem.channel->url()] {
             return std::make_unique<Host>(loop, loop::Fd(connect_unix(after_colon(url))), loop::Fd());
         };
     }},
    {"rfc2217", true,
     [](const Open& with) {
         with.modem.channel = opened(with, "rfc2217:127.0.0.1:0");
         return [&loop = with.loop, url = with.modem.channel->url()] {
             return std::make_unique<Host>(loop, loop::Fd(connect_tcp(after_colon(url))), loop::Fd(),
                                           Host::Speech::telnet);
         };
     }},
    {"stdio", false,
     [](const Open& with) {
         int in[2], out[2];
         EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
         EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
         with.modem.channel = over_descriptors(with.loop, loop::Fd(in[0]), loop::Fd(out[1]), with.modem);
         return [&loop = with.loop, read = out[0], write = in[1]] {
             return std::make_unique<Host>(loop, loop::Fd(read), loop::Fd(write));
         };
     }},
};

class ChannelSuite : public testing::TestWithParam<KindUnderTest> {
protected:
    ChannelSuite() : bring_host(GetParam().open({loop, modem, scratch})) {}

    void attach() {
        host = bring_host();
        const int before = modem.attached;
        ASSERT_TRUE(loop.run_until([&] { return modem.attached == before + 1; }, generous));
    }
    void settle() {
        for (int i = 0; i < 20; ++i) loop.poll();
    }

    Scratch scratch;
    loop::Loop loop;
    Modem modem;
    std::function<std::unique_ptr<Host>()> bring_host;
    std::unique_ptr<Host> host;
};

TEST_P(ChannelSuite, IsEightBitCleanBothWaysWhateverTheSpeed) {
    attach();
    const auto up = random_octets(300'000, 1);
    const auto down = random_octets(more_than_buffers, 2);
    modem.appetite = 777;
    modem.at_bytes = [&] { modem.resume(); };
    host->appetite = 10'007;
    host->want_read(true);
    modem.to_send.append(down);
    host->send(up);
    modem.push();
    EXPECT_TRUE(loop.run_until(
        [&] { return modem.received.size() == up.size() && host->received.size() == down.size(); }, generous));
    EXPECT_TRUE(modem.received == up);
    EXPECT_TRUE(host->received == down);
    EXPECT_GT(modem.writable, 0) << "a slow host must have stopped us";
}

TEST_P(ChannelSuite, NotTakingStopsTheHostAndResumeGoesOn) {
    attach();
    const auto up = random_octets(more_than_buffers, 3);
    modem.appetite = 0;
    host->send(up);
    ASSERT_TRUE(loop.run_until([&] { return !modem.said.empty() && modem.said.back() == 'k'; }, generous));
    settle();
    EXPECT_EQ(modem.said, "Ak") << "offered once, then left alone";
    EXPECT_GT(host->to_send.size(), 0U);
    modem.resume();
    modem.resume();
    settle();
    EXPECT_EQ(modem.said, "Akk");
    modem.appetite = ~std::size_t{0};
    modem.resume();
    EXPECT_TRUE(loop.run_until([&] { return modem.received.size() == up.size(); }, generous));
    EXPECT_TRUE(modem.received == up);
}

TEST_P(ChannelSuite, AHostThatDoesNotReadStopsUsUntilItDoes) {
    attach();
    const auto down = random_octets(more_than_buffers, 4);
    modem.to_send.append(down);
    modem.push();
    settle();
    EXPECT_GT(modem.to_send.size(), 0U);
    host->want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return host->received.size() == down.size(); }, generous));
    EXPECT_TRUE(host->received == down);
}

TEST_P(ChannelSuite, EverythingIsTakenBeforeTheHostIsSaidToHaveLeft) {
    attach();
    const auto up = random_octets(3'000, 5);
    modem.appetite = 100;
    host->send(up);
    ASSERT_TRUE(host->to_send.empty());
    host.reset();
    ASSERT_TRUE(loop.run_until([&] { return !modem.received.empty(); }, generous));
    settle();
    EXPECT_EQ(modem.detached, 0);
    modem.at_bytes = [&] { modem.resume(); };
    modem.resume();
    EXPECT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    EXPECT_TRUE(modem.received == up);
    EXPECT_EQ(modem.channel->reattaches(), GetParam().reattaches);
}

TEST_P(ChannelSuite, WithoutAHostWritesAreDropped) {
    modem.to_send.append("RDY\r\n");
    if (GetParam().reattaches) {
        modem.push();
        EXPECT_TRUE(modem.to_send.empty());
    }
    modem.to_send.clear();
    attach();
    modem.to_send.append("hello");
    modem.push();
    host->want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return host->received.size() >= 5; }, generous));
    EXPECT_EQ(host->received, "hello");
}

TEST_P(ChannelSuite, AHostComesAgain) {
    if (!GetParam().reattaches) GTEST_SKIP();
    for (int i = 1; i <= 3; ++i) {
        attach();
        // Unread answers must not greet the next host.
        modem.to_send.append("stale");
        modem.push();
        settle();
        host.reset();
        ASSERT_TRUE(loop.run_until([&] { return modem.detached == i; }, generous));
    }
    EXPECT_EQ(modem.said, "ADADAD");
    attach();
    host->want_read(true);
    modem.to_send.append("fresh");
    modem.push();
    EXPECT_TRUE(loop.run_until([&] { return host->received.size() >= 5; }, generous));
    EXPECT_EQ(host->received, "fresh");
    host->send("AT\r");
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
}

TEST_P(ChannelSuite, AHostThatClosesAndOpensAtOnceIsANewSession) {
    if (!GetParam().reattaches) GTEST_SKIP();
    attach();
    host.reset();
    host = bring_host();
    host->send("AT\r");
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
    EXPECT_EQ(modem.said, "ADAb");
    host->want_read(true);
    modem.to_send.append("OK");
    modem.push();
    EXPECT_TRUE(loop.run_until([&] { return host->received == "OK"; }, generous));
}

TEST_P(ChannelSuite, AHostThatOpensWritesAndClosesAtOnceIsHeard) {
    if (!GetParam().reattaches) GTEST_SKIP();
    bring_host()->send("AT\r");
    EXPECT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    EXPECT_EQ(modem.said, "AbD");
    EXPECT_EQ(modem.received, "AT\r");
}

TEST_P(ChannelSuite, ANewHostWaitsForWhatTheOldOneSent) {
    if (!GetParam().reattaches) GTEST_SKIP();
    attach();
    modem.appetite = 1;
    host->send("old");
    ASSERT_TRUE(loop.run_until([&] { return modem.received == "o"; }, generous));
    host.reset();
    host = bring_host();
    host->send("new");
    settle();
    modem.appetite = 100;
    modem.resume();
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "oldnew"; }, generous));
    EXPECT_EQ(modem.said, "AkkbDAb");
}

// A host that went while its peer read nothing must not keep the port from the next one.
TEST_P(ChannelSuite, WhatIsStuckDoesNotKeepANewHostOut) {
    if (!GetParam().reattaches) GTEST_SKIP();
    attach();
    modem.appetite = 0;
    modem.under_pressure = 100'000;
    // More than a channel reads at once, less than a socket holds: beyond that a FIN does not get through either.
    const Bytes sent = random_octets(40'000, 3);
    host->send(sent);
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ak"; }, generous));
    settle();
    const std::size_t unsent = host->to_send.size();
    host.reset();
    settle();
    host = bring_host();
    modem.at_attached = [&] { modem.appetite = 100; };
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 2; }, generous));
    EXPECT_EQ(modem.detached, 1);
    EXPECT_EQ(modem.said.find('-'), Bytes::npos);
    const auto bare = [&](const Bytes& octets) { return octets.substr(0, modem.received.size()); };
    EXPECT_TRUE(modem.received == bare(sent)) << "in order";
    if (std::string(GetParam().name) != "rfc2217") {
        EXPECT_EQ(modem.received.size(), sent.size() - unsent);
    }
    modem.received.clear();
    host->send("AT\r");
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
}

TEST_P(ChannelSuite, MayBeDestroyedFromAnyCallback) {
    const auto destroy = [&] { modem.channel.reset(); };
    const auto gone = [&] { return modem.channel == nullptr; };
    modem.at_attached = destroy;
    host = bring_host();
    EXPECT_TRUE(loop.run_until(gone, generous));

    host.reset();
    modem.at_attached = nullptr;
    bring_host = GetParam().open({loop, modem, scratch});
    attach();
    modem.at_bytes = destroy;
    host->send("AT\r");
    EXPECT_TRUE(loop.run_until(gone, generous));

    modem.at_bytes = nullptr;
    host.reset();
    bring_host = GetParam().open({loop, modem, scratch});
    attach();
    modem.at_detached = destroy;
    host.reset();
    EXPECT_TRUE(loop.run_until(gone, generous));

    modem.at_detached = nullptr;
    bring_host = GetParam().open({loop, modem, scratch});
    attach();
    modem.at_writable = destroy;
    modem.to_send.append(Bytes(more_than_buffers, 'x'));
    modem.push();
    host->want_read(true);
    EXPECT_TRUE(loop.run_until(gone, generous));
    settle();
}

INSTANTIATE_TEST_SUITE_P(Kinds, ChannelSuite, testing::ValuesIn(kinds_under_test),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace atls::link
