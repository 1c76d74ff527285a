// The examples of the BG96 SSL note, chapter 3: each has its transcript, and the list of deviations names no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace atls::test {
namespace {

const std::string folder = std::string(ATLS_TRANSCRIPTS) + "/bg96/note/";

const std::vector<std::string> sections{"3.1.1", "3.1.2", "3.1.3", "3.2",   "3.3.1", "3.3.2", "3.3.3", "3.3.4",
                                        "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.5.1", "3.5.2", "3.5.3", "3.6.1"};

std::string transcript_of(std::string section) {
    std::replace(section.begin(), section.end(), '.', '_');
    return folder + section + ".txt";
}

TEST(Note, EveryExampleIsATranscript) {
    for (const auto& section : sections) EXPECT_TRUE(std::filesystem::exists(transcript_of(section))) << section;
}

TEST(Note, DeviationsNameSectionsThatExist) {
    static const std::regex row(R"(\| ([0-9., to]+) \|.*)");
    static const std::regex number(R"([0-9]+(\.[0-9]+)+)");
    std::ifstream in(folder + "deviations.md");
    int rows = 0;
    for (std::string line; std::getline(in, line);) {
        std::smatch parts;
        if (!std::regex_match(line, parts, row)) continue;
        ++rows;
        const std::string named = parts[1];
        for (std::sregex_iterator it(named.begin(), named.end(), number), end; it != end; ++it) {
            EXPECT_NE(std::find(sections.begin(), sections.end(), it->str()), sections.end()) << line;
        }
    }
    EXPECT_GT(rows, 5);
}

}  // namespace
}  // namespace atls::test
