// Every transcript, in every way it can be played.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/transcript_runner.hpp"
#include "transcripts/linked_port.hpp"

namespace atls::test {
namespace {

struct Play {
    std::string file;
    const at::Dialect* module;
};
void PrintTo(const Play& one, std::ostream* out) { *out << one.file; }

enum class Of : std::uint8_t { every_module, one_of_each_family };

// Modules of a family differ in little: over real links the first of them stands for all.
std::vector<Play> plays(Of of) {
    std::vector<Play> all;
    for (const auto& file : transcript_files(ATLS_TRANSCRIPTS)) {
        const auto transcript = read_transcript(file);
        if (!transcript) {
            all.push_back({file, nullptr});
            continue;
        }
        const auto modules = modules_of(*transcript);
        if (!modules || modules->empty()) {
            all.push_back({file, nullptr});
            continue;
        }
        std::string family;
        for (const at::Dialect* module : *modules) {
            if (of == Of::every_module || module->family != family) all.push_back({file, module});
            family = module->family;
        }
    }
    return all;
}

// "bg96/note/3_3_1.txt" → "bg96_note_3_3_1_BG96"
std::string test_name(const testing::TestParamInfo<Play>& played) {
    std::string name = played.param.file.substr(std::string(ATLS_TRANSCRIPTS).size() + 1);
    name.resize(name.size() - std::string(".txt").size());
    if (played.param.module != nullptr) name += "_" + played.param.module->name;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class TranscriptTest : public testing::TestWithParam<Play> {
protected:
    static void play_over(const PortMaker& ports) {
        const auto transcript = read_transcript(GetParam().file);
        ASSERT_TRUE(transcript.ok()) << transcript.error().text;
        const auto modules = modules_of(*transcript);
        ASSERT_TRUE(modules.ok()) << modules.error().text;
        const Played played = play(*transcript, *GetParam().module, ports);
        EXPECT_TRUE(played.good()) << GetParam().module->name << ": " << played.failure;
    }
};

class InMemory : public TranscriptTest {};
TEST_P(InMemory, Plays) { play_over(memory_ports(Pieces::whole)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, InMemory, testing::ValuesIn(plays(Of::every_module)), test_name);

class BySingleOctets : public TranscriptTest {};
TEST_P(BySingleOctets, Plays) { play_over(memory_ports(Pieces::single_octets)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, BySingleOctets, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

class OverPty : public TranscriptTest {};
TEST_P(OverPty, Plays) { play_over(linked_ports(LinkKind::pty)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverPty, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

class OverTcp : public TranscriptTest {};
TEST_P(OverTcp, Plays) { play_over(linked_ports(LinkKind::tcp)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverTcp, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

class OverRfc2217 : public TranscriptTest {};
TEST_P(OverRfc2217, Plays) { play_over(linked_ports(LinkKind::rfc2217)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverRfc2217, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

class OverUnix : public TranscriptTest {};
TEST_P(OverUnix, Plays) { play_over(linked_ports(LinkKind::unix_socket)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverUnix, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

}  // namespace
}  // namespace atls::test
