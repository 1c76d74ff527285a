#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

namespace atls {
namespace {

TEST(Result, HoldsAValueOrAnError) {
    const Result<int, std::string> good = 7;
    const Result<int, std::string> bad = std::string("why");
    EXPECT_TRUE(good.ok());
    EXPECT_TRUE(static_cast<bool>(good));
    EXPECT_EQ(*good, 7);
    EXPECT_FALSE(bad.ok());
    EXPECT_EQ(bad.error(), "why");
}

TEST(Result, MovesItsValueOut) {
    Result<std::unique_ptr<int>, std::string> result = std::make_unique<int>(3);
    const std::unique_ptr<int> taken = std::move(*result);
    EXPECT_EQ(*taken, 3);
}

TEST(Result, MayHoldTheSameTypeTwice) {
    const Result<std::string, const char*> good = std::string("a");
    EXPECT_EQ(good->size(), 1U);
}

TEST(Outcome, IsGoodUnlessAnErrorIsGiven) {
    EXPECT_TRUE(Outcome<std::string>().ok());
    const Outcome<std::string> bad = std::string("why");
    EXPECT_FALSE(bad.ok());
    EXPECT_EQ(bad.error(), "why");
}

TEST(ResultDeathTest, AbortsWhenTheWrongHalfIsTaken) {
    const Result<int, std::string> good = 7;
    const Result<int, std::string> bad = std::string("why");
    EXPECT_DEATH((void)good.error(), "error of a good Result");
    EXPECT_DEATH((void)bad.value(), "value of a failed Result");
    EXPECT_DEATH((void)Outcome<std::string>().error(), "error of a good Outcome");
}

TEST(EnsureDeathTest, SaysWhatAndWhere) {
    ensure(true, "fine");
    EXPECT_DEATH(ensure(false, "the sky fell"), "the sky fell.*|values_test");
}

TEST(Random, GivesTheSameNumbersForTheSameSeed) {
    Random a(42);
    Random b(42);
    Random c(43);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto number = a.next();
        EXPECT_EQ(number, b.next());
        seen.insert(number);
    }
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_NE(Random(42).next(), c.next());
}

TEST(Random, StaysBelowItsBound) {
    Random random(7);
    for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(10), 10U);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(NoLog, IsDisabledAndTakesAnything) {
    EXPECT_FALSE(no_log().enabled(Level::error));
    no_log().write(Level::error, "test", "dropped", {{"key", "value"}});
}

}  // namespace
}  // namespace atls
