// Power is lost after each step of each kind of change; then everything that may be left is looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "store/sealed_files.hpp"
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
    {"piecewise",
     [](modem::Files& f) -> Outcome<modem::FileFailure> {
         auto writer = f.start("ca.pem");
         if (!writer) return writer.error();
         for (const char* const piece : {"one, ", "two, ", "three"}) {
             if (auto done = (*writer)->append(piece); !done) return done;
         }
         return (*writer)->finish();
     },
     with(before, "ca.pem", "one, two, three")},
    {"remove", [](modem::Files& f) { return f.remove("ca.pem"); }, without(before, "ca.pem")},
};

bool has_drafts(const State& state) {
    return std::any_of(state.names.begin(), state.names.end(),
                       [](const auto& entry) { return entry.first.starts_with(".draft"); });
}

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
                EXPECT_FALSE(has_drafts(*power_is_back));
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
        EXPECT_FALSE(has_drafts(*state));
        EXPECT_TRUE(files->replace("later", "works").ok());
        EXPECT_TRUE(contents_of(*files) == with(left, "later", "works"));
        EXPECT_TRUE(contents_of(*open_on(state)) == with(left, "later", "works"));
    }
}

INSTANTIATE_TEST_SUITE_P(Changes, PowerLoss, testing::ValuesIn(changes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PowerLossMeanwhile, AFileHalfWrittenIsNotThere) {
    auto state = disk_before();
    auto files = open_on(state);
    auto writer = files->start("ca.pem");
    ASSERT_TRUE((*writer)->append("half").ok());
    EXPECT_TRUE(files->replace("other", "changed meanwhile").ok());
    const auto meanwhile = with(before, "other", "changed meanwhile");
    EXPECT_TRUE(contents_of(*files) == meanwhile);
    const auto power_is_back = state->after({Octets::all, state->changes.size()});
    EXPECT_TRUE(contents_of(*open_on(power_is_back)) == meanwhile);
    EXPECT_FALSE(has_drafts(*power_is_back));
    writer->reset();
    EXPECT_FALSE(has_drafts(*state));
    EXPECT_TRUE(contents_of(*files) == meanwhile);
}

// --- under the seal ---

SealKey the_key() { return *key_from_hex(std::string(2 * seal_key_octets, '7'), "test"); }

std::unique_ptr<modem::Files> open_sealed(const std::shared_ptr<State>& state) {
    auto opened = sealed(open_on(state), the_key());
    return opened.ok() ? std::move(*opened) : nullptr;
}

/// Loses power at each step of `change` on what `prepare` left; afterwards the key fits, and CK0 is one of
/// `old_or_new`.
void lose_power_under_the_seal(const std::function<void(modem::Files&)>& prepare,
                               const std::function<bool(modem::Files&)>& change, const Bytes& old, const Bytes& fresh) {
    for (int step = 0;; ++step) {
        SCOPED_TRACE("power is lost at step " + std::to_string(step));
        auto state = std::make_shared<State>();
        auto files = open_sealed(state);
        ASSERT_NE(files, nullptr);
        prepare(*files);
        state->steps = 0;
        state->fails_at = step;
        const bool good = change(*files);
        const bool over = state->steps <= step;
        ASSERT_EQ(good, over);
        for (std::size_t names = 0; names <= state->changes.size(); ++names) {
            for (const auto octets : {Octets::synced_only, Octets::half, Octets::all}) {
                const auto again = open_sealed(state->after({octets, names}));
                ASSERT_NE(again, nullptr) << "the key is refused";
                const auto left = again->read("CK0", 0, roomy);
                const Bytes content = left.ok() ? *left : left.error().code == modem::FileError::not_found ? "" : "?";
                EXPECT_TRUE(content == fresh || (!good && content == old)) << content;
            }
        }
        if (over) return;
        ASSERT_LT(step, 100);
    }
}

TEST(PowerLossUnderTheSeal, LeavesTheOldOrTheNew) {
    const auto put = [](const char* content) {
        return [content](modem::Files& files) { return files.replace("CK0", content).ok(); };
    };
    const auto nothing = [](modem::Files&) {};
    lose_power_under_the_seal(nothing, put("a new key"), "", "a new key");
    const auto one_there = [&](modem::Files& files) { ASSERT_TRUE(put("an old key")(files)); };
    lose_power_under_the_seal(one_there, put("a new key"), "an old key", "a new key");
    lose_power_under_the_seal(
        one_there, [](modem::Files& files) { return files.remove("CK0").ok(); }, "an old key", "");
}

// The first opening makes the witness of the key; lost half-way, the store must not refuse its owner for ever.
TEST(PowerLossUnderTheSeal, AtTheFirstOpeningTheKeyFitsLater) {
    for (int step = 0;; ++step) {
        SCOPED_TRACE("power is lost at step " + std::to_string(step));
        auto state = std::make_shared<State>();
        auto plain = open_on(state);
        state->steps = 0;
        state->fails_at = step;
        const bool good = sealed(std::move(plain), the_key()).ok();
        const bool over = state->steps <= step;
        ASSERT_EQ(good, over);
        for (std::size_t names = 0; names <= state->changes.size(); ++names) {
            for (const auto octets : {Octets::synced_only, Octets::half, Octets::all}) {
                EXPECT_NE(open_sealed(state->after({octets, names})), nullptr);
            }
        }
        if (over) return;
        ASSERT_LT(step, 100);
    }
}

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
