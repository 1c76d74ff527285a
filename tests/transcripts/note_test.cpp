// The examples of the application notes: each has its transcript, and the list of deviations names no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace atls::test {
namespace {

struct NoteExamples {
    std::string folder;
    std::vector<std::string> sections;

    [[nodiscard]] std::string path(const std::string& file) const {
        return std::string(ATLS_TRANSCRIPTS) + "/" + folder + "/note/" + file;
    }
};

const NoteExamples notes[] = {
    {"bg96",
     {"3.1.1", "3.1.2", "3.1.3", "3.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.5.1",
      "3.5.2", "3.5.3", "3.6.1"}},
    {"ec200",
     {"3.1.1", "3.1.2", "3.1.3", "3.2", "3.3.1", "3.3.2.1", "3.3.2.2", "3.3.3", "3.3.4", "3.4.1", "3.4.2", "3.4.3",
      "3.4.4", "3.5.1", "3.5.2", "3.5.3"}},
};

class Note : public testing::TestWithParam<NoteExamples> {};

TEST_P(Note, EveryExampleIsATranscript) {
    for (std::string section : GetParam().sections) {
        std::replace(section.begin(), section.end(), '.', '_');
        EXPECT_TRUE(std::filesystem::exists(GetParam().path(section + ".txt"))) << section;
    }
}

TEST_P(Note, DeviationsNameSectionsThatExist) {
    static const std::regex row(R"(\| ([0-9., to]+) \|.*)");
    static const std::regex number(R"([0-9]+(\.[0-9]+)+)");
    const auto& sections = GetParam().sections;
    std::ifstream in(GetParam().path("deviations.md"));
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

INSTANTIATE_TEST_SUITE_P(Notes, Note, testing::ValuesIn(notes), [](const auto& one) { return one.param.folder; });

}  // namespace
}  // namespace atls::test
