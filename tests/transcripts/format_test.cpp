// The transcript format itself: escapes, captures, durations, and what faults in a file are called.
#include <gtest/gtest.h>

#include "support/transcript.hpp"
#include "support/transcript_runner.hpp"
#include "support/transcript_text.hpp"

namespace atls::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr const char* header = "# T.   use bg96   from nowhere\n";

Transcript parsed(const std::string& text) {
    auto transcript = parse_transcript("file.txt", text);
    EXPECT_TRUE(transcript.ok()) << (transcript.ok() ? "" : transcript.error().text);
    return transcript.ok() ? *transcript : Transcript{};
}
std::string fault(const std::string& text) {
    const auto transcript = parse_transcript("file.txt", text);
    return transcript.ok() ? "" : transcript.error().text;
}

TEST(TranscriptFile, HasAHeader) {
    const auto transcript = parsed("# Open, send. Close.   use bg96        from BG96 SSL note 3.3\n");
    EXPECT_EQ(transcript.title, "Open, send. Close.");
    EXPECT_EQ(transcript.uses, std::vector<std::string>{"bg96"});
    EXPECT_EQ(transcript.origin, "BG96 SSL note 3.3");
    EXPECT_EQ(fault("> AT\n").substr(0, 27), "file.txt:1: not a header: #");
    EXPECT_NE(fault(""), "");
    EXPECT_NE(fault("# Title without more\n"), "");
}

TEST(TranscriptFile, IsForModulesAndFamilies) {
    const auto names = [](const std::string& uses) {
        const auto modules = modules_of(parsed("# T.  use " + uses + "  from nowhere\n"));
        std::string text;
        if (!modules) return modules.error().text;
        for (const at::Dialect* module : *modules) text += module->name + " ";
        return text;
    };
    EXPECT_EQ(names("bg96 ec200"), "BG96 EC200M-CN EC200N-CN EC800M-CN EC800N-CN ");
    EXPECT_EQ(names("EC800N-CN"), "EC800N-CN ");
    EXPECT_EQ(names("nokia"), "file.txt:1: no module or family nokia");
}

TEST(TranscriptFile, KnowsItsSteps) {
    const auto transcript = parsed(header + R"(
# a comment
> AT
>> \x1A
< OK
<
< >
~ RDY
| 0D 0A
@ +30s
! pdp drop 1
)"s);
    const StepKind kinds[] = {StepKind::send_line, StepKind::send_raw, StepKind::line,
                              StepKind::frame_end, StepKind::prompt,   StepKind::urc,
                              StepKind::raw,       StepKind::advance,  StepKind::verb};
    ASSERT_EQ(transcript.steps.size(), std::size(kinds));
    for (std::size_t i = 0; i < std::size(kinds); ++i) EXPECT_EQ(transcript.steps[i].kind, kinds[i]) << i;
    EXPECT_EQ(transcript.steps[0].text, "AT");
    EXPECT_EQ(transcript.steps[0].line, 4);
    EXPECT_EQ(transcript.steps[8].text, "pdp drop 1");
    EXPECT_EQ(transcript.steps[8].line, 12);
}

TEST(TranscriptFile, NamesTheLineOfWhatIsNoStep) {
    EXPECT_EQ(fault(header + "> AT\n? what\n"s), "file.txt:3: not a step: ? what");
    EXPECT_EQ(fault(header + ">AT\n"s), "file.txt:2: not a step: >AT");
    EXPECT_EQ(fault(header + "hello\n"s), "file.txt:2: not a step: hello");
}

TEST(TranscriptFile, DropsBlanksAtTheEndOfLines) { EXPECT_EQ(parsed(header + "> AT  \r\n"s).steps[0].text, "AT"); }

TEST(Escapes, GoBothWays) {
    EXPECT_EQ(unescape(R"(a\r\n\t\\\"\<\x1A\x00z)"), "a\r\n\t\\\"<\x1A\0z"s);
    EXPECT_FALSE(unescape(R"(\q)"));
    EXPECT_FALSE(unescape(R"(\x1)"));
    EXPECT_FALSE(unescape("\\"));
    EXPECT_EQ(escaped("\r\nOK\\\x1A\xFF"), R"(\r\nOK\\\x1A\xFF)");
}

TEST(Words, MayBeQuoted) {
    const std::vector<std::string> expected{"server", "tcp", "h:1", "greet", "a b\r\n", ""};
    EXPECT_EQ(words_of(R"(server  tcp h:1 greet "a b\r\n" "")"), expected);
    EXPECT_FALSE(words_of("a \"b"));
    EXPECT_FALSE(words_of("\\q"));
}

TEST(Durations, HaveUnits) {
    EXPECT_EQ(duration_of("+30s"), Duration(30s));
    EXPECT_EQ(duration_of("+1500ms"), Duration(1500ms));
    EXPECT_EQ(duration_of("+1us"), Duration(1us));
    EXPECT_EQ(duration_of("+2m"), Duration(2min));
    EXPECT_EQ(duration_of("+1h"), Duration(1h));
    EXPECT_EQ(duration_of("+3d"), Duration(72h));
    for (const char* wrong : {"30s", "+", "+s", "+3", "+3 s", "-3s", "+3x"}) EXPECT_FALSE(duration_of(wrong)) << wrong;
}

TEST(RawOctets, AreHexOrText) {
    EXPECT_EQ(raw_octets("0D 0a 3E20"), "\r\n> ");
    EXPECT_EQ(raw_octets(R"("a\r\n")"), "a\r\n");
    EXPECT_EQ(raw_octets("\"\""), "");
    EXPECT_FALSE(raw_octets("0D0"));
    EXPECT_FALSE(raw_octets("xy"));
}

bool match(const std::string& text, const std::string& line, Captures& captures) {
    const auto pattern = Pattern::parse(text);
    EXPECT_TRUE(pattern.ok());
    return pattern->matches(line, captures);
}

TEST(Patterns, CatchAndReuse) {
    Captures captures;
    EXPECT_TRUE(match(R"(+X: (a),<port:\d+>,"<ip:[0-9.]+>")", R"(+X: (a),65344,"10.0.0.1")", captures));
    EXPECT_EQ(captures["port"], "65344");
    EXPECT_EQ(captures["ip"], "10.0.0.1");
    EXPECT_TRUE(match("again <port>", "again 65344", captures));
    EXPECT_FALSE(match("again <port>", "again 65345", captures));
    EXPECT_FALSE(match(R"(<n:\d+>)", "12a", captures));
    EXPECT_FALSE(captures.contains("n"));
}

TEST(Patterns, KeepGroupsOfTheirOwnApart) {
    Captures captures;
    EXPECT_TRUE(match("<a:(x|y)(z)?>-<b:(1|2)>", "xz-2", captures));
    EXPECT_EQ(captures["a"], "xz");
    EXPECT_EQ(captures["b"], "2");
}

TEST(Patterns, LeavePlaceholdersAlone) {
    Captures captures;
    EXPECT_TRUE(
        match("(0-5),<serveraddr>,<server_port>[,(0-2)]", "(0-5),<serveraddr>,<server_port>[,(0-2)]", captures));
    EXPECT_TRUE(match("a < b > c", "a < b > c", captures));
    EXPECT_TRUE(match("\\<a:b>", "<a:b>", captures));
}

TEST(Patterns, SayWhatIsWrong) {
    EXPECT_NE(Pattern::parse("<a:(>").error().find("bad regex"), std::string::npos);
    EXPECT_NE(Pattern::parse("<a:x").error().find("no >"), std::string::npos);
    EXPECT_NE(Pattern::parse("\\q").error().find("bad escape"), std::string::npos);
}

TEST(FinalResults, AreKnown) {
    for (const char* line : {"OK", "ERROR", "CONNECT", "CONNECT 10", "NO CARRIER", "SEND OK", "SEND FAIL",
                             "+CME ERROR: 405", "0, CLOSE OK", "1, CONNECT OK", "DEACT OK"}) {
        EXPECT_TRUE(is_final(line)) << line;
    }
    for (const char* line : {"+QSSLRECV: 0", "OKAY", "CONNECTED", "CONNECT x", "CONNECT ", "", "RDY"}) {
        EXPECT_FALSE(is_final(line)) << line;
    }
}

}  // namespace
}  // namespace atls::test
