// What a client of RFC 2217 may ask, and what it hears.
#include "codec/com_port.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

Bytes hex(std::string_view digits) {
    std::string joined(digits);
    std::erase(joined, ' ');
    return *from_hex(joined);
}

struct Row {
    const char* what;
    const char* asked;
    const char* answered;
};

TEST(ComPort, AnswersEachRequestWithTheStateAfterIt) {
    // In this order, on one port.
    const Row rows[] = {
        {"rate asked", "01 00000000", "65 0001C200"},
        {"rate set", "01 00002580", "65 00002580"},
        {"a rate of no UART", "01 000003E7", "65 000003E7"},
        {"size asked", "02 00", "66 08"},
        {"size set", "02 07", "66 07"},
        {"no such size", "02 09", "66 07"},
        {"parity asked", "03 00", "67 01"},
        {"parity even", "03 03", "67 03"},
        {"no such parity", "03 06", "67 03"},
        {"stop bits asked", "04 00", "68 01"},
        {"two stop bits", "04 02", "68 02"},
        {"flow asked", "05 00", "69 01"},
        {"hardware flow", "05 03", "69 03"},
        {"break asked", "05 04", "69 06"},
        {"break on", "05 05", "69 05"},
        {"break off", "05 06", "69 06"},
        {"DTR asked", "05 07", "69 08"},
        {"DTR off", "05 09", "69 09"},
        {"DTR on", "05 08", "69 08"},
        {"RTS asked", "05 0A", "69 0B"},
        {"RTS off", "05 0C", "69 0C"},
        {"inbound flow asked", "05 0D", "69 0E"},
        {"inbound flow by XON/XOFF", "05 0F", "69 0F"},
        {"line state mask", "0A 00", "6E 00"},
        {"modem state mask", "0B FF", "6F FF"},
        {"modem state asked", "07", "6B 30"},
        {"purge", "0C 03", "70 03"},
        {"signature asked", "00", "64 61746C73"},
        {"signature told", "00 78", ""},
        {"suspend", "08", ""},
        {"cut off", "01 0000", ""},
        {"nothing", "", ""},
        {"unknown", "63 00", ""},
    };
    ComPort port;
    for (const Row& row : rows)
        EXPECT_EQ(to_hex(port.take(hex(row.asked)).reply), to_hex(hex(row.answered))) << row.what;
}

TEST(ComPort, TellsTheModemWhatConcernsIt) {
    ComPort port;
    EXPECT_EQ(port.take(hex("0100002580")).rate, 9600U);
    EXPECT_FALSE(port.take(hex("0100000000")).rate);
    EXPECT_EQ(port.take(hex("0509")).dtr, false);
    EXPECT_FALSE(port.take(hex("0509")).dtr) << "it was off";
    EXPECT_EQ(port.take(hex("0508")).dtr, true);
    EXPECT_EQ(port.take(hex("08")).suspended, true);
    EXPECT_EQ(port.take(hex("09")).suspended, false);
    EXPECT_FALSE(port.take(hex("0C01")).purge) << "what is on its way to the client";
    EXPECT_TRUE(port.take(hex("0C02")).purge);
    EXPECT_TRUE(port.take(hex("0C03")).purge);
    (void)port.take(hex("0505"));
    EXPECT_TRUE(port.breaking());
}

TEST(ComPort, TellsTheClientOfLinesThatItWantsToKnow) {
    ComPort port;
    EXPECT_EQ(to_hex(port.set_lines({.dcd = true})), "6BB8") << "DCD on, and that it changed";
    EXPECT_EQ(to_hex(port.set_lines({.dcd = true})), "") << "nothing new";
    EXPECT_EQ(to_hex(port.set_lines({.dcd = true, .ring = true})), "6BF0");
    EXPECT_EQ(to_hex(port.set_lines({.dcd = true})), "6BB4") << "ringing has ended";
    (void)port.take(hex("0B00"));
    EXPECT_EQ(to_hex(port.set_lines({})), "") << "masked";
}

}  // namespace
}  // namespace atls::codec
