// The gate: every form of every row, and every URC, is exercised by some transcript of its family.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "at/catalogue.hpp"
#include "dialects/all.hpp"
#include "support/transcript_runner.hpp"

namespace atls::test {
namespace {

namespace fs = std::filesystem;

struct PlayedFile {
    std::string family;  ///< the folder: "bg96"
    std::string name;    ///< "bg96/ssl_config.txt"
    std::string module;  ///< as the header has it
    std::set<std::string> used;
};

std::vector<PlayedFile> play_all() {
    std::vector<PlayedFile> all;
    for (const auto& path : transcript_files(ATLS_TRANSCRIPTS)) {
        const auto transcript = read_transcript(path);
        if (!transcript) continue;  // another test says so
        const auto name = fs::relative(path, ATLS_TRANSCRIPTS);
        auto played = play(*transcript, memory_ports(Pieces::whole));
        all.push_back({name.begin()->string(), name.string(), upper(transcript->dialect), std::move(played.used)});
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

Gaps gaps_of(const std::string& family, const std::vector<PlayedFile>& files) {
    std::set<std::string> modules;
    std::set<std::string> used;
    for (const auto& file : files) {
        if (file.family != family) continue;
        modules.insert(file.module);
        used.insert(file.used.begin(), file.used.end());
    }
    Gaps gaps;
    std::set<std::string> known;
    for (const auto& name : modules) {
        const at::Dialect* dialect = dialects::find(name);
        if (dialect == nullptr) continue;
        for (const auto& entry : at::catalogue(*dialect)) {
            known.insert(entry.name);
            if (!entry.missing && !used.contains(entry.name)) gaps.unexercised.insert(entry.name);
        }
    }
    for (const auto& name : used) {
        if (!known.contains(name)) gaps.unknown.insert(name);
    }
    return gaps;
}

std::set<std::string> families() {
    std::set<std::string> names;
    for (const auto& file : all_played()) names.insert(file.family);
    return names;
}

std::string list(const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += "\n  " + name;
    return text;
}

TEST(Gate, EveryFormAndUrcIsExercised) {
    for (const auto& family : families()) {
        const Gaps gaps = gaps_of(family, all_played());
        EXPECT_TRUE(gaps.unexercised.empty()) << family << ": no transcript exercises" << list(gaps.unexercised);
        EXPECT_TRUE(gaps.unknown.empty()) << family << ": used, but not in the catalogue" << list(gaps.unknown);
    }
}

TEST(Gate, EveryModuleHasTranscripts) {
    for (const at::Dialect* dialect : dialects::all()) {
        bool found = false;
        for (const auto& file : all_played()) found = found || file.module == upper(dialect->name);
        EXPECT_TRUE(found) << dialect->name;
    }
}

// The gate would see a transcript go: without this one, forms of QSSLCFG that no other sets are unexercised.
TEST(Gate, OpensWhenATranscriptIsTakenAway) {
    auto files = all_played();
    const auto before = gaps_of("bg96", files);
    ASSERT_EQ(std::erase_if(files, [](const auto& file) { return file.name == "bg96/ssl_config.txt"; }), 1U);
    const auto after = gaps_of("bg96", files);
    EXPECT_FALSE(before.unexercised.contains("+QSSLCFG=\"dtlsversion\" query"));
    EXPECT_TRUE(after.unexercised.contains("+QSSLCFG=\"dtlsversion\" query"));
    EXPECT_FALSE(after.closed());
}

}  // namespace
}  // namespace atls::test
