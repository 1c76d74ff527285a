// Every transcript, in every way it can be played.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/transcript_runner.hpp"
#include "transcripts/linked_port.hpp"

namespace atls::test {
namespace {

const std::vector<std::string>& files() {
    static const std::vector<std::string> all = transcript_files(ATLS_TRANSCRIPTS);
    return all;
}

// "bg96/note/3_3_1.txt" → "bg96_note_3_3_1"
std::string test_name(const testing::TestParamInfo<std::string>& file) {
    std::string name = file.param.substr(std::string(ATLS_TRANSCRIPTS).size() + 1);
    name.resize(name.size() - std::string(".txt").size());
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class TranscriptTest : public testing::TestWithParam<std::string> {
protected:
    static void play_over(const PortMaker& ports) {
        const auto transcript = read_transcript(GetParam());
        ASSERT_TRUE(transcript.ok()) << transcript.error().text;
        const Played played = play(*transcript, ports);
        EXPECT_TRUE(played.good()) << played.failure;
    }
};

class InMemory : public TranscriptTest {};
TEST_P(InMemory, Plays) { play_over(memory_ports(Pieces::whole)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, InMemory, testing::ValuesIn(files()), test_name);

class BySingleOctets : public TranscriptTest {};
TEST_P(BySingleOctets, Plays) { play_over(memory_ports(Pieces::single_octets)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, BySingleOctets, testing::ValuesIn(files()), test_name);

class OverPty : public TranscriptTest {};
TEST_P(OverPty, Plays) { play_over(linked_ports(LinkKind::pty)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverPty, testing::ValuesIn(files()), test_name);

class OverTcp : public TranscriptTest {};
TEST_P(OverTcp, Plays) { play_over(linked_ports(LinkKind::tcp)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverTcp, testing::ValuesIn(files()), test_name);

class OverUnix : public TranscriptTest {};
TEST_P(OverUnix, Plays) { play_over(linked_ports(LinkKind::unix_socket)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverUnix, testing::ValuesIn(files()), test_name);

}  // namespace
}  // namespace atls::test
