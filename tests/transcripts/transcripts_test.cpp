// Every transcript, in every way it can be played.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/transcript_runner.hpp"
#include "transcripts/linked_port.hpp"
#include "transcripts/muxed_port.hpp"

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

bool has_step_with(const Transcript& transcript, const std::vector<std::string>& words) {
    return std::any_of(transcript.steps.begin(), transcript.steps.end(), [&](const Step& step) {
        return std::any_of(words.begin(), words.end(),
                           [&](const auto& word) { return step.text.find(word) != std::string::npos; });
    });
}

// Of modules that have it. Not those whose subject is the multiplexer itself, the wire below it (its rate and flow
// control, which of two ports has URCs that belong to no socket), or a restart: behind one the host finds a port
// without it.
std::vector<Play> plays_over_cmux() {
    std::vector<Play> all = plays(Of::one_of_each_family);
    std::erase_if(all, [](const Play& one) {
        if (one.module == nullptr) return false;
        if (one.module->find("+CMUX") == nullptr || one.file.ends_with("/bg96/tcp_listener.txt")) return true;
        return has_step_with(*read_transcript(one.file),
                             {"+CMUX=", "+IPR=", "+IFC=", "+ICF=", "urcport", "RDY", "POWER DOWN", "POWERED DOWN"});
    });
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

class OverTty : public TranscriptTest {};
TEST_P(OverTty, Plays) { play_over(linked_ports(LinkKind::tty)); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverTty, testing::ValuesIn(plays(Of::one_of_each_family)), test_name);

class OverCmux : public TranscriptTest {};
TEST_P(OverCmux, Plays) { play_over(muxed_ports()); }
INSTANTIATE_TEST_SUITE_P(Transcripts, OverCmux, testing::ValuesIn(plays_over_cmux()), test_name);

}  // namespace
}  // namespace atls::test
