// Frames of the multiplexer against the standard's own arithmetic.
#include "codec/mux.hpp"

#include <gtest/gtest.h>

namespace atls::codec::mux {
namespace {

Bytes hex(std::string_view digits) {
    std::string joined(digits);
    std::erase(joined, ' ');
    return *from_hex(joined);
}

struct Vector {
    const char* name;
    Frame frame;
    bool from_initiator;
    const char* octets;
};

const Vector vectors[] = {
    {"SABM 0", {0, Kind::sabm, true, true, {}}, true, "F9 03 3F 01 1C F9"},
    {"UA 0", {0, Kind::ua, false, true, {}}, false, "F9 03 73 01 D7 F9"},
    {"DISC 0", {0, Kind::disc, true, true, {}}, true, "F9 03 53 01 FD F9"},
    {"DM 0", {0, Kind::dm, false, true, {}}, false, "F9 03 1F 01 36 F9"},
    {"SABM 1", {1, Kind::sabm, true, true, {}}, true, "F9 07 3F 01 DE F9"},
    {"UA 1", {1, Kind::ua, false, true, {}}, false, "F9 07 73 01 15 F9"},
    {"DISC 1", {1, Kind::disc, true, true, {}}, true, "F9 07 53 01 3F F9"},
    {"SABM 4", {4, Kind::sabm, true, true, {}}, true, "F9 13 3F 01 96 F9"},
    {"UA 4", {4, Kind::ua, false, true, {}}, false, "F9 13 73 01 5D F9"},
    {"CLD", {0, Kind::uih, true, false, hex("C301")}, true, "F9 03 EF 05 C3 01 F2 F9"},
    {"CLD response", {0, Kind::uih, true, false, hex("C101")}, false, "F9 01 EF 05 C1 01 93 F9"},
    {"MSC", {0, Kind::uih, true, false, hex("E305078D")}, true, "F9 03 EF 09 E3 05 07 8D FB F9"},
    {"AT", {1, Kind::uih, true, false, "AT\r"}, true, "F9 07 EF 07 41 54 0D D3 F9"},
    {"OK", {1, Kind::uih, true, false, "\r\nOK\r\n"}, false, "F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9"},
};

TEST(MuxFrame, Vectors) {
    for (const Vector& row : vectors) {
        EXPECT_EQ(to_hex(encode(row.frame, row.from_initiator)), to_hex(hex(row.octets))) << row.name;
        Decoder decoder(127);
        decoder.add(hex(row.octets));
        const auto frame = decoder.next();
        ASSERT_TRUE(frame) << row.name;
        EXPECT_EQ(frame->dlci, row.frame.dlci) << row.name;
        EXPECT_EQ(frame->kind, row.frame.kind) << row.name;
        EXPECT_EQ(frame->final, row.frame.final) << row.name;
        EXPECT_EQ(frame->data, row.frame.data) << row.name;
        EXPECT_FALSE(decoder.next());
    }
}

std::vector<Bytes> data_of(BytesView octets, std::size_t piece, std::size_t most = 127) {
    Decoder decoder(most);
    std::vector<Bytes> all;
    while (!octets.empty()) {
        decoder.add(octets.substr(0, piece));
        octets.remove_prefix(std::min(piece, octets.size()));
        while (auto frame = decoder.next()) all.push_back(frame->data);
    }
    return all;
}

Bytes frame_of(const Bytes& data, Kind kind = Kind::uih) { return encode(Frame{1, kind, true, false, data}, true); }

TEST(MuxFrame, InPiecesOfAnyLengthWithSharedFlagsAndGarbage) {
    const Bytes flags_within = "\xF9 data \xF9\xF9 with flags \xF9";
    Bytes shared = frame_of("first");
    shared.pop_back();  // one flag between two frames
    const Bytes all = "AT\r\n\xF9\xF9\xF9" + shared + frame_of(flags_within) + "noise" + frame_of("", Kind::uih) +
                      frame_of("x", Kind::ui);
    for (const unsigned piece : {1U, 2U, 3U, 7U, 1000U}) {
        EXPECT_EQ(data_of(all, piece), (std::vector<Bytes>{"first", flags_within, "", "x"})) << piece;
    }
}

TEST(MuxFrame, LongOnesHaveTwoOctetsOfLength) {
    for (const std::size_t length : {127U, 128U, 129U, 1500U, 16384U, 32767U}) {
        const Bytes data(length, '\xF9');
        EXPECT_EQ(data_of(frame_of(data), 100, 32767), std::vector<Bytes>{data}) << length;
        EXPECT_TRUE(data_of(frame_of(data), 100, length - 1).empty()) << length;
    }
}

TEST(MuxFrame, AWrongCheckSequenceIsPassedOver) {
    const Bytes good = frame_of("good");
    Bytes many;
    for (int i = 0; i < 30; ++i) many += good;
    for (std::size_t bit = 8; bit < std::size_t{8} * 4; ++bit) {
        Bytes bad = frame_of("bad");
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
        // A length that was mangled has more taken for its data than there is, until the check sequence says no.
        const auto found = data_of(bad + many, 1000);
        ASSERT_FALSE(found.empty()) << bit;
        EXPECT_EQ(found.back(), "good") << bit;
        for (const Bytes& data : found) EXPECT_EQ(data, "good") << bit;
    }
    // Of a UI frame the data is checked too.
    Bytes bad = frame_of("data", Kind::ui);
    bad[5] = 'X';
    EXPECT_EQ(data_of(bad + good, 1000), std::vector<Bytes>{"good"});
}

TEST(MuxMessage, AreTakenApart) {
    const Bytes two = encode(Message{0xE0, true, hex("078D")}) + encode(Message{0x20, false, Bytes(200, 'x')});
    const auto found = messages_in(two);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].type, 0xE0);
    EXPECT_TRUE(found[0].command);
    EXPECT_EQ(to_hex(found[0].values), "078D");
    EXPECT_FALSE(found[1].command);
    EXPECT_EQ(found[1].values.size(), 200U);
    EXPECT_EQ(messages_in(BytesView(two).substr(0, two.size() - 1)).size(), 1U);
    EXPECT_TRUE(messages_in("\xE3").empty());
}

}  // namespace
}  // namespace atls::codec::mux
