// What the fuzzer starts from, and what it has found, played again.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/ports_play.hpp"
#include "fuzz/session_play.hpp"

namespace atls::test {
namespace {

void replay(const std::string& kind, std::size_t at_least, void (*play)(BytesView)) {
    std::vector<std::filesystem::path> files;
    const std::string folder = std::string(ATLS_TRANSCRIPTS) + "/../fuzz/corpus/" + kind;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    EXPECT_GE(files.size(), at_least);
    for (const auto& file : files) {
        SCOPED_TRACE(file.string());
        std::ifstream in(file, std::ios::binary);
        play(Bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
    }
}

TEST(Replay, CorpusOfSessions) { replay("session", 20, play_session); }
TEST(Replay, CorpusOfTheMultiplexer) { replay("multiplexer", 5, play_multiplexer); }
TEST(Replay, CorpusOfTelnet) { replay("telnet", 4, play_telnet); }

}  // namespace
}  // namespace atls::test
