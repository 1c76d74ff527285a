// The runner is strict: what it must not let pass, and how it says so.
#include <gtest/gtest.h>

#include "support/transcript_runner.hpp"

namespace atls::test {
namespace {

std::string failure_of(const std::string& steps, const std::string& header = "# T.  use bg96  from nowhere\n") {
    const auto transcript = parse_transcript("t.txt", header + steps);
    if (!transcript) return transcript.error().text;
    const auto modules = modules_of(*transcript);
    if (!modules) return modules.error().text;
    return play(*transcript, *modules->front(), memory_ports(Pieces::whole)).failure;
}

struct Case {
    const char* name;
    std::string steps;
    std::string starts;  ///< empty: it passes
};
class Runner : public testing::TestWithParam<Case> {};

TEST_P(Runner, PassesOrSaysWhere) {
    const std::string failure = failure_of(GetParam().steps);
    EXPECT_EQ(failure.substr(0, GetParam().starts.size()), GetParam().starts) << failure;
    EXPECT_EQ(failure.empty(), GetParam().starts.empty()) << failure;
}

const std::string tcp =
    "! server tcp h:7 sink\n> AT+QIACT=1\n< OK\n> AT+QIOPEN=1,0,\"TCP\",\"h\",7\n< OK\n~ +QIOPEN: 0,0\n";

const Case cases[] = {
    {"Nothing", "", ""},
    {"Good", "> AT\n< OK\n", ""},
    {"GoodInLowerCase", "> at\n< OK\n", ""},
    {"EchoOfWhatStandsBeforeAt", "> xxAT\n< OK\n", ""},
    {"NoEchoAfterAte0", "> ATE0\n< OK\n> AT\n< OK\n> ATE1\n< OK\n> AT\n< OK\n", ""},
    {"WrongAnswer", "> AT\n< ERROR\n",
     "t.txt:3: another answer\n  expected: \\r\\nERROR\\r\\n\n  got:      \\r\\nOK\\r\\n\n  here:         ^"},
    {"NoAnswer", "> AT\n< OK\n< OK\n", "t.txt:4: another answer\n  expected: \\r\\nOK\\r\\n\n  got:      \n"},
    {"UnaskedAtTheEnd", "> AT\n", "t.txt:2: before this, uart1 had more to say: \\r\\nOK\\r\\n"},
    {"UnaskedBeforeALine", "> AT\n> AT\n", "t.txt:3: before this, uart1 had more to say"},
    {"UnaskedBeforeTime", "> AT\n@ +1s\n", "t.txt:3: before this, uart1 had more to say"},
    {"UnaskedBeforeAVerb", "> AT\n! network lost\n", "t.txt:3: before this, uart1 had more to say"},
    {"UnaskedOnAnotherPort", "! port usbat\n> AT\n! port uart1\n> AT\n", "t.txt:5: before this, usbat had more to say"},
    {"PortsApart", "! port usbat\n> AT\n< OK\n! port uart1\n> AT\n< OK\n", ""},
    {"LinesOfOneFrame",
     "> AT+QIACT=1;+QIACT=2\n< OK\n> AT+QIACT?\n< +QIACT: 1,1,1,\"<a:.*>\"\n< +QIACT: 2,1,1,\"<b:.*>\"\n< OK\n", ""},
    {"FramesTakenForOne", "> AT+CSQ;+CSQ\n< +CSQ: 24,99\n< +CSQ: 24,99\n< OK\n", "t.txt:4: another answer"},
    {"FramesApart", "> AT+CSQ;+CSQ\n< +CSQ: 24,99\n<\n< +CSQ: 24,99\n< OK\n", ""},
    {"RawOctets", ">> AT\\r\n| 41540D\n| \"\\r\\nOK\\r\\n\"\n", ""},
    {"RawOctetsWrong", ">> AT\\r\n| 41540A\n", "t.txt:3: another answer"},
    {"RawOctetsUnreadable", ">> AT\\r\n| xyz\n", "t.txt:3: neither hex nor \"text\": xyz"},
    {"Captured", "> AT+CSQ\n< +CSQ: <csq:\\d+>,99\n< OK\n> AT+CSQ\n< +CSQ: <csq>,99\n< OK\n", ""},
    {"CapturedOtherwise", "> AT+CSQ\n< +CSQ: 2<csq:\\d>,99\n< OK\n> AT+CSQ\n< +CSQ: <csq>,99\n",
     "t.txt:6: another answer"},
    {"CaptureThatDoesNotMatch", "> AT+CSQ\n< +CSQ: <csq:[a-z]+>,99\n",
     "t.txt:3: another answer\n  expected: \\r\\n+CSQ: <csq:[a-z]+>,99"},
    {"BadRegex", "> AT+CSQ\n< +CSQ: <csq:(>\n", "t.txt:3: bad regex in <csq:(>"},
    {"BadEscape", ">> \\q\n", "t.txt:2: bad escape"},
    {"BadTime", "@ 30s\n", "t.txt:2: no duration such as +30s: 30s"},
    {"UnknownStep", "? x\n", "t.txt:2: not a step: ? x"},
    {"UnknownVerb", "! dance\n", "t.txt:2: unknown verb \"dance\""},
    {"VerbWithTooLittle", "! server tcp\n", "t.txt:2: usage: server"},
    {"VerbOfControlThatRefuses", "! pdp drop 1\n", "t.txt:2: context 1 is not active"},
    {"NoKindOfServer", "! server ftp h:1 echo\n", "t.txt:2: no kind of server: ftp"},
    {"NoBehaviour", "! server tcp h:1 dance\n", "t.txt:2: no behaviour of a server: dance"},
    {"NoOption", "! server tls h:1 echo cert=pretty\n", "t.txt:2: no option of a server: cert=pretty"},
    {"NoPlace", "! server tcp h echo\n", "t.txt:2: no HOST:PORT: h"},
    {"NoServer", "! peer h:1 close\n", "t.txt:2: no server at h:1"},
    {"NobodyConnected", "! server tcp h:1 echo\n! peer h:1 close\n", "t.txt:3: nobody has connected to h:1"},
    {"PeerGotIt", tcp + "> AT+QISEND=0,2\n< >\n>> hi\n| \"hi\"\n< SEND OK\n! peer h:7 expect \"hi\"\n", ""},
    {"PeerGotOther", tcp + "! peer h:7 expect \"hi\"\n", "t.txt:8: peer expect:\n  expected: hi\n  got:      "},
    {"NoFileOfThatName", "! file a pki:nothing\n", "t.txt:2: nothing of that name: pki:nothing"},
    {"FileOtherwise", "! file a \"b\"\n! file a is \"c\"\n", "t.txt:3: file a:\n  expected: c\n  got:      b"},
    {"LogIsSilent", "! log \"nothing of the kind\"\n", "t.txt:2: the log does not say: nothing of the kind"},
    {"LineOtherwise", "> AT\n< OK\n! line dcd on\n", "t.txt:4: dcd:\n  expected: on\n  got:      off"},
    {"NoQuirk", "! quirk none 1\n", "t.txt:2: no quirk or no number: none 1"},
    {"TooLate",
     "! server tls h:1 sink\n> AT+QIACT=1\n< OK\n> AT+QSSLOPEN=1,0,0,\"h\",1\n< OK\n~ +QSSLOPEN: 0,0\n! peer h:1 "
     "pause\n"
     "> AT+QSSLCLOSE=0,11\n@ +11s\n< OK\n",
     "t.txt:11: the answer took 11000000 us, AT+QSSLCLOSE has 10000000"},
    {"LateIfAllowed",
     "! server tls h:1 sink\n> AT+QIACT=1\n< OK\n> AT+QSSLOPEN=1,0,0,\"h\",1\n< OK\n~ +QSSLOPEN: 0,0\n! peer h:1 "
     "pause\n"
     "! within 11s\n> AT+QSSLCLOSE=0,11\n@ +11s\n< OK\n",
     ""},
};
INSTANTIATE_TEST_SUITE_P(Cases, Runner, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(RunnerHeader, NamesAModuleThatExists) {
    EXPECT_EQ(failure_of("", "# T.  use nokia  from nowhere\n"), "t.txt:1: no module or family nokia");
}

TEST(RunnerReport, EndsWithTheLog) {
    const auto failure = failure_of("> AT+NOSUCH\n< OK\n");
    EXPECT_NE(failure.find("log at: unknown command command=+NOSUCH port=uart1"), std::string::npos) << failure;
}

TEST(RunnerReport, NamesWhatWasUsed) {
    const auto transcript =
        parse_transcript("t.txt", "# T.  use bg96  from nowhere\n> AT+CSQ;E1\n< +CSQ: 24,99\n< OK\n");
    const auto played = play(*transcript, *modules_of(*transcript)->front(), memory_ports(Pieces::whole));
    EXPECT_TRUE(played.used.contains("+CSQ execute"));
    EXPECT_TRUE(played.used.contains("E set"));
    EXPECT_FALSE(played.used.contains("+CSQ test"));
}

}  // namespace
}  // namespace atls::test
