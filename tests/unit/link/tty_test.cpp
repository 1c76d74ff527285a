// A serial port whose pins a test drives: a pty has none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "link/kinds.hpp"
#include "link/serial.hpp"
#include "unit/link/bench.hpp"

namespace atls::link {
namespace {

/// What the driver was told, and the pins; shared with the test.
struct Wire {
    std::vector<SerialMode> modes;
    std::optional<SerialPins> pins = SerialPins{};
    std::vector<bool> dtr;
    bool drained = true;
    loop::Fd host;
};

class FakeSerial final : public SerialDriver {
public:
    explicit FakeSerial(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {
        int pair[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
        fd_ = loop::Fd(pair[0]);
        wire_->host = loop::Fd(pair[1]);
    }
    [[nodiscard]] int fd() const override { return fd_.get(); }
    Outcome<LinkFailure> set_mode(const SerialMode& mode) override {
        wire_->modes.push_back(mode);
        return {};
    }
    [[nodiscard]] std::optional<SerialPins> pins() const override { return wire_->pins; }
    void set_dtr(bool on) override { wire_->dtr.push_back(on); }
    [[nodiscard]] bool drained() const override { return wire_->drained; }

private:
    std::shared_ptr<Wire> wire_;
    loop::Fd fd_;
};

class Tty : public testing::Test {
protected:
    Tty() {
        modem.channel = over_serial(
            loop, std::make_unique<FakeSerial>(wire), SerialMode(), "tty:/dev/fake",
            [this]() -> Result<std::unique_ptr<SerialDriver>, LinkFailure> {
                ++tries;
                if (tries < 2) return LinkFailure{"not yet"};
                return std::unique_ptr<SerialDriver>(std::make_unique<FakeSerial>(wire));
            },
            modem);
        EXPECT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    }

    std::shared_ptr<Wire> wire = std::make_shared<Wire>();
    int tries = 0;
    loop::Loop loop;
    Modem modem;
};

TEST_F(Tty, TheHostsDtrComesInAtDsr) {
    wire->pins->dsr = false;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-"; }, generous));
    wire->pins->dsr = true;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-+"; }, generous));
}

TEST_F(Tty, AHostThatComesWithoutDtrIsToldOf) {
    wire->pins->dsr = false;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-"; }, generous));
    wire->host.close();
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-DA-"; }, generous));
}

TEST_F(Tty, DcdGoesOutAtDtr) {
    EXPECT_EQ(wire->dtr, std::vector<bool>{false});
    modem.channel->set_dcd(true);
    modem.channel->set_dcd(false);
    EXPECT_EQ(wire->dtr, (std::vector<bool>{false, true, false}));
}

TEST_F(Tty, ARateWaitsForTheOctetsBeforeIt) {
    wire->drained = false;
    modem.channel->set_rate(9600);
    for (int i = 0; i < 5; ++i) loop.poll();
    EXPECT_TRUE(wire->modes.empty());
    wire->drained = true;
    ASSERT_TRUE(loop.run_until([&] { return !wire->modes.empty(); }, generous));
    EXPECT_EQ(wire->modes.back().rate, 9600U);
    modem.channel->set_flow(2, 2);
    EXPECT_TRUE(wire->modes.back().hardware_flow);
    modem.channel->set_flow(1, 0);
    EXPECT_TRUE(wire->modes.back().software_flow);
    EXPECT_FALSE(wire->modes.back().hardware_flow);
    EXPECT_EQ(wire->modes.back().rate, 9600U);
}

TEST_F(Tty, AnAdapterThatIsPulledComesBack) {
    wire->host.close();
    ASSERT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 2; }, generous));
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(wire->modes.size(), 1U) << "with the mode it had";
    ASSERT_EQ(::write(wire->host.get(), "AT\r", 3), 3);
    ASSERT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
}

// A pty stands in for the cable's octets.
TEST(TtyOverAPty, IsEightBitCleanBothWays) {
    loop::Loop loop;
    Modem modem;
    loop::Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    ASSERT_EQ(::grantpt(master.get()), 0);
    ASSERT_EQ(::unlockpt(master.get()), 0);
    const std::string device = ::ptsname(master.get());
    auto opened = open(loop, "tty:" + device + "@9600,8N1", modem);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    modem.channel = std::move(*opened);
    EXPECT_EQ(modem.channel->url(), "tty:" + device + "@9600,8N1");
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    Host host(loop, std::move(master), loop::Fd());
    const auto up = random_octets(300'000, 7);
    const auto down = random_octets(300'000, 8);
    modem.appetite = 777;
    modem.at_bytes = [&] { modem.resume(); };
    host.want_read(true);
    modem.to_send.append(down);
    host.send(up);
    modem.push();
    EXPECT_TRUE(loop.run_until(
        [&] { return modem.received.size() == up.size() && host.received.size() == down.size(); }, generous));
    EXPECT_TRUE(modem.received == up);
    EXPECT_TRUE(host.received == down);
    EXPECT_FALSE(open(loop, "tty:" + device, modem).ok()) << "it is ours alone";
}

TEST(SerialMode, IsWritten) {
    const auto plain = parse_serial_mode("115200");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->rate, 115'200U);
    EXPECT_EQ(plain->parity, 'N');
    const auto odd = parse_serial_mode("9600,7O2");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->rate, 9600U);
    EXPECT_EQ(odd->data_bits, 7);
    EXPECT_EQ(odd->parity, 'O');
    EXPECT_EQ(odd->stop_bits, 2);
    for (const char* const bad : {"", "12345", "115200,", "115200,9N1", "115200,8X1", "115200,8N3", "115200x"}) {
        EXPECT_FALSE(parse_serial_mode(bad)) << bad;
    }
}

}  // namespace
}  // namespace atls::link
