#include "codec/base64.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

// RFC 4648, 10.
TEST(Base64, OfTheStandardsExamples) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, IsEightBitClean) { EXPECT_EQ(to_base64(BytesView("\xFF\xFE\x00\xFB", 4)), "//4A+w=="); }

TEST(Base64Lines, AreOf76Characters) {
    Base64Lines lines;
    EXPECT_EQ(lines.add(Bytes(56, 'a')), "");
    EXPECT_EQ(lines.add("ab"), to_base64(Bytes(57, 'a')) + "\r\n");
    EXPECT_EQ(lines.finish(), "Yg==\r\n");
    EXPECT_EQ(lines.finish(), "");
}

TEST(Base64Lines, DoNotDependOnHowTheDataIsCut) {
    const Bytes data(130, '\x9C');
    Base64Lines at_once;
    std::string whole = at_once.add(data);
    whole += at_once.finish();
    for (std::size_t cut = 0; cut <= data.size(); ++cut) {
        Base64Lines lines;
        std::string text = lines.add(BytesView(data).substr(0, cut));
        text += lines.add(BytesView(data).substr(cut));
        text += lines.finish();
        EXPECT_EQ(text, whole) << "cut at " << cut;
    }
}

}  // namespace
}  // namespace atls::codec
