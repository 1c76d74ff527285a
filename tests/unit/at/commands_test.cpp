// Running command lines: forms, results in every format, chains, faults.
#include <gtest/gtest.h>

#include "unit/at/bench.hpp"

namespace atls::at::test {
namespace {

struct Case {
    const char* name;
    std::string line;
    std::string answer;  ///< ¶ is CR LF
};
class Answers : public testing::TestWithParam<Case> {};

std::string framed(std::string text) {
    for (std::size_t at = text.find("¶"); at != std::string::npos; at = text.find("¶", at)) {
        text.replace(at, std::string("¶").size(), "\r\n");
    }
    return text;
}

TEST_P(Answers, AreAsExpected) {
    for (const auto pieces : {atls::test::Pieces::whole, atls::test::Pieces::single_octets}) {
        Bench bench(pieces);
        EXPECT_EQ(bench.ask(GetParam().line), framed(GetParam().answer));
        if (bench.session.in_data_phase()) bench.say("\x1B");
        EXPECT_EQ(bench.say("ATE1V1Q0\r").substr(0, 9), bench.session.line.echo ? "ATE1V1Q0\r" : "");
        EXPECT_EQ(bench.ask("AT"), "\r\nOK\r\n");
    }
}

const Case cases[] = {
    {"Empty", "AT", "¶OK¶"},
    {"Execute", "AT+OK", "¶OK¶"},
    {"Read", "AT+OK?", "¶OK¶"},
    {"Set", "AT+OK=5", "¶OK¶"},
    {"SetWithoutOptional", "AT+OK=", "¶OK¶"},
    {"OutOfRange", "AT+OK=100001", "¶ERROR¶"},
    {"TooMany", "AT+OK=1,2", "¶ERROR¶"},
    {"TestDerived", "AT+OK=?", "¶+OK: [(0-100000)]¶¶OK¶"},
    {"TestOnlyOk", "AT+PLAIN=?", "¶OK¶"},
    {"TestWithoutParameters", "AT+INFO=?", "¶OK¶"},
    {"TestNone", "AT+NOTEST=?", "¶ERROR¶"},
    {"TestOfKeys", "AT+KEYS=?",
     "¶+KEYS: \"plain\",(0-100000),(0-100000),<text>¶+KEYS: \"queryless\",(0-100000),(0-100000)¶+KEYS: "
     "\"asks\",(0-100000)"
     "¶¶OK¶"},
    {"NoRead", "AT+INFO?", "¶ERROR¶"},
    {"NoSet", "AT+INFO=1", "¶ERROR¶"},
    {"NoExecute", "AT+PLAIN", "¶ERROR¶"},
    {"Unknown", "AT+NOBODY", "¶ERROR¶"},
    {"UnknownBasic", "ATX1", "¶ERROR¶"},
    {"Missing", "AT+MISSING", "¶ERROR¶"},
    {"NoPrefixMatching", "AT+O", "¶ERROR¶"},
    {"NoSuffixMatching", "AT+OKAY", "¶ERROR¶"},
    {"Info", "AT+INFO", "¶+INFO: 1¶+INFO: 2¶¶OK¶"},
    {"PlainError", "AT+FINAL=0", "¶ERROR¶"},
    {"Cme", "AT+FINAL=1", "¶+CME ERROR: 50¶"},
    {"Fault", "AT+FINAL=2", "¶ERROR¶"},
    {"Words", "AT+FINAL=3", "¶DONE¶"},
    {"FailedWords", "AT+FINAL=4", "¶BAD¶"},
    {"Silent", "AT+FINAL=5", ""},
    {"BadGeneral", "AT+GENERAL=x", "¶+CME ERROR: 50¶"},
    {"BadFile", "AT+FILE=x", "¶+CME ERROR: 400¶"},
    {"BadPlain", "AT+PLAIN=x", "¶ERROR¶"},
    {"KeyQuery", "AT+KEYS=\"plain\",3", "¶+KEYS: \"plain\",3¶¶OK¶"},
    {"KeySet", "AT+KEYS=\"plain\",3,4", "¶OK¶"},
    {"KeySetPartly", "AT+KEYS=\"plain\",3,,\"x\"", "¶OK¶"},
    {"KeySetNothing", "AT+KEYS=\"plain\",3,", "¶+CME ERROR: 50¶"},
    {"KeySetNothingTwice", "AT+KEYS=\"plain\",3,,", "¶+CME ERROR: 50¶"},
    {"KeyHidden", "AT+KEYS=\"hidden\",3", "¶+KEYS: \"hidden\",3¶¶OK¶"},
    {"KeyInAnyCase", "AT+KEYS=\"PLAIN\",3", "¶+KEYS: \"plain\",3¶¶OK¶"},
    {"KeyUnquoted", "AT+KEYS=plain,3", "¶+KEYS: \"plain\",3¶¶OK¶"},
    {"KeyWithoutIndex", "AT+KEYS=\"plain\"", "¶+CME ERROR: 50¶"},
    {"KeyWithoutQuery", "AT+KEYS=\"queryless\",3", "¶+CME ERROR: 50¶"},
    {"KeyThatAsks", "AT+KEYS=\"asks\",3", "¶> "},
    {"KeyUnknown", "AT+KEYS=\"other\",3", "¶ERROR¶"},
    {"KeyMissing", "AT+KEYS=,3", "¶ERROR¶"},
    {"KeyNotBuilt", "AT+KEYS=\"gone\"", "¶ERROR¶"},
    {"KeyUnlistedParameter", "AT+KEYS=\"plain\",3,4,\"x\",9", "¶OK¶"},
    {"KeyUnlistedParameterIsChecked", "AT+KEYS=\"plain\",3,4,\"x\",10", "¶+CME ERROR: 50¶"},
    {"Unclosed", "AT+GENERAL=\"1", "¶ERROR¶"},
    {"Chain", "AT+OK;+INFO;+OK=1", "¶+INFO: 1¶+INFO: 2¶¶OK¶"},
    {"ChainWithWordsLast", "AT+OK;+FINAL=3", "¶DONE¶"},
    {"ChainStopsAtError", "AT+INFO;+FINAL=0;+INFO", "¶+INFO: 1¶+INFO: 2¶¶ERROR¶"},
    {"ChainStopsAtCme", "AT+FINAL=1;+INFO", "¶+CME ERROR: 50¶"},
    {"ChainStopsAtUnreadable", "AT+INFO;?", "¶+INFO: 1¶+INFO: 2¶¶ERROR¶"},
    {"ChainOfTwoInfos", "AT+INFO;+INFO", "¶+INFO: 1¶+INFO: 2¶¶+INFO: 1¶+INFO: 2¶¶OK¶"},
    {"LongestLine", "AT+OK=" + std::string(96, '0'), "¶OK¶"},
    {"TooLong", "AT+OK=" + std::string(97, '0'), "¶ERROR¶"},
    {"NumericOk", "ATV0", "0\r"},
    {"NumericError", "ATV0+FINAL=0", "4\r"},
    {"NumericInfo", "ATV0+INFO", "+INFO: 1¶+INFO: 2¶0\r"},
    {"NumericWords", "ATV0+FINAL=3", "DONE\r"},
    {"NumericWithANumber", "ATV0+FINAL=4", "9\r"},
    {"NumericCme", "ATV0+FINAL=1", "+CME ERROR: 50\r"},
    {"NumericCmeOff", "ATV0+CMEE=0;+FINAL=1", "4\r"},
    {"CmeOff", "AT+CMEE=0;+FINAL=1", "¶ERROR¶"},
    {"CmeWords", "AT+CMEE=2;+FINAL=1", "¶+CME ERROR: Incorrect parameters¶"},
    {"CmeWithoutWords", "AT+CMEE=2;+FINAL=6", "¶+CME ERROR: 999¶"},
    {"Quiet", "ATQ1", ""},
    {"QuietInfo", "ATQ1+INFO", "¶+INFO: 1¶+INFO: 2¶"},
    {"BasicWithoutNumberIsZero", "ATV", "0\r"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Answers, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Commands, RepeatTheLastLine) {
    Bench bench;
    EXPECT_EQ(bench.say("A/"), "A/\r\nOK\r\n");  // nothing yet
    bench.ask("AT+INFO");
    EXPECT_EQ(bench.say("A/"), "A/\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n");
    EXPECT_EQ(bench.say("a/A/"), "a/\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\nA/\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n");
}

TEST(Commands, EchoIsThatOfTheMomentTheOctetCame) {
    Bench bench;
    EXPECT_EQ(bench.say("ATE0\rAT\rATE1\rAT\r"), "ATE0\r\r\nOK\r\n\r\nOK\r\n\r\nOK\r\nAT\r\r\nOK\r\n");
}

TEST(Commands, FaultIsRememberedUntilASocketCommandSucceeds) {
    Bench bench;
    bench.ask("AT+FINAL=2");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::id_in_use);
    bench.ask("AT+OK");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::id_in_use);
    bench.ask("AT+FINAL=x");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::bad_parameter);
    bench.ask("AT+FINAL?");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::bad_parameter);
    bench.ask("AT+FINAL=2");
    bench.ask("AT+OK=\"1");  // no socket command
    EXPECT_EQ(bench.session.last_fault, modem::Fault::id_in_use);
    bench.ask("AT+OK;+FINAL=\"2");  // its argument cannot even be read
    EXPECT_EQ(bench.session.last_fault, modem::Fault::bad_parameter);
    bench.ask("AT+FINAL=7");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::none);
    bench.ask("AT+FINAL=2");
    bench.ask("AT+FINAL=3");
    EXPECT_EQ(bench.session.last_fault, modem::Fault::none);
    bench.ask("AT+FINAL=2");
    bench.ask("AT+FINAL=0");  // ERROR without a cause of its own
    EXPECT_EQ(bench.session.last_fault, modem::Fault::id_in_use);
}

TEST(Commands, UseIsCountedByCatalogueNames) {
    Bench bench;
    std::set<std::string> used;
    bench.world.unit.on_used = [&](const std::string& entry) { used.insert(entry); };
    for (const char* command :
         {"AT+OK", "AT+OK?", "AT+OK=1", "AT+OK=?", "ATV", "ATE1", "AT+NOTEST=?", "AT+KEYS=\"plain\",1",
          "AT+KEYS=\"plain\",1,1", "AT+UNKNOWN", "AT+MISSING", "AT+GENERAL=x"}) {
        bench.say(std::string(command) + "\r");
    }
    bench.raise(modem::SignalChanged{});
    bench.hear();
    const std::set<std::string> expected{
        "+OK execute",         "+OK read",   "+OK set", "+OK test", "V set", "E set", "+KEYS=\"plain\" query",
        "+KEYS=\"plain\" set", "URC +SIGNAL"};
    EXPECT_EQ(used, expected);
}

TEST(Commands, ActionsWaitUntilTheResultHasLeft) {
    Bench bench;
    bool done = false;
    bench.session.after_result([&] { done = true; });
    bench.session.set_rate_after_result(9600);
    bench.host.reads = false;
    bench.say("AT\r");
    EXPECT_FALSE(done);
    EXPECT_NE(bench.host.rate, 9600U);
    bench.host.reads = true;
    bench.hear();
    EXPECT_TRUE(done);
    EXPECT_EQ(bench.host.rate, 9600U);
}

TEST(Commands, ActionsNeedNoResultThatIsQuiet) {
    Bench bench;
    bench.ask("ATE0");
    bench.ask("ATQ1");
    bool done = false;
    bench.session.after_result([&] { done = true; });
    bench.say("AT\r");
    EXPECT_TRUE(done);
}

TEST(Commands, ActionsSurviveAHostThatLeavesFirst) {
    Bench bench;
    bool done = false;
    bench.session.after_result([&] { done = true; });
    bench.host.reads = false;
    bench.say("AT\r");
    bench.session.detach();
    bench.host.reads = true;
    bench.hear();
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace atls::at::test
