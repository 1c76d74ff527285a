#include "at/escape.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace atls::at {
namespace {

using namespace std::chrono_literals;
using Timing = EscapeDetector::Timing;

constexpr Timing lte{1s, 1s, 1s, {}};
constexpr Timing gsm{500ms, 1s, 500ms, 20ms};

// Octets at times; what comes out as data, and when it escaped.
class Host {
public:
    explicit Host(Timing timing) : detector_(timing, Time{}) {}

    void send(Duration at, const std::string& octets, bool one_by_one = false) {
        run_to(Time{at});
        if (!one_by_one) return feed(octets);
        for (const char c : octets) feed(std::string(1, c));
    }
    void run_to(Time now) {
        while (const auto due = detector_.deadline()) {
            if (*due > now) break;
            switch (detector_.expire(*due)) {
                case EscapeDetector::Verdict::escaped:
                    escaped.push_back(*due - Time{});
                    break;
                case EscapeDetector::Verdict::refused:
                    data += detector_.take_held();
                    break;
                case EscapeDetector::Verdict::pending:
                    ADD_FAILURE() << "pending at its deadline";
                    return;
            }
        }
        now_ = now;
    }
    void finish() { run_to(now_ + 10s); }

    std::string data;
    std::vector<Duration> escaped;

private:
    void feed(const std::string& octets) {
        const auto step = detector_.feed(octets, now_);
        data += step.released;
        data += step.data;
    }
    EscapeDetector detector_;
    Time now_;
};

struct Send {
    Duration at;
    std::string octets;
};
struct Case {
    const char* name;
    Timing timing;
    std::vector<Send> sends;
    std::string data;
    std::vector<Duration> escaped;
};
class Escaping : public testing::TestWithParam<Case> {};

TEST_P(Escaping, AtOnceAndOctetByOctet) {
    const Case& c = GetParam();
    for (const bool one_by_one : {false, true}) {
        Host host(c.timing);
        for (const auto& send : c.sends) host.send(send.at, send.octets, one_by_one);
        host.finish();
        EXPECT_EQ(host.data, c.data) << one_by_one;
        EXPECT_EQ(host.escaped, c.escaped) << one_by_one;
    }
}

const Case cases[] = {
    {"Clean", lte, {{1s, "+++"}}, "", {2s}},
    {"AfterData", lte, {{0s, "data"}, {1s, "+++"}}, "data", {2s}},
    {"GuardBeforeOneShort", lte, {{0s, "data"}, {999'999us, "+++"}}, "data+++", {}},
    {"TooSoonAfterEntering", lte, {{999'999us, "+++"}}, "+++", {}},
    {"OneAtATime", lte, {{1s, "+"}, {1500ms, "+"}, {1900ms, "+"}}, "", {2900ms}},
    {"LastOneTooLate", lte, {{1s, "+"}, {1500ms, "+"}, {2s + 1us, "+"}}, "+++", {}},
    {"ThirdJustInTime", lte, {{1s, "++"}, {1999'999us, "+"}}, "", {2999'999us}},
    {"OnlyTwo", lte, {{1s, "++"}}, "++", {}},
    {"Four", lte, {{1s, "++++"}}, "++++", {}},
    {"FourthWithinGuard", lte, {{1s, "+++"}, {1999'999us, "+"}}, "++++", {}},
    {"FourthAfterGuard", lte, {{1s, "+++"}, {2s, "+"}}, "+", {2s}},
    {"DataWithinGuard", lte, {{1s, "+++"}, {1999'999us, "x"}}, "+++x", {}},
    {"DataRightAfterGuard", lte, {{1s, "+++"}, {2s, "x"}}, "x", {2s}},
    {"DataBetween", lte, {{1s, "+"}, {1100ms, "x"}, {1200ms, "++"}}, "+x++", {}},
    {"PlusBeforeData", lte, {{1s, "+x"}}, "+x", {}},
    {"ThreeThenData", lte, {{1s, "+++AT\r"}}, "+++AT\r", {}},
    {"DataThenThreeAtOnce", lte, {{1s, "x+++"}}, "x+++", {}},
    {"AgainAfterRefusal", lte, {{1s, "+++x"}, {3s, "+++"}}, "+++x", {4s}},
    {"AgainAfterSilence", lte, {{1s, "++"}, {4s, "+++"}}, "++", {5s}},
    {"TwiceAccepted", lte, {{1s, "+++"}, {5s, "+++"}}, "", {2s, 6s}},
    {"GsmClean", gsm, {{500ms, "+"}, {515ms, "+"}, {530ms, "+"}}, "", {1030ms}},
    {"GsmGapAtLimit", gsm, {{500ms, "+"}, {520ms, "+"}, {540ms, "+"}}, "", {1040ms}},
    {"GsmGapTooLong", gsm, {{500ms, "+"}, {520ms + 1us, "+"}, {530ms, "+"}}, "+++", {}},
    {"GsmGuardBefore", gsm, {{499ms, "+++"}}, "+++", {}},
    {"GsmGuardAfter", gsm, {{500ms, "+++"}, {999ms, "x"}}, "+++x", {}},
};
INSTANTIATE_TEST_SUITE_P(Guards, Escaping, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(EscapeDetector, NothingFedChangesNothing) {
    EscapeDetector detector(lte, Time{});
    detector.feed("", Time{900ms});
    detector.feed("+++", Time{1s});
    EXPECT_EQ(detector.deadline(), Time{2s});
}

TEST(EscapeDetector, GivesUpWhatItHolds) {
    EscapeDetector detector(lte, Time{});
    detector.feed("++", Time{1s});
    EXPECT_EQ(detector.take_held(), "++");
    EXPECT_FALSE(detector.deadline());
    EXPECT_EQ(detector.take_held(), "");
}

TEST(EscapeDetector, IsPendingBeforeItsDeadline) {
    EscapeDetector detector(lte, Time{});
    EXPECT_EQ(detector.expire(Time{5s}), EscapeDetector::Verdict::pending);
    detector.feed("+++", Time{6s});
    EXPECT_EQ(detector.expire(Time{6'999'999us}), EscapeDetector::Verdict::pending);
    EXPECT_EQ(detector.expire(Time{7s}), EscapeDetector::Verdict::escaped);
}

}  // namespace
}  // namespace atls::at
