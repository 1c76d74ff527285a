#include "control/moment.hpp"

#include <gtest/gtest.h>

namespace atls::control {
namespace {

TEST(Moment, ReadsUtcAndOffsets) {
    const auto utc = parse_moment("2026-11-21T08:00:00Z");
    ASSERT_TRUE(utc);
    EXPECT_EQ(words_of(utc->utc), "2026-11-21T08:00:00Z");
    EXPECT_EQ(utc->zone_quarters, 0);

    const auto east = parse_moment("2026-11-21T08:00:00+05:45");
    ASSERT_TRUE(east);
    EXPECT_EQ(words_of(east->utc), "2026-11-21T02:15:00Z");
    EXPECT_EQ(east->zone_quarters, 23);

    const auto west = parse_moment("2024-02-29T23:59:59-08:00");
    ASSERT_TRUE(west);
    EXPECT_EQ(words_of(west->utc), "2024-03-01T07:59:59Z");
    EXPECT_EQ(west->zone_quarters, -32);
}

TEST(Moment, RefusesWhatIsNone) {
    for (const char* text :
         {"", "now", "2026-11-21", "2026-11-21T08:00:00", "2026-11-21T08:00:00z", "2026-11-21 08:00:00Z",
          "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-01-01T24:00:00Z",
          "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00+00:10",
          "2026-01-01T00:00:00+15:00", "2026-01-01T00:00:00-13:00", "2026-01-01T00:00:00+0100", "26-01-01T00:00:00Z"}) {
        EXPECT_FALSE(parse_moment(text)) << text;
    }
}

TEST(Moment, ReadsZones) {
    EXPECT_EQ(parse_zone("0"), 0);
    EXPECT_EQ(parse_zone("+8"), 8);
    EXPECT_EQ(parse_zone("-48"), -48);
    EXPECT_EQ(parse_zone("56"), 56);
    for (const char* text : {"", "+", "-49", "57", "8h", "++8", "+-8", "x"}) EXPECT_FALSE(parse_zone(text)) << text;
}

}  // namespace
}  // namespace atls::control
