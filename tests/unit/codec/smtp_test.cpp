#include "codec/smtp.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

TEST(SmtpReplies, AreWholeWhereverTheyAreCut) {
    const std::string text = "250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n";
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        SmtpReplies replies;
        replies.add(BytesView(text).substr(0, cut));
        EXPECT_FALSE(replies.next()) << "cut at " << cut;
        replies.add(BytesView(text).substr(cut));
        const auto reply = replies.next();
        ASSERT_TRUE(reply) << "cut at " << cut;
        EXPECT_EQ(reply->code, 250);
        EXPECT_EQ(reply->lines, (std::vector<std::string>{"mail.test", "AUTH PLAIN LOGIN", "STARTTLS"}));
        EXPECT_FALSE(replies.surplus());
    }
}

TEST(SmtpReplies, MayHaveNoText) {
    SmtpReplies replies;
    replies.add("354\r\n");
    EXPECT_EQ(replies.next()->code, 354);
}

TEST(SmtpReplies, SurplusInTheClearIsSeen) {
    SmtpReplies replies;
    replies.add("220 go ahead\r\n250 injected\r\n");
    EXPECT_TRUE(replies.next());
    EXPECT_TRUE(replies.surplus());
}

TEST(SmtpReplies, MalformedOnes) {
    for (const std::string text : {"hello\r\n", "25\r\n", "250x\r\n", "999 no\r\n", "250-a\r\n354 b\r\n", "\r\n"}) {
        SmtpReplies replies;
        replies.add(text);
        EXPECT_FALSE(replies.next()) << text;
        EXPECT_TRUE(replies.malformed()) << text;
    }
}

TEST(SmtpReplies, WithoutEndAreMalformed) {
    SmtpReplies line;
    line.add("250 " + std::string(5000, 'a'));
    EXPECT_FALSE(line.next());
    EXPECT_TRUE(line.malformed());
    SmtpReplies reply;
    for (int i = 0; i < 300; ++i) reply.add("250-a\r\n");
    EXPECT_FALSE(reply.next());
    EXPECT_TRUE(reply.malformed());
}

TEST(SmtpOffers, AreKeywordsNotPartsOfThem) {
    const SmtpReply ehlo{250, {"STARTTLS host", "auth LOGIN plain", "SIZE 1000"}};
    EXPECT_FALSE(offers(ehlo, "STARTTLS"));
    EXPECT_TRUE(offers(ehlo, "AUTH", "PLAIN"));
    EXPECT_TRUE(offers(ehlo, "AUTH", "LOGIN"));
    EXPECT_FALSE(offers(ehlo, "AUTH", "LOG"));
    EXPECT_TRUE(offers(ehlo, "SIZE"));
    EXPECT_TRUE(offers({250, {"old", "AUTH=LOGIN"}}, "AUTH", "LOGIN"));
}

TEST(SmtpData, DoublesDotsAndEndsLinesWhereverItIsCut) {
    const std::string text = ".a\r\n..\n.\rb.c\r\n.";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        SmtpData data;
        std::string out = data.add(BytesView(text).substr(0, cut));
        out += data.add(BytesView(text).substr(cut));
        out += data.finish();
        EXPECT_EQ(out, "..a\r\n...\r\n..\r\nb.c\r\n..\r\n.\r\n") << "cut at " << cut;
    }
}

TEST(SmtpData, OfNothingIsTheFinalDot) { EXPECT_EQ(SmtpData().finish(), ".\r\n"); }

// RFC 4616, 4, without its authorisation identity.
TEST(SmtpAuth, Plain) { EXPECT_EQ(auth_plain("tim", "tanstaaftanstaaf"), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"); }

}  // namespace
}  // namespace atls::codec
