#include "at/tokenizer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace atls::at {
namespace {

// "name form[argument|argument]" for each command; the name and "!" where the line cannot be read on.
std::string shape(const Parsed& parsed) {
    std::string text = parsed.name + " " + std::string(name_of(parsed.form));
    if (parsed.arguments.empty()) return text;
    text += "[";
    for (const auto& argument : parsed.arguments) {
        if (&argument != &parsed.arguments.front()) text += "|";
        if (!argument.present) {
            text += "-";
        } else {
            text += argument.quoted ? at::quoted(argument.text) : argument.text;
        }
    }
    return text + "]";
}

std::string walk(const std::string& body) {
    CommandLine line(body);
    std::string text;
    while (!line.at_end()) {
        const auto parsed = line.next();
        if (!text.empty()) text += "; ";
        if (!parsed) return text + parsed.error().name + "!";
        text += shape(*parsed);
    }
    return text;
}

struct Case {
    const char* name;
    const char* body;
    const char* expected;
};
class Tokenizing : public testing::TestWithParam<Case> {};

TEST_P(Tokenizing, SplitsTheLine) { EXPECT_EQ(walk(GetParam().body), GetParam().expected); }

const Case cases[] = {
    {"Empty", "", ""},
    {"Execute", "+CSQ", "+CSQ execute"},
    {"Read", "+CREG?", "+CREG read"},
    {"Test", "+CREG=?", "+CREG test"},
    {"Set", "+CREG=1", "+CREG set[1]"},
    {"LowerCaseName", "+qssLopen=1", "+QSSLOPEN set[1]"},
    {"LowerCaseTextStays", "+x=\"aB\",cD", "+X set[\"aB\"|cD]"},
    {"NoArgument", "+CREG=", "+CREG set[-]"},
    {"LeftOut", "+X=1,,3", "+X set[1|-|3]"},
    {"LeftOutLast", "+X=1,", "+X set[1|-]"},
    {"EmptyQuotes", "+X=\"\",1", "+X set[\"\"|1]"},
    {"CommaInQuotes", "+X=\"a,b\",1", "+X set[\"a,b\"|1]"},
    {"SemicolonInQuotes", "+X=\"a;b\";+Y", "+X set[\"a;b\"]; +Y execute"},
    {"QuestionMarkValue", "+X=?,1", "+X set[?|1]"},
    {"BlanksAnywhere", " + QSSLOPEN = 1 , 0 ", "+QSSLOPEN set[1|0]"},
    {"BlanksInQuotesStay", "+X=\" a b \"", "+X set[\" a b \"]"},
    {"Tabs", "+X\t=\t1", "+X set[1]"},
    {"Chain", "+CMEE=1;+CSQ;I", "+CMEE set[1]; +CSQ execute; I execute"},
    {"TrailingSemicolon", "+CSQ;", "+CSQ execute"},
    {"LeadingSemicolon", ";+CSQ", "!"},
    {"DoubleSemicolon", "+CSQ;;I", "+CSQ execute; !"},
    {"BasicChain", "E0V1Q0", "E set[0]; V set[1]; Q set[0]"},
    {"BasicThenExtended", "E0+CMEE=1", "E set[0]; +CMEE set[1]"},
    {"BasicWithoutNumber", "EV", "E execute; V execute"},
    {"BasicSemicolon", "E0;V1", "E set[0]; V set[1]"},
    {"Ampersand", "&D1&C0&F", "&D set[1]; &C set[0]; &F execute"},
    {"AmpersandAlone", "&", "!"},
    {"AmpersandDigit", "&1", "!"},
    {"RegisterSet", "S0=5S3=13", "S set[0|5]; S set[3|13]"},
    {"RegisterRead", "S7?", "S read[7]"},
    {"RegisterReadChain", "S7?S8?", "S read[7]; S read[8]"},
    {"RegisterAlone", "S", "S!"},
    {"RegisterWithoutNumber", "S=1", "S!"},
    {"RegisterWithoutValue", "S3=", "S!"},
    {"RegisterWithoutAnything", "S3", "S!"},
    {"Dial", "D*99***1#", "D set[*99***1#]"},
    {"DialTakesAll", "D1;+CSQ", "D set[1;+CSQ]"},
    {"DialNothing", "D", "D set[]"},
    {"OtherPrefixes", "^SN=1;%X;$Q?;*T", "^SN set[1]; %X execute; $Q read; *T execute"},
    {"NameCharacters", "+A-B.C/D:E_F!G%1=2", "+A-B.C/D:E_F!G%1 set[2]"},
    {"DigitFirst", "1", "!"},
    {"Equals", "=1", "!"},
    {"PlusAlone", "+", "+ execute"},
    {"JunkAfterRead", "+CREG?1", "+CREG!"},
    {"JunkAfterName", "+CREG(1", "+CREG!"},
    {"OpenQuote", "+X=\"abc", "+X!"},
    {"OpenQuoteSwallowsSemicolon", "+X=\"abc;+CSQ", "+X!"},
    {"QuoteInWord", "+X=ab\"c\"", "+X!"},
    {"WordAfterQuote", "+X=\"ab\"c", "+X!"},
    {"TwoQuotes", "+X=\"a\"\"b\"", "+X!"},
    {"ControlCharacter", "\x01", "!"},
    {"EightBitName", "+\xC3\xA9=1", "+!"},
    {"EightBitText", "+X=\"\xC3\xA9\"", "+X set[\"\xC3\xA9\"]"},
    {"MinusStaysText", "+X=-1,+1", "+X set[-1|+1]"},
    {"ErrorAfterGood", "+CSQ;?", "+CSQ execute; !"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Tokenizing, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Tokenizer, BasicAndExtendedAreToldApart) {
    EXPECT_TRUE(CommandLine("E0").next()->basic);
    EXPECT_TRUE(CommandLine("&F").next()->basic);
    EXPECT_TRUE(CommandLine("S3=13").next()->basic);
    EXPECT_FALSE(CommandLine("+CSQ").next()->basic);
}

TEST(Tokenizer, SplitsArguments) {
    const auto arguments = split_arguments("1,\"a,b\",,\"\"");
    ASSERT_TRUE(arguments);
    ASSERT_EQ(arguments->size(), 4U);
    EXPECT_TRUE(arguments->at(1).quoted);
    EXPECT_FALSE(arguments->at(2).present);
    EXPECT_TRUE(arguments->at(3).present);
    EXPECT_EQ(split_arguments("")->size(), 1U);
    EXPECT_FALSE(split_arguments("\"a"));
}

}  // namespace
}  // namespace atls::at
