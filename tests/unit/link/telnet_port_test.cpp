// What an RFC 2217 client hears, octet by octet.
#include "link/telnet_port.hpp"

#include <gtest/gtest.h>

#include "support/telnet_speech.hpp"

namespace atls::link {
namespace {

const Bytes will_com_port{"\xFF\xFB\x2C", 3};
const Bytes do_com_port{"\xFF\xFD\x2C", 3};
// DSR and CTS, nothing has changed.
const Bytes notice{"\xFF\xFA\x2C\x6B\x30\xFF\xF0", 7};

Bytes out_of(TelnetPort& port) {
    Bytes all(port.out.view());
    port.out.clear();
    return all;
}

std::size_t count(BytesView text, BytesView what) {
    std::size_t times = 0;
    for (auto at = text.find(what); at != BytesView::npos; at = text.find(what, at + what.size())) ++times;
    return times;
}

TEST(TelnetPort, OffersEightBitsAndThePort) {
    TelnetPort port({});
    EXPECT_EQ(out_of(port), Bytes("\xFF\xFB\x00\xFF\xFD\x00\xFF\xFB\x03\xFF\xFD\x03\xFF\xFD\x2C", 15));
}

TEST(TelnetPort, TellsOfTheLinesAtTheFirstWordAboutThePort) {
    TelnetPort port({});
    (void)out_of(port);
    port.hear(do_com_port);
    EXPECT_EQ(count(out_of(port), notice), 0U);
    port.hear(will_com_port);
    port.hear(test::TelnetSpeech::asking({"\x05\x08", 2}));
    EXPECT_EQ(count(out_of(port), notice), 1U);
}

// As pyserial's client, if our DO comes before its own WILL.
TEST(TelnetPort, TellsAClientThatNeverSaysWill) {
    TelnetPort port({});
    (void)out_of(port);
    port.hear(do_com_port);
    (void)out_of(port);
    port.hear(test::TelnetSpeech::asking({"\x01\x00\x00\x25\x80", 5}));
    EXPECT_EQ(out_of(port), notice + Bytes("\xFF\xFA\x2C\x65\x00\x00\x25\x80\xFF\xF0", 10));
    EXPECT_EQ(port.rate, 9600U);
    port.hear(test::TelnetSpeech::asking({"\x05\x09", 2}));
    EXPECT_EQ(out_of(port), Bytes("\xFF\xFA\x2C\x69\x09\xFF\xF0", 7));
    EXPECT_EQ(port.in.take_mark(), false);
}

}  // namespace
}  // namespace atls::link
