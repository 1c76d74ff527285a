// What the fuzzer starts from, and what it has found, played again.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/session_play.hpp"

namespace atls::test {
namespace {

TEST(Replay, CorpusOfSessions) {
    std::vector<std::filesystem::path> files;
    const std::string folder = std::string(ATLS_TRANSCRIPTS) + "/../fuzz/corpus/session";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    EXPECT_GT(files.size(), 20U);
    for (const auto& file : files) {
        SCOPED_TRACE(file.string());
        std::ifstream in(file, std::ios::binary);
        play_session(Bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
    }
}

}  // namespace
}  // namespace atls::test
