#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace atls {
namespace {

using namespace std::string_literals;

TEST(ByteQueue, IsFirstInFirstOut) {
    ByteQueue queue;
    queue.append("abc");
    queue.append("def");
    EXPECT_EQ(queue.size(), 6U);
    queue.consume(2);
    EXPECT_EQ(queue.view(), "cdef");
    EXPECT_EQ(queue.take(3), "cde");
    EXPECT_EQ(queue.take(9), "f");
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.take(1), "");
}

TEST(ByteQueue, KeepsOrderOverManyRounds) {
    ByteQueue queue;
    Bytes in;
    Bytes out;
    for (int round = 0; round < 3000; ++round) {
        const Bytes piece(static_cast<std::size_t>(round % 11), static_cast<char>('a' + round % 26));
        queue.append(piece);
        in += piece;
        out += queue.take(static_cast<std::size_t>(round % 7));
    }
    out += queue.take(queue.size());
    EXPECT_EQ(out, in);
}

TEST(ByteQueue, HoldsOctetsNotText) {
    ByteQueue queue;
    queue.append("\0\x1A\n\xFF"s);
    EXPECT_EQ(queue.view(), "\0\x1A\n\xFF"s);
    queue.clear();
    EXPECT_TRUE(queue.empty());
}

TEST(ByteQueueDeathTest, RefusesToConsumeMoreThanItHas) {
    ByteQueue queue;
    queue.append("a");
    EXPECT_DEATH(queue.consume(2), "consuming");
}

TEST(Hex, GoesBothWays) {
    EXPECT_EQ(to_hex("\0\x1A\xFFz"s), "001AFF7A");
    EXPECT_EQ(from_hex("001aFF7a"), "\0\x1A\xFFz"s);
    EXPECT_EQ(from_hex(""), "");
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
    EXPECT_FALSE(from_hex("g0"));
    EXPECT_FALSE(from_hex("0 "));
}

TEST(Ascii, IgnoresCaseOfLettersOnly) {
    EXPECT_TRUE(equal_ignoring_case("SecLevel", "seclevel"));
    EXPECT_FALSE(equal_ignoring_case("seclevel", "seclevel2"));
    EXPECT_FALSE(equal_ignoring_case("[", "{"));
    EXPECT_FALSE(equal_ignoring_case("\xC4", "\xE4"));
    EXPECT_EQ(upper("aZ-09\xE4"), "AZ-09\xE4");
    EXPECT_EQ(ascii_lower('Q'), 'q');
    EXPECT_EQ(ascii_upper('@'), '@');
}

TEST(Printable, ShowsOctetsAndCuts) {
    EXPECT_EQ(printable("a\r\n\x7F"), "a\\x0D\\x0A\\x7F");
    EXPECT_EQ(printable("abcdef", 3), "abc…");
    EXPECT_EQ(printable("abc", 3), "abc");
}

}  // namespace
}  // namespace atls
