// The gate: every form of every row, and every URC, is exercised by some transcript of its family.
#include <gtest/gtest.h>

#include <filesystem>

#include "at/catalogue.hpp"
#include "dialects/all.hpp"
#include "support/transcript_runner.hpp"

namespace atls::test {
namespace {

namespace fs = std::filesystem;

struct PlayedFile {
    std::string name;  ///< "bg96/ssl_config.txt"
    const at::Dialect* module;
    std::set<std::string> used;
};

std::vector<PlayedFile> play_all() {
    std::vector<PlayedFile> all;
    for (const auto& path : transcript_files(ATLS_TRANSCRIPTS)) {
        const auto transcript = read_transcript(path);
        if (!transcript) continue;  // another test says so
        const auto modules = modules_of(*transcript);
        if (!modules) continue;
        for (const at::Dialect* module : *modules) {
            auto played = play(*transcript, *module, memory_ports(Pieces::whole));
            all.push_back({fs::relative(path, ATLS_TRANSCRIPTS).string(), module, std::move(played.used)});
        }
    }
    return all;
}

const std::vector<PlayedFile>& all_played() {
    static const std::vector<PlayedFile> all = play_all();
    return all;
}

struct Gaps {
    std::set<std::string> unexercised;  ///< in the catalogue, in no transcript
    std::set<std::string> unknown;      ///< used, but not in the catalogue
    [[nodiscard]] bool closed() const { return unexercised.empty() && unknown.empty(); }
};

Gaps gaps_of(const at::Dialect& module, const std::vector<PlayedFile>& files) {
    std::set<std::string> used;
    for (const auto& file : files) {
        if (file.module == &module) used.insert(file.used.begin(), file.used.end());
    }
    Gaps gaps;
    std::set<std::string> known;
    for (const auto& entry : at::catalogue(module)) {
        known.insert(entry.name);
        if (!entry.missing && !used.contains(entry.name)) gaps.unexercised.insert(entry.name);
    }
    for (const auto& name : used) {
        if (!known.contains(name)) gaps.unknown.insert(name);
    }
    return gaps;
}

std::string list(const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += "\n  " + name;
    return text;
}

TEST(Gate, EveryFormAndUrcOfEveryModuleIsExercised) {
    for (const at::Dialect* module : dialects::all()) {
        const Gaps gaps = gaps_of(*module, all_played());
        EXPECT_TRUE(gaps.unexercised.empty()) << module->name << ": no transcript exercises" << list(gaps.unexercised);
        EXPECT_TRUE(gaps.unknown.empty()) << module->name << ": used, but not in the catalogue" << list(gaps.unknown);
    }
}

// The gate would see a transcript go: without this one, forms of QSSLCFG that no other sets are unexercised.
TEST(Gate, OpensWhenATranscriptIsTakenAway) {
    const at::Dialect& module = *dialects::find("BG96");
    auto files = all_played();
    const auto before = gaps_of(module, files);
    ASSERT_EQ(std::erase_if(files, [](const auto& file) { return file.name == "bg96/ssl_config.txt"; }), 1U);
    const auto after = gaps_of(module, files);
    EXPECT_FALSE(before.unexercised.contains("+QSSLCFG=\"dtlsversion\" query"));
    EXPECT_TRUE(after.unexercised.contains("+QSSLCFG=\"dtlsversion\" query"));
    EXPECT_FALSE(after.closed());
}

}  // namespace
}  // namespace atls::test
