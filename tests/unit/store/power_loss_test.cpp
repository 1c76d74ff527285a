// Power is lost after each step of each kind of change; then everything that may be left is looked at.
#include <gtest/gtest.h>

#include <functional>

#include "store/store.hpp"
#include "unit/store/flickering_disk.hpp"

namespace atls::store {
namespace {

using State = FlickeringDisk::State;
using Contents = std::map<std::string, Bytes>;
using Octets = Aftermath::Octets;

constexpr std::uint64_t roomy = 1'000'000;

std::unique_ptr<modem::Files> open_on(const std::shared_ptr<State>& state) {
    auto opened = open_disk(std::make_unique<FlickeringDisk>(state), roomy);
    EXPECT_TRUE(opened.ok());
    return opened.ok() ? std::move(*opened) : nullptr;
}

Contents contents_of(modem::Files& files) {
    Contents all;
    std::uint64_t total = 0;
    for (const auto& file : files.list()) {
        auto octets = files.read(file.name, 0, roomy);
        EXPECT_TRUE(octets.ok());
        EXPECT_EQ(octets->size(), file.size);
        total += file.size;
        all[file.name] = *octets;
    }
    EXPECT_EQ(files.used(), total);
    return all;
}

struct Change {
    const char* name;
    std::function<Outcome<modem::FileFailure>(modem::Files&)> make;
    Contents after;
};

void PrintTo(const Change& change, std::ostream* out) { *out << change.name; }

const Contents before = {{"ca.pem", "old certificate"}, {"log", "0123456789"}, {"other", "untouched"}};

Contents with(Contents all, const std::string& name, const Bytes& content) {
    all[name] = content;
    return all;
}
Contents without(Contents all, const std::string& name) {
    all.erase(name);
    return all;
}

const Change changes[] = {
    {"create", [](modem::Files& f) { return f.replace("new", "a new file"); }, with(before, "new", "a new file")},
    {"empty", [](modem::Files& f) { return f.replace("new", ""); }, with(before, "new", "")},
    {"replace", [](modem::Files& f) { return f.replace("ca.pem", "another one"); },
     with(before, "ca.pem", "another one")},
    {"overwrite", [](modem::Files& f) { return f.write("log", 3, "xyz"); }, with(before, "log", "012xyz6789")},
    {"append", [](modem::Files& f) { return f.write("log", 10, "abc"); }, with(before, "log", "0123456789abc")},
    {"overlap", [](modem::Files& f) { return f.write("log", 8, "abc"); }, with(before, "log", "01234567abc")},
    {"truncate", [](modem::Files& f) { return f.truncate("log", 4); }, with(before, "log", "0123")},
    {"remove", [](modem::Files& f) { return f.remove("ca.pem"); }, without(before, "ca.pem")},
};

std::shared_ptr<State> disk_before() {
    auto state = std::make_shared<State>();
    for (const auto& [name, content] : before) {
        state->names[name] = std::make_shared<FlickeringDisk::Content>(FlickeringDisk::Content{content, content});
    }
    state->synced_names = state->names;
    return state;
}

class PowerLoss : public testing::TestWithParam<Change> {};

TEST_P(PowerLoss, LeavesTheOldOrTheNewAndTheNewOnceItWasSaid) {
    const Change& change = GetParam();
    for (int step = 0;; ++step) {
        SCOPED_TRACE("power is lost at step " + std::to_string(step));
        auto state = disk_before();
        auto files = open_on(state);
        state->steps = 0;
        state->fails_at = step;
        const bool good = change.make(*files).ok();
        const bool over = state->steps <= step;
        ASSERT_EQ(good, over);
        for (std::size_t names = 0; names <= state->changes.size(); ++names) {
            for (const auto octets : {Octets::synced_only, Octets::half, Octets::all}) {
                const auto power_is_back = state->after({octets, names});
                const auto again = open_on(power_is_back);
                const auto left = contents_of(*again);
                EXPECT_TRUE(left == change.after || (!good && left == before))
                    << "changes of names that survived: " << names;
                EXPECT_FALSE(power_is_back->names.contains(".draft"));
            }
        }
        if (over) return;
        ASSERT_LT(step, 100);
    }
}

TEST_P(PowerLoss, AStepThatFailsLeavesTheOldOrTheNewAndTheNextChangeWorks) {
    const Change& change = GetParam();
    for (int step = 0;; ++step) {
        SCOPED_TRACE("step " + std::to_string(step) + " fails");
        auto state = disk_before();
        auto files = open_on(state);
        state->steps = 0;
        state->fails_at = step;
        state->and_ever_after = false;
        state->error = ENOSPC;
        const auto outcome = change.make(*files);
        if (state->steps <= step) break;
        ASSERT_FALSE(outcome.ok());
        EXPECT_EQ(outcome.error().code, modem::FileError::no_space);
        const auto left = contents_of(*files);
        EXPECT_TRUE(left == before || left == change.after);
        EXPECT_FALSE(state->names.contains(".draft"));
        EXPECT_TRUE(files->replace("later", "works").ok());
        EXPECT_TRUE(contents_of(*files) == with(left, "later", "works"));
        EXPECT_TRUE(contents_of(*open_on(state)) == with(left, "later", "works"));
    }
}

INSTANTIATE_TEST_SUITE_P(Changes, PowerLoss, testing::ValuesIn(changes),
                         [](const auto& row) { return std::string(row.param.name); });

// The double must be able to show what it is there for.
TEST(FlickeringDisk, TearsWhatIsNotSynced) {
    auto state = std::make_shared<State>();
    FlickeringDisk disk(state);
    auto draft = disk.create("new");
    ASSERT_TRUE((*draft)->append("0123456789").ok());
    ASSERT_TRUE(disk.rename("new", "file").ok());
    EXPECT_EQ(state->after({Octets::half, 2})->names.at("file")->octets, "01234");
    EXPECT_EQ(state->after({Octets::synced_only, 2})->names.at("file")->octets, "");
    EXPECT_TRUE(state->after({Octets::all, 0})->names.empty());
    EXPECT_TRUE(state->after({Octets::all, 1})->names.contains("new"));
}

}  // namespace
}  // namespace atls::store
