#include "at/param.hpp"

#include <gtest/gtest.h>

#include <array>

namespace atls::at {
namespace {

constexpr std::array<std::int64_t, 3> suites{0x0035, 0xC02F, 0xFFFF};
constexpr Int number{"context", 1, 16};
constexpr Int listed{"mode", zero_or_one};
constexpr Int maybe = opt(Int{"timeout", 0, 65535});
constexpr Hex suite{"suite", suites, false};
constexpr Hex quotable{"suite", suites, true};
constexpr Text text{"name", 5};
constexpr Text some = filled(Text{"name", 5});

Argument bare(std::string words) { return {std::move(words), false, true}; }
Argument quoted_argument(std::string words) { return {std::move(words), true, true}; }
const Argument nothing{};

struct Case {
    const char* name;
    const Param* param;
    Argument argument;
    bool good;
    std::int64_t value = 0;
};
class Checking : public testing::TestWithParam<Case> {};

TEST_P(Checking, AcceptsOrRefuses) {
    const Case& c = GetParam();
    const auto value = check(*c.param, c.argument);
    ASSERT_EQ(value.has_value(), c.good);
    if (!c.good) return;
    EXPECT_EQ(value->number, c.value);
    EXPECT_EQ(value->present, c.argument.present);
}

const Case cases[] = {
    {"Lowest", &number, bare("1"), true, 1},
    {"Highest", &number, bare("16"), true, 16},
    {"BelowRange", &number, bare("0"), false},
    {"AboveRange", &number, bare("17"), false},
    {"Negative", &number, bare("-1"), false},
    {"PlusSign", &number, bare("+1"), false},
    {"LeadingZero", &number, bare("01"), true, 1},
    {"LetterAfter", &number, bare("1x"), false},
    {"Letter", &number, bare("x"), false},
    {"Fraction", &number, bare("1.0"), false},
    {"HexForDecimal", &number, bare("0x1"), false},
    {"OverInt64", &number, bare("99999999999999999999"), false},
    {"Int64Most", &number, bare("9223372036854775807"), false},
    {"QuotedNumber", &number, quoted_argument("1"), false},
    {"EmptyQuotedNumber", &number, quoted_argument(""), false},
    {"MissingNumber", &number, nothing, false},
    {"ListedZero", &listed, bare("0"), true, 0},
    {"ListedOne", &listed, bare("1"), true, 1},
    {"NotListed", &listed, bare("2"), false},
    {"OptionalMissing", &maybe, nothing, true},
    {"OptionalGiven", &maybe, bare("65535"), true, 65535},
    {"OptionalWrong", &maybe, bare("65536"), false},
    {"HexUpper", &suite, bare("0XC02F"), true, 0xC02F},
    {"HexLower", &suite, bare("0xc02f"), true, 0xC02F},
    {"HexShort", &suite, bare("0x35"), true, 0x35},
    {"HexWithoutPrefix", &suite, bare("C02F"), false},
    {"HexDecimal", &suite, bare("53"), false},
    {"HexNoDigits", &suite, bare("0X"), false},
    {"HexBadDigit", &suite, bare("0X00G5"), false},
    {"HexSigned", &suite, bare("0X-35"), false},
    {"HexUnknown", &suite, bare("0X0036"), false},
    {"HexQuotedRefused", &suite, quoted_argument("0X0035"), false},
    {"HexQuotedAccepted", &quotable, quoted_argument("0X0035"), true, 0x35},
    {"TextBare", &text, bare("ab"), true},
    {"TextQuoted", &text, quoted_argument("ab"), true},
    {"TextLongest", &text, quoted_argument("abcde"), true},
    {"TextTooLong", &text, quoted_argument("abcdef"), false},
    {"TextEmpty", &text, quoted_argument(""), true},
    {"TextMissing", &text, nothing, false},
    {"FilledEmpty", &some, quoted_argument(""), false},
    {"FilledOne", &some, quoted_argument("a"), true},
};
INSTANTIATE_TEST_SUITE_P(Arguments, Checking, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Shown, OneParameter) {
    EXPECT_EQ(shown(number), "(1-16)");
    EXPECT_EQ(shown(listed), "(0,1)");
    EXPECT_EQ(shown(suite), "(0X0035,0XC02F,0XFFFF)");
    EXPECT_EQ(shown(text), "<name>");
    EXPECT_EQ(shown(Int("port", 0, 65535, "<port>")), "<port>");
}

TEST(Shown, BracketsOptionalOnesAndNestsThem) {
    constexpr Int first{"a", 0, 5};
    constexpr Int second = opt(Int{"b", 1, 2});
    constexpr Int third = opt(Int{"c", 3, 4});
    constexpr Int plain = opt(Int{"d", 0, 9}, Brackets::no);
    const Param* both[] = {&first, &second, &third};
    const Param* unbracketed[] = {&first, &plain};
    const Param* single[] = {&second};
    EXPECT_EQ(shown(both), "(0-5)[,(1-2)[,(3-4)]]");
    EXPECT_EQ(shown(unbracketed), "(0-5),(0-9)");
    EXPECT_EQ(shown(single), "[(1-2)]");
    EXPECT_EQ(shown(std::span<const Param* const>{}), "");
}

}  // namespace
}  // namespace atls::at
