#include "modem/data_queue.hpp"

#include <gtest/gtest.h>

namespace atls::modem {
namespace {

TEST(DataQueue, StreamIsOneRunOfOctets) {
    DataQueue queue(false);
    queue.append("abc");
    queue.append("def");
    EXPECT_EQ(queue.size(), 6U);
    EXPECT_EQ(queue.take(4), "abcd");
    EXPECT_EQ(queue.front(), "ef");
    EXPECT_EQ(queue.take(100), "ef");
    EXPECT_TRUE(queue.empty());
}

TEST(DataQueue, DatagramsKeepTheirEnds) {
    DataQueue queue(true);
    queue.append("abc");
    queue.append("");
    queue.append("defg");
    queue.append("h");
    EXPECT_EQ(queue.size(), 8U);
    EXPECT_EQ(queue.take(100), "abc");
    EXPECT_EQ(queue.take(3), "def");
    EXPECT_EQ(queue.take(100), "g") << "the rest of a datagram comes with the next read";
    EXPECT_EQ(queue.take(100), "h");
    EXPECT_EQ(queue.take(100), "");
    EXPECT_TRUE(queue.empty());
}

TEST(DataQueue, ClearedDatagramQueueStartsAfresh) {
    DataQueue queue(true);
    queue.append("abc");
    queue.append("def");
    EXPECT_EQ(queue.take(1), "a");
    queue.clear();
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.front(), "");
    queue.append("xyz");
    EXPECT_EQ(queue.take(9), "xyz");
}

}  // namespace
}  // namespace atls::modem
