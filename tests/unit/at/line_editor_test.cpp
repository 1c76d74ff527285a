#include "at/line_editor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace atls::at {
namespace {

struct Outcome {
    std::vector<std::string> lines;  // bodies; "A/" for a repeat, "too long" for an overlong line
    std::string echo;
    bool operator==(const Outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    for (const auto& line : outcome.lines) out << '[' << printable(line) << ']';
    return out << " echo " << printable(outcome.echo);
}

Outcome edit(const std::vector<std::string>& chunks, LineEditor::Characters characters = {}, std::size_t longest = 64) {
    LineEditor editor(longest);
    Outcome outcome;
    for (const std::string& chunk : chunks) {
        BytesView rest = chunk;
        while (!rest.empty()) {
            const auto step = editor.feed(rest, characters);
            EXPECT_GT(step.consumed, 0U);
            rest.remove_prefix(step.consumed);
            outcome.echo += step.echo;
            if (step.got == LineEditor::Got::line) outcome.lines.push_back(editor.body());
            if (step.got == LineEditor::Got::repeat) outcome.lines.emplace_back("A/");
            if (step.got == LineEditor::Got::too_long) outcome.lines.emplace_back("too long");
        }
    }
    return outcome;
}

std::vector<std::string> single_octets(const std::string& text) {
    std::vector<std::string> chunks;
    for (const char c : text) chunks.emplace_back(1, c);
    return chunks;
}

struct Case {
    const char* name;
    std::string input;
    Outcome expected;
    LineEditor::Characters characters{};
};

class LineEditing : public testing::TestWithParam<Case> {};

TEST_P(LineEditing, AtOnceAndSplitAtEveryOctet) {
    const Case& c = GetParam();
    EXPECT_EQ(edit({c.input}, c.characters), c.expected);
    EXPECT_EQ(edit(single_octets(c.input), c.characters), c.expected);
    for (std::size_t at = 1; at < c.input.size(); ++at) {
        EXPECT_EQ(edit({c.input.substr(0, at), c.input.substr(at)}, c.characters), c.expected) << "split at " << at;
    }
}

using namespace std::string_literals;

const Case cases[] = {
    {"Empty", "AT\r", {{""}, "AT\r"}},
    {"Lower", "ate0\r", {{"e0"}, "ate0\r"}},
    {"MixedCase", "aTi\r", {{"i"}, "aTi\r"}},
    {"CrLf", "AT\r\n", {{""}, "AT\r"}},
    {"TwoLines", "AT\r\nATI\r\n", {{"", "I"}, "AT\rATI\r"}},
    {"LineFeedInside", "AT+C\nSQ\r", {{"+CSQ"}, "AT+CSQ\r"}},
    {"LineFeedDoesNotEnd", "ATI\nAT\r", {{"IAT"}, "ATIAT\r"}},
    {"LineFeedEndsOnBc66", "ATI\nAT\r", {{"I", ""}, "ATI\nAT\r"}, {'\r', '\b', true}},
    {"CrLfWhereLineFeedEnds", "ATI\r\nAT\n", {{"I", ""}, "ATI\rAT\n"}, {'\r', '\b', true}},
    {"JunkBefore", "hello\x1A\r\n\0xyzAT\r"s, {{""}, "AT\r"}},
    {"JunkWithAs", "aaabAAT\r", {{""}, "AT\r"}},
    {"LoneAThenCr", "A\rAT\r", {{""}, "AT\r"}},
    {"CaseOfPrefixIsKept", "aaAt\r", {{""}, "At\r"}},
    {"Backspace", "AT+CSX\bQ\r", {{"+CSQ"}, "AT+CSX\bQ\r"}},
    {"BackspaceAtStart", "AT\b\bI\r", {{"I"}, "AT\b\bI\r"}},
    {"OtherBackspace", "ATX\x7FI\b\r", {{"I\b"}, "ATX\x7FI\b\r"}, {'\r', '\x7F', false}},
    {"OtherTerminator", "ATI\r!", {{"I\r"}, "ATI\r!"}, {'!', '\b', false}},
    {"Repeat", "A/", {{"A/"}, "A/"}},
    {"RepeatLower", "a/", {{"A/"}, "a/"}},
    {"RepeatThenCr", "A/\rAT\r", {{"A/", ""}, "A/AT\r"}},
    {"RepeatTwice", "A/A/", {{"A/", "A/"}, "A/A/"}},
    {"RepeatAfterLineEnds", "\r\n\r\nA/", {{"A/"}, "A/"}},
    {"RepeatAfterALine", "AT\r\nA/", {{"", "A/"}, "AT\rA/"}},
    {"NoRepeatBehindJunk", "xA/", {{}, ""}},
    {"NoRepeatBehindJunkAndItsLineEnd", "x\r\nA/\r\nAT\rA/", {{"", "A/"}, "AT\rA/"}},
    {"NoRepeatBehindAnA", "aA/", {{}, ""}},
    {"NoRepeatBehindAnABeforeJunk", "AxA/", {{}, ""}},
    {"SlashInBody", "AT/A/\r", {{"/A/"}, "AT/A/\r"}},
    {"EightBit", "AT\xFF\x80\r", {{"\xFF\x80"}, "AT\xFF\x80\r"}},
    {"NulInBody", "AT\0I\r"s, {{"\0I"s}, "AT\0I\r"s}},
    {"LongestFits", "AT" + std::string(64, 'x') + "\r", {{std::string(64, 'x')}, "AT" + std::string(64, 'x') + "\r"}},
    {"TooLong", "AT" + std::string(65, 'x') + "\rAT\r", {{"too long", ""}, "AT" + std::string(65, 'x') + "\rAT\r"}},
    {"TooLongStaysSoAfterBackspace",
     "AT" + std::string(65, 'x') + "\b\b\r",
     {{"too long"}, "AT" + std::string(65, 'x') + "\b\b\r"}},
};
INSTANTIATE_TEST_SUITE_P(Lines, LineEditing, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(LineEditor, KnowsWhetherALineHasBegun) {
    LineEditor editor(16);
    EXPECT_FALSE(editor.in_line());
    editor.feed("xyz\r\n", {});
    EXPECT_FALSE(editor.in_line());
    editor.feed("A", {});
    EXPECT_TRUE(editor.in_line());
    editor.feed("T+X", {});
    EXPECT_TRUE(editor.in_line());
    editor.feed("\r", {});
    EXPECT_FALSE(editor.in_line());
}

TEST(LineEditor, ForgetsABegunLine) {
    LineEditor editor(16);
    editor.feed("AT+CS", {});
    editor.reset();
    EXPECT_FALSE(editor.in_line());
    const auto step = editor.feed("ATI\r", {});
    EXPECT_EQ(step.got, LineEditor::Got::line);
    EXPECT_EQ(editor.body(), "I");
}

TEST(LineEditor, RepeatsNothingBehindAPayload) {
    LineEditor editor(16);
    editor.feed("ATI\r", {});
    editor.after_payload();
    EXPECT_EQ(editor.feed("A/", {}).got, LineEditor::Got::nothing);
    EXPECT_EQ(editor.feed("ATI\r", {}).got, LineEditor::Got::line);
    EXPECT_EQ(editor.feed("A/", {}).got, LineEditor::Got::repeat);
    editor.after_payload();
    editor.reset();
    EXPECT_EQ(editor.feed("A/", {}).got, LineEditor::Got::repeat) << "another host";
}

TEST(LineEditor, StopsAtTheEndOfOneLine) {
    LineEditor editor(16);
    const auto step = editor.feed("ATI\rATE0\r", {});
    EXPECT_EQ(step.consumed, 4U);
    EXPECT_EQ(editor.body(), "I");
}

TEST(LineEditor, EchoesTheAOnlyWithItsT) {
    LineEditor editor(16);
    EXPECT_EQ(editor.feed("a", {}).echo, "");
    EXPECT_EQ(editor.feed("T", {}).echo, "aT");
}

}  // namespace
}  // namespace atls::at
