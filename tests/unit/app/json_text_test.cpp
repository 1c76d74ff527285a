#include "app/json_text.hpp"

#include <gtest/gtest.h>

namespace atls::app {
namespace {

TEST(JsonText, EscapesWhatMustBe) {
    EXPECT_EQ(json_string(""), "\"\"");
    EXPECT_EQ(json_string("a \"quoted\" \\ path"), R"("a \"quoted\" \\ path")");
    EXPECT_EQ(json_string(std::string_view("\0\x1f\x7f\r\n\t", 6)), R"("\u0000\u001f\u007f\r\n\t")");
}

TEST(JsonText, KeepsUtf8AndReplacesTheRest) {
    EXPECT_EQ(json_string("ä€😀"), "\"ä€😀\"");
    for (const char* bad : {"\x80", "\xFF", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3"}) {
        const std::string text = json_string(std::string("a") + bad);
        EXPECT_TRUE(text.starts_with("\"a\\ufffd")) << text;
    }
    EXPECT_EQ(json_string("\xE2\x82"
                          "b"),
              "\"\\ufffd\\ufffdb\"");
}

}  // namespace
}  // namespace atls::app
