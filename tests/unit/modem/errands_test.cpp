#include "modem/errands.hpp"

#include "modem/sntp.hpp"
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using testing::ElementsAre;

TEST(Resolve, GivesAllAddresses) {
    Device device;
    device.net.add_name("two.example", {"192.0.2.1", "192.0.2.2"}, 60);
    device.modem.errands.resolve(3, 1, "two.example");
    EXPECT_TRUE(device.events.events.empty());
    device.settle();
    const auto found = device.events.take<NameResolved>();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].port, 3);
    EXPECT_EQ(found[0].fault, Fault::none);
    EXPECT_THAT(found[0].addresses, ElementsAre("192.0.2.1", "192.0.2.2"));
    EXPECT_EQ(found[0].ttl_seconds, 60U);
}

TEST(Resolve, Fails) {
    Device device;
    device.modem.errands.resolve(0, 1, "none.example");
    device.modem.errands.resolve(0, 2, "echo.example");
    device.settle();
    const auto found = device.events.take<NameResolved>();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].fault, Fault::context_inactive);
    EXPECT_EQ(found[1].fault, Fault::name_not_resolved);
}

TEST(Resolve, GivesUpAfterAMinute) {
    Device device;
    device.net.silence("quiet.example");
    device.modem.errands.resolve(0, 1, "quiet.example");
    device.pass(59s);
    EXPECT_TRUE(device.events.events.empty());
    device.pass(1s);
    const auto found = device.events.take<NameResolved>();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].fault, Fault::timed_out);
}

TEST(Ping, OneProbeASecond) {
    Device device;
    device.net.set_ping("192.0.2.1", 30ms, 50);
    device.modem.errands.ping(2, 1, "192.0.2.1", 4s, 3);
    EXPECT_TRUE(device.modem.errands.pinging());
    device.pass(30ms);
    auto replies = device.events.take<PingReply>();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].ip, "192.0.2.1");
    EXPECT_EQ(replies[0].octets, 32);
    EXPECT_EQ(replies[0].milliseconds, 30);
    EXPECT_EQ(replies[0].ttl, 50);
    device.net.set_ping("192.0.2.1", 90ms, 50);
    device.pass(999ms);
    EXPECT_TRUE(device.events.events.empty());
    device.pass(1s + 90ms);
    EXPECT_EQ(device.events.take<PingReply>().size(), 2U);
    const auto finished = device.events.take<PingFinished>();
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].fault, Fault::none);
    EXPECT_EQ(finished[0].sent, 3);
    EXPECT_EQ(finished[0].received, 3);
    EXPECT_EQ(finished[0].lost, 0);
    EXPECT_EQ(finished[0].shortest, 30);
    EXPECT_EQ(finished[0].longest, 90);
    EXPECT_EQ(finished[0].average, 70);
    EXPECT_FALSE(device.modem.errands.pinging());
}

TEST(Ping, ProbesTimeOutOneByOne) {
    Device device;
    device.net.silence("192.0.2.1");
    device.modem.errands.ping(0, 1, "192.0.2.1", 4s, 2);
    device.pass(4s);
    const auto replies = device.events.take<PingReply>();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].fault, Fault::timed_out);
    device.pass(4s);
    const auto finished = device.events.take<PingFinished>();
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].sent, 2);
    EXPECT_EQ(finished[0].lost, 2);
}

TEST(Ping, Refused) {
    Device device;
    device.modem.errands.ping(0, 9, "192.0.2.1", 4s, 1);
    device.modem.errands.ping(0, 1, "none.example", 4s, 1);
    device.modem.errands.ping(1, 1, "192.0.2.1", 4s, 1);
    device.settle();
    const auto finished = device.events.take<PingFinished>();
    ASSERT_EQ(finished.size(), 3U);
    EXPECT_EQ(finished[0].fault, Fault::context_inactive);
    EXPECT_EQ(finished[1].fault, Fault::busy);
    EXPECT_EQ(finished[1].port, 1);
    EXPECT_EQ(finished[2].fault, Fault::name_not_resolved);
}

TEST(TimeFetch, SetsTheClock) {
    Device device;
    const WallTime truth = day(2031, 2, 3) + 4h;
    device.net.serve_time("ntp.example", [&] { return truth; });
    device.modem.errands.fetch_time(1, 1, "ntp.example", 123, true);
    EXPECT_EQ(device.modem.errands.fetching_time()->server, "ntp.example");
    device.settle();
    const auto fetched = device.events.take<TimeFetched>();
    ASSERT_EQ(fetched.size(), 1U);
    EXPECT_EQ(fetched[0].fault, Fault::none);
    EXPECT_EQ(fetched[0].utc, truth);
    EXPECT_EQ(fetched[0].zone_quarters, 8);
    EXPECT_EQ(device.modem.clock.utc(), truth);
    EXPECT_STREQ(device.modem.clock.origin(), "NTP");
    EXPECT_FALSE(device.modem.errands.fetching_time().has_value());
    EXPECT_EQ(device.net.open_connections(), 0);
}

TEST(TimeFetch, LeavesTheClockAlone) {
    Device device;
    const WallTime before = device.modem.clock.utc();
    device.net.serve_time("ntp.example", [] { return day(2031, 2, 3); });
    device.modem.errands.fetch_time(1, 1, "ntp.example", 123, false);
    device.settle();
    EXPECT_EQ(device.modem.clock.utc(), before);
}

TEST(TimeFetch, AsksAgainThenGivesUp) {
    Device device;
    int asked = 0;
    struct Deaf final : test::FakeServer {
        explicit Deaf(int& count) : count_(count) {}
        void on_bytes(test::FakePeer&, BytesView) override { ++count_; }
        int& count_;
    };
    device.net.serve("ntp.example", 123, Transport::udp, [&] { return std::make_unique<Deaf>(asked); });
    device.modem.errands.fetch_time(1, 1, "ntp.example", 123, true);
    device.pass(124s);
    EXPECT_EQ(asked, 9);
    EXPECT_TRUE(device.events.events.empty());
    device.pass(1s);
    const auto fetched = device.events.take<TimeFetched>();
    ASSERT_EQ(fetched.size(), 1U);
    EXPECT_EQ(fetched[0].fault, Fault::timed_out);
}

TEST(TimeFetch, Refused) {
    Device device;
    device.modem.errands.fetch_time(0, 5, "ntp.example", 123, true);
    device.modem.errands.fetch_time(0, 1, "none.example", 123, true);
    device.modem.errands.fetch_time(0, 1, "none.example", 123, true);
    device.settle();
    const auto fetched = device.events.take<TimeFetched>();
    ASSERT_EQ(fetched.size(), 3U);
    EXPECT_EQ(fetched[0].fault, Fault::context_inactive);
    EXPECT_EQ(fetched[1].fault, Fault::busy);
    EXPECT_EQ(fetched[2].fault, Fault::name_not_resolved);
}

TEST(Errands, EndWithTheirContext) {
    Device device;
    device.net.silence("quiet.example");
    device.modem.errands.resolve(0, 1, "quiet.example");
    device.modem.errands.ping(0, 1, "quiet.example", 4s, 1);
    device.modem.errands.fetch_time(0, 1, "quiet.example", 123, true);
    device.modem.contexts.lose(1);
    device.settle();
    EXPECT_EQ(device.events.take<NameResolved>().at(0).fault, Fault::context_lost);
    EXPECT_EQ(device.events.take<PingFinished>().at(0).fault, Fault::context_lost);
    EXPECT_EQ(device.events.take<TimeFetched>().at(0).fault, Fault::context_lost);
    device.pass(200s);
    EXPECT_EQ(device.events.take<ContextLost>().size(), 1U);
    EXPECT_TRUE(device.events.events.empty());
}

TEST(Errands, GoSilentlyWithThePower) {
    Device device;
    device.modem.errands.resolve(0, 1, "echo.example");
    device.modem.errands.ping(0, 1, "echo.example", 4s, 1);
    device.modem.errands.drop_all();
    device.pass(200s);
    EXPECT_TRUE(device.events.events.empty());
}

// --- the packet ---------------------------------------------------------------------------------------------------

Bytes answer_with(std::uint64_t nonce, std::uint32_t seconds, std::uint32_t fraction = 0) {
    Bytes packet(48, '\0');
    packet[0] = 0x24;
    packet[1] = 1;
    const auto put = [&](std::size_t at, std::uint64_t value) {
        for (unsigned i = 0; i < 8; ++i) packet[at + i] = static_cast<char>(value >> (56U - 8U * i) & 255U);
    };
    put(24, nonce);
    put(40, std::uint64_t{seconds} << 32U | fraction);
    return packet;
}

TEST(Sntp, RequestIsVersionFourClient) {
    const Bytes request = sntp_request(0x0102030405060708U);
    ASSERT_EQ(request.size(), 48U);
    EXPECT_EQ(request[0], 0x23);
    EXPECT_EQ(to_hex(request.substr(40)), "0102030405060708");
}

TEST(Sntp, BothEras) {
    EXPECT_EQ(sntp_answer(answer_with(5, 3944678400U), 5).value(), day(2025, 1, 1));
    EXPECT_EQ(sntp_answer(answer_with(5, 0xFFFFFFFFU), 5).value(), day(2036, 2, 7) + 6h + 28min + 15s);
    EXPECT_EQ(sntp_answer(answer_with(5, 1), 5).value(), day(2036, 2, 7) + 6h + 28min + 17s);
    EXPECT_EQ(sntp_answer(answer_with(5, 0x80000000U), 5).value(), day(1968, 1, 20) + 3h + 14min + 8s);
}

TEST(Sntp, RoundsToTheSecond) {
    EXPECT_EQ(sntp_answer(answer_with(5, 3944678400U, 0x7FFFFFFFU), 5).value(), day(2025, 1, 1));
    EXPECT_EQ(sntp_answer(answer_with(5, 3944678400U, 0x80000000U), 5).value(), day(2025, 1, 1) + 1s);
}

TEST(Sntp, TrustsNoOther) {
    const Bytes good = answer_with(5, 3944678400U);
    EXPECT_FALSE(sntp_answer(good.substr(0, 47), 5).ok());
    EXPECT_FALSE(sntp_answer(good, 6).ok());
    const auto changed = [&](std::size_t at, char value) {
        Bytes packet = good;
        packet[at] = value;
        return sntp_answer(packet, 5);
    };
    EXPECT_FALSE(changed(0, 0x23).ok()) << "a client";
    EXPECT_FALSE(changed(0, static_cast<char>(0xE4)).ok()) << "unsynchronised";
    EXPECT_FALSE(changed(1, 16).ok()) << "unsynchronised";
    EXPECT_FALSE(sntp_answer(answer_with(5, 0), 5).ok());
    Bytes kiss = good;
    kiss.replace(1, 1, 1, '\0');
    kiss.replace(12, 4, "RATE");
    EXPECT_EQ(sntp_answer(kiss, 5).error(), "server refuses: RATE");
}

}  // namespace
}  // namespace atls::modem
