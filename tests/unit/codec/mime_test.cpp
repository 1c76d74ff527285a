#include "codec/mime.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

MailHead simple() {
    MailHead head;
    head.from = {"Meter \"7\"", "meter@example.test"};
    head.to = {"a@example.test", "b@example.test"};
    head.subject = "Reading";
    head.date = "Fri, 01 Mar 2024 10:00:00 +0000";
    head.message_id = "1@example.test";
    return head;
}

TEST(MailHead, OfTextAlone) {
    EXPECT_EQ(mail_head(simple()),
              "Date: Fri, 01 Mar 2024 10:00:00 +0000\r\nMessage-ID: <1@example.test>\r\n"
              "From: \"Meter \\\"7\\\"\" <meter@example.test>\r\n"
              "To: <a@example.test>,\r\n <b@example.test>\r\nSubject: Reading\r\nMIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=US-ASCII\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    EXPECT_EQ(mail_end(""), "");
}

TEST(MailHead, WithAttachments) {
    MailHead head = simple();
    head.cc = {"c@example.test"};
    head.boundary = "B";
    const std::string text = mail_head(head);
    EXPECT_NE(text.find("Cc: <c@example.test>\r\n"), std::string::npos);
    EXPECT_NE(text.find("multipart/mixed; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain"), std::string::npos);
    EXPECT_EQ(attachment_head("B", "log.txt"),
              "--B\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
              "Content-Disposition: attachment; filename=\"log.txt\"\r\n\r\n");
    EXPECT_EQ(mail_end("B"), "--B--\r\n");
}

TEST(HeaderText, LineEndsBeginNoHeader) { EXPECT_EQ(header_text("a\r\nBcc: x", "UTF-8"), "=?UTF-8?B?YQ0KQmNjOiB4?="); }

TEST(HeaderText, WordsDoNotCutCharacters) {
    // 29 octets, then one character of two: it goes into the second word.
    const std::string text = std::string(29, 'a') + "\xC3\xA4";
    EXPECT_EQ(header_text(text, "UTF-8"), "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n =?UTF-8?B?w6Q=?=");
}

}  // namespace
}  // namespace atls::codec
