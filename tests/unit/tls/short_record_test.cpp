// A server that chooses RC4 and then sends an encrypted record shorter than its MAC: mbed TLS 2.28.3 reads beyond it.
// No library server would do that, so this one is written by hand up to that record; it needs no keys to get there.
#include <gtest/gtest.h>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

Bytes number(std::size_t value, int octets) {
    Bytes made;
    for (int i = octets - 1; i >= 0; --i) made.push_back(static_cast<char>(value >> (8 * i)));
    return made;
}

Bytes record(int type, const Bytes& body) {
    return number(static_cast<std::size_t>(type), 1) + "\x03\x03" + number(body.size(), 2) + body;
}

Bytes message(int type, const Bytes& body) {
    return record(22, number(static_cast<std::size_t>(type), 1) + number(body.size(), 3) + body);
}

Bytes flight(std::uint16_t suite) {
    const Bytes& certificate = test::Pki::get().server.certificate_der;
    const Bytes hello = Bytes("\x03\x03") + Bytes(32, 'r') + number(0, 1) + number(suite, 2) + number(0, 1);
    const Bytes chain = number(certificate.size() + 3, 3) + number(certificate.size(), 3) + certificate;
    return message(2, hello) + message(11, chain) + message(14, "");
}

class ShortRecord : public ::testing::TestWithParam<std::pair<std::uint16_t, std::size_t>> {};

TEST_P(ShortRecord, IsDroppedBeforeTheLibrarySeesIt) {
    const auto [suite, mac] = GetParam();
    for (std::size_t size = 0; size < mac; ++size) {
        auto client = make(strict());
        const Bytes sent = flight(suite) + record(20, "\x01") + record(22, Bytes(size, 's'));
        client->feed(sent, Time{});
        ASSERT_EQ(client->state(), State::failed);
        EXPECT_EQ(client->failure().cause, Cause::protocol_error);
        EXPECT_EQ(client->failure().text,
                  "an encrypted record of " + std::to_string(size) + " octets, too short for its suite's MAC");
    }
    // One that is long enough is the library's to refuse.
    auto client = make(strict());
    client->feed(flight(suite) + record(20, "\x01") + record(22, Bytes(mac, 's')), Time{});
    ASSERT_EQ(client->state(), State::failed);
    EXPECT_EQ(client->failure().text.find("too short"), std::string::npos) << client->failure().text;
}

INSTANTIATE_TEST_SUITE_P(Rc4, ShortRecord,
                         ::testing::Values(std::pair<std::uint16_t, std::size_t>{0x0004, 16},
                                           std::pair<std::uint16_t, std::size_t>{0x0005, 20}));

TEST(ShortRecordOfBlocks, IsRefusedByTheLibrary) {
    for (const std::uint16_t suite : {std::uint16_t{0x000A}, std::uint16_t{0x002F}, std::uint16_t{0x003C}}) {
        for (std::size_t size = 0; size < 100; ++size) {
            auto client = make(strict());
            client->feed(flight(suite) + record(20, "\x01") + record(22, Bytes(size, 's')), Time{});
            ASSERT_EQ(client->state(), State::failed) << size;
            EXPECT_EQ(client->failure().cause, Cause::protocol_error) << client->failure().text;
        }
    }
}

}  // namespace
}  // namespace atls::tls::testing
