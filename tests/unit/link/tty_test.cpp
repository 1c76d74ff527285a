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
    int looks = 0;
    std::vector<bool> dtr;
    bool queued = false;
    std::optional<bool> empty = true;
    bool refuses = false;
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
        if (wire_->refuses) return LinkFailure{"/dev/fake has no such rate"};
        wire_->modes.push_back(mode);
        return {};
    }
    [[nodiscard]] std::optional<SerialPins> pins() const override {
        ++wire_->looks;
        return wire_->pins;
    }
    void set_dtr(bool on) override { wire_->dtr.push_back(on); }
    [[nodiscard]] bool queued() const override { return wire_->queued; }
    [[nodiscard]] std::optional<bool> transmitter_empty() const override { return wire_->empty; }

private:
    std::shared_ptr<Wire> wire_;
    loop::Fd fd_;
};

class Tty : public testing::Test {
protected:
    Tty() {
        SerialLine line;
        line.url = "tty:/dev/fake";
        line.reopen = [this]() -> Result<std::unique_ptr<SerialDriver>, LinkFailure> {
            ++tries;
            if (tries < 2) return LinkFailure{"not yet"};
            return std::unique_ptr<SerialDriver>(std::make_unique<FakeSerial>(wire));
        };
        modem.channel = over_serial(loop, std::make_unique<FakeSerial>(wire), std::move(line), modem);
        EXPECT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    }

    /// Does it, and waits until it has reached the driver.
    void set(const std::function<void()>& change) {
        const std::size_t before = wire->modes.size();
        change();
        ASSERT_TRUE(loop.run_until([&] { return wire->modes.size() > before; }, generous));
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

// Three wires: DSR is off for ever, and that is no host that has hung up.
TEST_F(Tty, DsrCountsOnceItHasBeenSeenOn) {
    wire->pins->dsr = false;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-"; }, generous));
    wire->host.close();
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-DA"; }, generous));
    const int before = wire->looks;
    ASSERT_TRUE(loop.run_until([&] { return wire->looks > before + 2; }, generous));
    EXPECT_EQ(modem.said, "A-DA");
    wire->pins->dsr = true;
    const int then = wire->looks;
    ASSERT_TRUE(loop.run_until([&] { return wire->looks > then + 1; }, generous));
    wire->pins->dsr = false;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "A-DA-"; }, generous));
}

TEST_F(Tty, DcdGoesOutAtDtr) {
    EXPECT_EQ(wire->dtr, std::vector<bool>{false});
    modem.channel->set_dcd(true);
    modem.channel->set_dcd(false);
    EXPECT_EQ(wire->dtr, (std::vector<bool>{false, true, false}));
}

TEST_F(Tty, ARateWaitsForTheOctetsBeforeIt) {
    wire->queued = true;
    modem.channel->set_rate(9600);
    for (int i = 0; i < 5; ++i) loop.poll();
    EXPECT_TRUE(wire->modes.empty());
    wire->queued = false;
    wire->empty = false;  // the UART's own
    for (int i = 0; i < 5; ++i) loop.poll();
    EXPECT_TRUE(wire->modes.empty());
    // What is said meanwhile is for the new rate.
    modem.to_send.append("later");
    modem.push();
    EXPECT_EQ(modem.to_send.size(), 5U);
    wire->empty = true;
    ASSERT_TRUE(loop.run_until([&] { return modem.to_send.empty(); }, generous));
    ASSERT_EQ(wire->modes.size(), 1U);
    EXPECT_EQ(wire->modes.back().rate, 9600U);
}

// An adapter whose driver does not say when the last octet has left.
TEST_F(Tty, ARateWaitsAsLongAsTheOctetsTake) {
    wire->empty = std::nullopt;
    set([&] { modem.channel->set_rate(1200); });
    constexpr std::size_t count = 12;  // a tenth of a second
    modem.to_send.append(Bytes(count, 'x'));
    const Time began = loop.now();
    modem.push();
    ASSERT_TRUE(modem.to_send.empty());
    set([&] { modem.channel->set_rate(9600); });
    EXPECT_GE(loop.now() - began, std::chrono::milliseconds(100));
    EXPECT_EQ(wire->modes.back().rate, 9600U);
}

TEST_F(Tty, FlowControlAndFormatAreSet) {
    set([&] { modem.channel->set_flow(2, 2); });
    EXPECT_TRUE(wire->modes.back().hardware_flow);
    set([&] { modem.channel->set_flow(1, 0); });
    EXPECT_TRUE(wire->modes.back().obeys_xoff);
    EXPECT_FALSE(wire->modes.back().sends_xoff);
    EXPECT_FALSE(wire->modes.back().hardware_flow);
    set([&] { modem.channel->set_flow(0, 1); });
    EXPECT_FALSE(wire->modes.back().obeys_xoff);
    EXPECT_TRUE(wire->modes.back().sends_xoff);
    const CharacterFormat seven{7, 'E', 1};
    set([&] { modem.channel->set_format(seven); });
    EXPECT_EQ(wire->modes.back().format, seven);
    set([&] { modem.channel->set_format(std::nullopt); });
    EXPECT_EQ(wire->modes.back().format, CharacterFormat());
    set([&] { modem.channel->set_rate(14400); });
    EXPECT_EQ(wire->modes.back().rate, 14400U);
    set([&] { modem.channel->set_rate(0); });
    EXPECT_EQ(wire->modes.back().rate, SerialMode().rate) << "as it was opened";
}

TEST_F(Tty, ARateThatTheLineDoesNotHaveIsToldOfAndSpoilsNothing) {
    wire->refuses = true;
    modem.channel->set_rate(921600);
    ASSERT_TRUE(loop.run_until([&] { return !modem.troubles.empty(); }, generous));
    EXPECT_EQ(modem.troubles, std::vector<std::string>{"/dev/fake has no such rate"});
    wire->refuses = false;
    set([&] { modem.channel->set_flow(2, 0); });
    EXPECT_EQ(wire->modes.back().rate, SerialMode().rate);
}

TEST_F(Tty, DtrStaysBehindWhatTheHostSentBefore) {
    modem.appetite = 2;
    ASSERT_EQ(::write(wire->host.get(), "early", 5), 5);
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ak"; }, generous));
    ASSERT_EQ(::write(wire->host.get(), "late", 4), 4);
    wire->pins->dsr = false;
    // Time enough for a look at the pins: the modem is asked at once whether it must not wait.
    ASSERT_TRUE(loop.run_until([&] { return modem.pressed == 1; }, generous));
    EXPECT_EQ(modem.said, "Akk");
    EXPECT_EQ(modem.received, "earl");
    modem.appetite = 100;
    modem.resume();
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Akkb-"; }, generous));
    EXPECT_EQ(modem.received, "earlylate");
    wire->pins->dsr = true;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Akkb-+"; }, generous));
}

// A peer that reads nothing keeps a host from sending, not from hanging up.
TEST_F(Tty, ADropGetsThroughToAModemThatTakesNothing) {
    modem.appetite = 0;
    modem.under_pressure = 100;
    ASSERT_EQ(::write(wire->host.get(), "stuck", 5), 5);
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ak"; }, generous));
    wire->pins->dsr = false;
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Akk-"; }, generous));
    EXPECT_EQ(modem.received, "stuck");
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
    EXPECT_EQ(plain->format, CharacterFormat());
    const auto odd = parse_serial_mode("9600,7O2");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->rate, 9600U);
    EXPECT_EQ(odd->format, (CharacterFormat{7, 'O', 2}));
    for (const char* const bad : {"", "12345", "115200,", "115200,9N1", "115200,8X1", "115200,8N3", "115200x"}) {
        EXPECT_FALSE(parse_serial_mode(bad)) << bad;
    }
}

}  // namespace
}  // namespace atls::link
