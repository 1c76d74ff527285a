#include "codec/checksum.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

TEST(Checksum, OfTheManualsExample) { EXPECT_EQ(checksum_text("1234567890"), "3938"); }

TEST(Checksum, OfNothingIsZero) { EXPECT_EQ(checksum_text(""), "0"); }

TEST(Checksum, OddLastOctetIsTheHighHalf) {
    EXPECT_EQ(checksum_text("a"), "6100");
    EXPECT_EQ(checksum_text("abc"), "262");  // 6162 ^ 6300
}

TEST(Checksum, HasNoLeadingZeros) {
    EXPECT_EQ(checksum_text(BytesView("\x00\x0F", 2)), "f");
    EXPECT_EQ(checksum_text("\x12\x34\x12\x34"), "0");
}

TEST(Checksum, IsEightBitClean) { EXPECT_EQ(checksum_text(BytesView("\xFF\x00\x1A\xE5", 4)), "e5e5"); }

TEST(Checksum, DoesNotDependOnHowTheDataIsCut) {
    const Bytes data("one\0two\xFFthree", 13);
    const std::string whole = checksum_text(data);
    for (std::size_t cut = 0; cut <= data.size(); ++cut) {
        Checksum sum;
        sum.add(BytesView(data).substr(0, cut));
        sum.add("");
        sum.add(BytesView(data).substr(cut));
        EXPECT_EQ(sum.text(), whole) << "cut at " << cut;
    }
}

TEST(Checksum, ValueIsTheNumberBehindTheText) {
    Checksum sum;
    sum.add("1234567890");
    EXPECT_EQ(sum.value(), 0x3938);
}

}  // namespace
}  // namespace atls::codec
