// Downloads larger than any buffer, and what a session holds of them.
#include <gtest/gtest.h>

#include "codec/checksum.hpp"
#include "dialects/bg96/bg96.hpp"
#include "support/world.hpp"

namespace atls::test {
namespace {

constexpr std::size_t large = 1'000'000;
// The session's own high-water mark and a little more, far from the file's size.
constexpr std::size_t most_held = 40'000;

Bytes content() {
    Random random(7);
    Bytes octets;
    while (octets.size() < large) octets.push_back(static_cast<char>(random.below(256)));
    return octets;
}

class LargeFile : public testing::Test {
protected:
    LargeFile() {
        world.ufs.put("large.bin", data);
        port.session().line.echo = false;
    }
    Bytes answer_to(const std::string& line) {
        port.send(line + "\r");
        EXPECT_TRUE(world.settle());
        return port.take_received();
    }

    const Bytes data = content();
    World world{dialects::bg96()};
    HostPort& port = world.port("uart1");
};

TEST_F(LargeFile, IsDownloadedAsItIs) {
    const std::string end = "\r\n+QFDWL: 1000000," + codec::checksum_text(data) + "\r\n\r\nOK\r\n";
    EXPECT_TRUE(answer_to("AT+QFDWL=\"large.bin\"") == "\r\nCONNECT\r\n" + data + end);
}

TEST_F(LargeFile, IsReadByHandle) {
    ASSERT_EQ(answer_to("AT+QFOPEN=\"large.bin\",2"), "\r\n+QFOPEN: 0\r\n\r\nOK\r\n");
    ASSERT_EQ(answer_to("AT+QFSEEK=0,1"), "\r\nOK\r\n");
    EXPECT_TRUE(answer_to("AT+QFREAD=0") == "\r\nCONNECT 999999\r\n" + data.substr(1) + "\r\nOK\r\n");
}

TEST_F(LargeFile, IsPulledOnlyAsTheHostReads) {
    port.reads = false;
    answer_to("AT+QFDWL=\"large.bin\"");
    EXPECT_LT(port.session().output().size(), most_held);
    port.reads = true;
    EXPECT_TRUE(world.settle());
    EXPECT_GT(port.take_received().size(), large);
}

}  // namespace
}  // namespace atls::test
