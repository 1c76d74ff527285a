#include "tls/record_reader.hpp"

#include <gtest/gtest.h>

#include <array>

namespace atls::tls {
namespace {

Bytes record(int type, const Bytes& body) {
    Bytes made{static_cast<char>(type), '\x03', '\x03', static_cast<char>(body.size() >> 8),
               static_cast<char>(body.size() & 0xFF)};
    return made + body;
}

Bytes message(int type, std::size_t size) {
    Bytes made{static_cast<char>(type), '\0', static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)};
    return made + Bytes(size, 'm');
}

/// All that comes out for `input`, offered in pieces of `chunk` octets and read as mbed TLS does.
Bytes pass(RecordReader& reader, const Bytes& input, std::size_t chunk, RecordReader::Phase phase = {}) {
    Bytes out;
    std::array<char, 16384> into{};
    for (std::size_t at = 0; at < input.size(); at += chunk) {
        reader.offer(BytesView(input).substr(at, chunk));
        while (const int count = reader.read(into.data(), out.size() % 2 == 0 ? 5 : into.size(), phase)) {
            if (count < 0) return out;
            out.append(into.data(), static_cast<std::size_t>(count));
        }
    }
    return out;
}

TEST(RecordReader, OneRecordAMessageWhateverTheCuts) {
    const Bytes messages = message(2, 70) + message(11, 3000) + message(14, 0);
    const Bytes expected =
        record(22, message(2, 70)) + record(22, message(11, 3000)) + record(22, message(14, 0)) + record(20, "\x01");
    for (const std::size_t fragment : {1U, 2U, 3U, 4U, 5U, 74U, 75U, 512U, 4000U}) {
        Bytes input;
        for (std::size_t at = 0; at < messages.size(); at += fragment)
            input += record(22, messages.substr(at, fragment));
        input += record(20, "\x01");
        for (const std::size_t chunk : {1U, 2U, 5U, 100U, 100000U}) {
            RecordReader reader;
            EXPECT_EQ(pass(reader, input, chunk), expected) << fragment << " " << chunk;
            EXPECT_FALSE(reader.in_the_middle());
        }
    }
}

TEST(RecordReader, AFragmentThatLooksLikeAMessageIsAFragment) {
    const Bytes inner = message(14, 4);
    const Bytes outer = Bytes("\x0B\x00\x00\x08", 4) + inner;
    for (const std::size_t chunk : {1U, 5U, 100U}) {
        for (const std::size_t cut : {1U, 3U, 4U}) {
            RecordReader reader;
            EXPECT_EQ(pass(reader, record(22, outer.substr(0, cut)) + record(22, outer.substr(cut)), chunk),
                      record(22, outer));
            EXPECT_FALSE(reader.in_the_middle());
        }
    }
}

TEST(RecordReader, DoesNotReadAhead) {
    // What follows the record that mbed TLS is processing may be encrypted: only the next call knows.
    const Bytes input = record(20, "\x01") + record(22, "encrypted");
    RecordReader reader;
    reader.offer(input);
    std::array<char, 100> into{};
    EXPECT_EQ(reader.read(into.data(), into.size(), {}), 6);
    EXPECT_EQ(reader.left().size(), input.size() - 6);
    Bytes out;
    while (const int count = reader.read(into.data(), into.size(), {.encrypted = true})) {
        ASSERT_GT(count, 0);
        out.append(into.data(), static_cast<std::size_t>(count));
    }
    EXPECT_EQ(out, record(22, "encrypted"));
}

TEST(RecordReader, EncryptedRecordsPassUntouched) {
    const Bytes input =
        record(22, Bytes(40, 'e')) + record(23, Bytes(16384 + 2048, 'd')) + record(21, "") + record(23, "x");
    for (const std::size_t chunk : {1U, 4U, 6U, 100000U}) {
        RecordReader reader;
        EXPECT_EQ(pass(reader, input, chunk, {.encrypted = true}), input);
        EXPECT_FALSE(reader.in_the_middle());
    }
}

TEST(RecordReader, RefusesEncryptedRecordsShorterThanTheirMac) {
    for (const std::size_t size : {0U, 1U, 19U}) {
        for (const std::size_t chunk : {1U, 100U}) {
            RecordReader reader;
            const Bytes out =
                pass(reader, record(23, Bytes(size, 's')), chunk, {.encrypted = true, .least_record = 20});
            EXPECT_LT(out.size(), 5U) << "mbed TLS must not see the whole header";
            EXPECT_EQ(reader.fault(),
                      "an encrypted record of " + std::to_string(size) + " octets, too short for its suite's MAC");
        }
    }
    RecordReader reader;
    const Bytes enough = record(23, Bytes(20, 's'));
    EXPECT_EQ(pass(reader, enough, 3, {.encrypted = true, .least_record = 20}), enough);
}

TEST(RecordReader, RefusesWhatIsNoTls) {
    const Bytes inputs[] = {"SSH-2.0-x\r\n", Bytes("\x16\x02\x01\x00\x05hello", 10), record(24, "heartbeat"),
                            record(19, "x"), Bytes("\x16\x03\x03\xFF\xFF", 5),       Bytes("\x17\x03\x03\x48\x01", 5)};
    for (const Bytes& input : inputs) {
        for (const bool encrypted : {false, true}) {
            RecordReader reader;
            std::array<char, 100> into{};
            reader.offer(input);
            EXPECT_EQ(reader.read(into.data(), into.size(), {.encrypted = encrypted}), -1);
            EXPECT_FALSE(reader.fault().empty());
            EXPECT_EQ(reader.read(into.data(), into.size(), {.encrypted = encrypted}), -1) << "and stays refused";
        }
    }
}

TEST(RecordReader, RefusesMessagesThatDoNotFit) {
    RecordReader reader;
    EXPECT_EQ(pass(reader, record(22, Bytes("\x0B\x01\x00\x00", 4)), 100), "");
    EXPECT_EQ(reader.fault(), "a handshake message of 65540 octets");
}

TEST(RecordReader, RefusesCipherChangeInsideAMessage) {
    RecordReader reader;
    EXPECT_EQ(pass(reader, record(22, message(11, 100).substr(0, 50)) + record(20, "\x01"), 100), "");
    EXPECT_EQ(reader.fault(), "ChangeCipherSpec in the middle of a handshake message");
}

TEST(RecordReader, KnowsItIsInTheMiddle) {
    for (std::size_t size = 1; size < 20; ++size) {
        RecordReader reader;
        pass(reader, record(22, message(14, 11)).substr(0, size), 100);
        EXPECT_TRUE(reader.in_the_middle()) << size;
    }
}

}  // namespace
}  // namespace atls::tls
