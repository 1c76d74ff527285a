#include <gtest/gtest.h>

#include "net/net.hpp"
#include "unit/net/bench.hpp"

namespace atls::net {
namespace {

using modem::NetError;
using Answer = Result<modem::PingEcho, modem::NetFailure>;
using namespace std::chrono_literals;

class Ping : public testing::Test {
protected:
    Answer ping(const std::string& ip, std::size_t octets) {
        std::optional<Answer> answer;
        const auto operation = net->ping(ip, octets, 10s, [&](Answer given) { answer.emplace(std::move(given)); });
        EXPECT_FALSE(answer.has_value());
        EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }, generous));
        return answer ? *answer : Answer(modem::NetFailure{});
    }

    loop::Loop loop;
    std::unique_ptr<modem::Net> net = over(loop);
};

TEST_F(Ping, LoopbackAnswers) {
    for (const std::size_t octets : {0U, 1U, 32U, 1500U}) {
        const auto answer = ping("127.0.0.1", octets);
        if (!answer.ok() && answer.error().code == NetError::not_permitted) GTEST_SKIP() << answer.error().text;
        ASSERT_TRUE(answer.ok()) << answer.error().text;
        EXPECT_GT(answer.value().round_trip, 0us);
        EXPECT_LT(answer.value().round_trip, 10s);
        EXPECT_GT(answer.value().ttl, 0);
    }
}

TEST_F(Ping, LoopbackAnswersOverIpv6) {
    const auto answer = ping("::1", 32);
    if (!answer.ok()) GTEST_SKIP() << answer.error().text;
    EXPECT_GT(answer.value().ttl, 0);
}

TEST_F(Ping, SeveralAtOnceGetTheirOwnAnswers) {
    int answered = 0;
    std::vector<std::unique_ptr<modem::Operation>> all(10);
    for (auto& one : all) one = net->ping("127.0.0.1", 8, 10s, [&](const Answer&) { ++answered; });
    EXPECT_TRUE(loop.run_until([&] { return answered == 10; }, generous));
}

TEST_F(Ping, RefusesWhatCannotBe) {
    EXPECT_EQ(ping("host.example", 32).error().code, NetError::bad_address);
    EXPECT_FALSE(ping("127.0.0.1", 65508).ok());
}

TEST_F(Ping, WithdrawnIsNeverAnswered) {
    net->ping("127.0.0.1", 32, 10s, [](const Answer&) { ADD_FAILURE() << "called"; }).reset();
    EXPECT_FALSE(loop.run_until([] { return false; }, 20ms));
}

TEST_F(Ping, TheAnswerMayDestroyTheOperation) {
    std::unique_ptr<modem::Operation> operation;
    operation = net->ping("127.0.0.1", 32, 10s, [&](const Answer&) { operation.reset(); });
    EXPECT_TRUE(loop.run_until([&] { return operation == nullptr; }, generous));
}

}  // namespace
}  // namespace atls::net
