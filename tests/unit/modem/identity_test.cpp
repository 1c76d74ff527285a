#include "modem/identity.hpp"

#include <gtest/gtest.h>

#include "modem/clock.hpp"

namespace atls::modem {
namespace {

TEST(Identity, LuhnDigitOfKnownNumbers) {
    EXPECT_EQ(luhn_digit("49015420323751"), '8');
    EXPECT_EQ(luhn_digit("7992739871"), '3');
    EXPECT_EQ(luhn_digit("0"), '0');
}

TEST(Identity, HasTheLengthsAndCheckDigits) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const Identity identity = identity_from(seed);
        ASSERT_EQ(identity.imei.size(), 15U);
        ASSERT_EQ(identity.imsi.size(), 15U);
        ASSERT_EQ(identity.iccid.size(), 20U);
        EXPECT_EQ(luhn_digit(identity.imei.substr(0, 14)), identity.imei.back());
        EXPECT_EQ(luhn_digit(identity.iccid.substr(0, 19)), identity.iccid.back());
        EXPECT_EQ(identity.iccid.substr(0, 2), "89");
    }
}

TEST(Identity, SameSeedSameModem) {
    EXPECT_EQ(identity_from(7).imei, identity_from(7).imei);
    EXPECT_NE(identity_from(7).imei, identity_from(8).imei);
}

TEST(Clock, CountsOnFromWhatItWasGiven) {
    Timers timers;
    const WallTime start{std::chrono::seconds{1000000000}};
    const Clock clock(timers, start, 4);
    timers.advance(Time{std::chrono::milliseconds{61999}});
    EXPECT_EQ(clock.utc(), start + std::chrono::seconds{61});
    EXPECT_TRUE(clock.ever_set());
    EXPECT_EQ(clock.zone_quarters(), 4);
    EXPECT_EQ(clock.network_time(), start);
    EXPECT_STREQ(clock.origin(), "network time");
}

TEST(Clock, UnsetStandsAtTheGpsEpoch) {
    Timers timers;
    Clock clock(timers, std::nullopt);
    EXPECT_EQ(clock.utc(), WallTime{std::chrono::sys_days{std::chrono::year{1980} / 1 / 6}});
    EXPECT_FALSE(clock.ever_set());
    EXPECT_FALSE(clock.network_time().has_value());
    EXPECT_STREQ(clock.origin(), "never set");
}

TEST(Clock, HostAndNetworkSetIt) {
    Timers timers;
    Clock clock(timers, std::nullopt);
    timers.advance(Time{std::chrono::seconds{5}});
    const WallTime by_host{std::chrono::seconds{1500000000}};
    clock.set(by_host, -8, "AT+CCLK");
    timers.advance(Time{std::chrono::seconds{15}});
    EXPECT_EQ(clock.utc(), by_host + std::chrono::seconds{10});
    EXPECT_FALSE(clock.network_time().has_value());
    EXPECT_STREQ(clock.origin(), "AT+CCLK");
    const WallTime by_network{std::chrono::seconds{1600000000}};
    clock.hear_network(by_network, 8);
    timers.advance(Time{std::chrono::seconds{18}});
    EXPECT_EQ(clock.network_time(), by_network);
    EXPECT_EQ(clock.network_time_now(), by_network + std::chrono::seconds{3});
    EXPECT_EQ(clock.network_zone_quarters(), 8);
    EXPECT_EQ(clock.utc(), by_host + std::chrono::seconds{13}) << "hearing is not obeying";
    EXPECT_EQ(clock.zone_quarters(), -8);
    EXPECT_STREQ(clock.origin(), "AT+CCLK");
}

}  // namespace
}  // namespace atls::modem
