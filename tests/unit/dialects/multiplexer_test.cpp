// The multiplexer against a host that is not as patient as the transcripts' one.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "codec/mux.hpp"
#include "dialects/bg96/bg96.hpp"
#include "dialects/ec200/ec200.hpp"
#include "support/world.hpp"

namespace atls::test {
namespace {

namespace mux = codec::mux;
namespace v24 = codec::mux::v24;
using namespace std::chrono_literals;

constexpr unsigned idle = v24::extension | v24::ready | v24::send;

class Host {
public:
    explicit Host(World& world) : world_(world), port_(world.port("uart1")) {
        say("ATE0\r");
        say("AT+CMUX=0\r");
        EXPECT_TRUE(port_.take_received().ends_with("\r\nOK\r\n"));
    }

    void send(const mux::Frame& frame) {
        port_.send(mux::encode(frame, true));
        settle();
    }
    void open(int dlci) { send({dlci, mux::Kind::sabm, true, true, {}}); }
    void close(int dlci) { send({dlci, mux::Kind::disc, true, true, {}}); }
    void tell(mux::Type type, const Bytes& values = {}, bool command = true) {
        const mux::Message message{static_cast<std::uint8_t>(type), command, values};
        send({0, mux::Kind::uih, true, false, mux::encode(message)});
    }
    void signal(int dlci, unsigned bits) { tell(mux::Type::modem_status, status(dlci, bits)); }
    /// In frames that are as long as they may be.
    void write(int dlci, const Bytes& octets) {
        constexpr std::size_t most = 127;
        for (std::size_t at = 0; at < octets.size(); at += most) {
            send({dlci, mux::Kind::uih, true, false, octets.substr(at, most)});
        }
    }
    Bytes ask(int dlci, const std::string& line) {
        write(dlci, line + "\r");
        return take(dlci);
    }
    Bytes take(int dlci) { return std::exchange(data[dlci], {}); }
    void say(const std::string& octets) {
        port_.send(octets);
        EXPECT_TRUE(world_.settle());
    }
    [[nodiscard]] HostPort& port() { return port_; }

    void settle() {
        EXPECT_TRUE(world_.settle());
        decoder_.add(port_.take_received());
        bool acknowledged = false;
        while (const auto frame = decoder_.next()) acknowledged = hear(*frame) || acknowledged;
        if (acknowledged) settle();
    }

    std::map<int, Bytes> data;
    std::map<int, unsigned> signals;  ///< as the module told last
    std::vector<mux::Message> answers;
    std::vector<std::pair<int, mux::Kind>> responses;

private:
    static Bytes status(int dlci, unsigned bits) {
        return {static_cast<char>((static_cast<unsigned>(dlci) << 2U) | 0x03U), static_cast<char>(bits)};
    }

    bool hear(const mux::Frame& frame) {
        if (frame.kind != mux::Kind::uih) {
            responses.emplace_back(frame.dlci, frame.kind);
            return false;
        }
        if (frame.dlci != 0) {
            data[frame.dlci] += frame.data;
            return false;
        }
        bool acknowledged = false;
        for (const auto& message : mux::messages_in(frame.data)) {
            if (!message.command) {
                answers.push_back(message);
                continue;
            }
            signals[static_cast<unsigned char>(message.values[0]) >> 2U] =
                static_cast<unsigned char>(message.values[1]);
            mux::Message answer = message;
            answer.command = false;
            port_.send(mux::encode({0, mux::Kind::uih, true, false, mux::encode(answer)}, true));
            acknowledged = true;
        }
        return acknowledged;
    }

    World& world_;
    HostPort& port_;
    mux::Decoder decoder_{32768};
};

class Mux : public testing::Test {
protected:
    /// Socket 0 of a server that reads only while it is let, in transparent mode on `dlci`.
    void stream_to_a_stalled_server(int dlci) {
        world.net.set_window(1000);
        world.net.serve_echo("sink.example", 80, modem::Transport::tcp);
        ASSERT_EQ(host.ask(dlci, "AT+QIACT=1"), "\r\nOK\r\n");
        ASSERT_EQ(host.ask(dlci, "AT+QIOPEN=1,0,\"TCP\",\"sink.example\",80,0,2"), "\r\nCONNECT\r\n");
        world.net.last_peer().pause(true);
    }

    World world{dialects::bg96()};
    Host host{world};
};

TEST_F(Mux, DtrGetsThroughAStreamThatIsStopped) {
    host.open(0);
    host.open(1);
    ASSERT_EQ(host.ask(1, "ATE0&D1"), "ATE0&D1\r\r\nOK\r\n");
    stream_to_a_stalled_server(1);
    const Bytes sent(40'000, 'x');
    host.write(1, sent);
    ASSERT_EQ(host.signals[1] & v24::flow, v24::flow) << "the module takes no more";
    ASSERT_LT(world.net.last_peer().received().size(), sent.size());
    host.signal(1, idle & ~v24::ready);
    EXPECT_EQ(host.take(1), "\r\nOK\r\n");
    EXPECT_EQ(host.signals[1] & v24::flow, 0U);
    host.signal(1, idle);
    EXPECT_EQ(host.ask(1, "AT+CMEE?"), "\r\n+CMEE: 1\r\n\r\nOK\r\n");
    world.net.last_peer().pause(false);
    host.settle();
    EXPECT_TRUE(world.net.last_peer().received() == sent) << world.net.last_peer().received().size();
}

// What the host sent before DISC is not lost either: it is as good as a drop of DTR.
TEST_F(Mux, AChannelIsClosedWithAStreamThatIsStopped) {
    host.open(0);
    host.open(1);
    ASSERT_EQ(host.ask(1, "ATE0&D1"), "ATE0&D1\r\r\nOK\r\n");
    stream_to_a_stalled_server(1);
    const Bytes sent(40'000, 'x');
    host.write(1, sent);
    ASSERT_EQ(host.signals[1] & v24::flow, v24::flow);
    host.close(1);
    world.net.last_peer().pause(false);
    host.settle();
    EXPECT_TRUE(world.net.last_peer().received() == sent) << world.net.last_peer().received().size();
    host.open(1);
    EXPECT_EQ(host.ask(1, "AT"), "\r\nOK\r\n");
}

// RI is there to wake a host that has stopped us.
TEST_F(Mux, AStoppedHostIsRung) {
    host.open(0);
    host.open(1);
    ASSERT_EQ(host.ask(1, "ATE0;+CREG=1"), "ATE0;+CREG=1\r\r\nOK\r\n");
    host.signal(1, idle | v24::flow);
    world.modem.network.set_coverage(modem::Registration::searching);
    host.settle();
    EXPECT_EQ(host.signals[1] & v24::ring, v24::ring);
    EXPECT_EQ(host.take(1), "");
    host.signal(1, idle);
    EXPECT_EQ(host.take(1), "\r\n+CREG: 2\r\n");
}

TEST_F(Mux, BehindTheEndNothingIsCollected) {
    host.open(0);
    host.port().reads = false;
    host.port().send(mux::encode({0, mux::Kind::disc, true, true, {}}, true));
    EXPECT_TRUE(world.settle());
    host.port().send(Bytes(100'000, 'x'));
    EXPECT_TRUE(world.settle());
    EXPECT_EQ(host.port().unsent(), 0U);
    host.port().reads = true;
    EXPECT_TRUE(world.settle());
    host.say("AT\r");
    EXPECT_TRUE(host.port().take_received().ends_with("\r\nOK\r\n"));
}

TEST_F(Mux, TheProfileOfAChannelLeavesTheRateOfTheUart) {
    World other{dialects::bg96()};
    HostPort& uart = other.port("uart1");
    HostPort& usb = other.port("usbat");
    uart.send("ATE0;+IPR=9600;&W\r");
    EXPECT_TRUE(other.settle());
    usb.send("ATE0&W\r");
    EXPECT_TRUE(other.settle());
    uart.send("AT+CFUN=1,1\r");
    EXPECT_TRUE(other.advance(1min));
    EXPECT_EQ(uart.rate, 9600U);
    EXPECT_EQ(uart.session().line.rate, 9600);
    EXPECT_EQ(usb.session().line.rate, 115200);
}

TEST_F(Mux, WithoutRegardForDtrAStoppedStreamWaits) {
    host.open(0);
    host.open(1);
    ASSERT_EQ(host.ask(1, "ATE0&D0"), "ATE0&D0\r\r\nOK\r\n");
    stream_to_a_stalled_server(1);
    const Bytes sent(40'000, 'x');
    host.write(1, sent);
    host.signal(1, idle & ~v24::ready);
    host.signal(1, idle);
    EXPECT_EQ(host.take(1), "");
    world.net.last_peer().pause(false);
    host.settle();
    EXPECT_TRUE(world.net.last_peer().received() == sent) << world.net.last_peer().received().size();
}

TEST_F(Mux, FlowControlOfTheWholeEndsWithIt) {
    host.open(0);
    host.open(1);
    host.tell(mux::Type::flow_off);
    EXPECT_EQ(host.ask(1, "AT"), "");
    // The host begins anew, and knows nothing of it.
    host.open(0);
    EXPECT_EQ(host.take(1), "AT\r\r\nOK\r\n");
}

TEST_F(Mux, AChannelHearsNothingOfWhatWasSaidBeforeIt) {
    host.open(0);
    host.open(1);
    host.open(2);
    ASSERT_EQ(host.ask(1, "ATE0"), "ATE0\r\r\nOK\r\n");
    host.write(1, "AT+QFUPL=\"a\",5\r");
    ASSERT_EQ(host.take(1), "\r\nCONNECT\r\n");
    host.close(1);
    ASSERT_TRUE(world.advance(10min));  // the upload ends for want of octets
    host.settle();
    host.open(1);
    EXPECT_EQ(host.take(1), "");
    EXPECT_EQ(host.ask(1, "AT"), "\r\nOK\r\n");
}

TEST_F(Mux, AChannelIsClosedWhileItWaitsForItsConnect) {
    host.open(0);
    host.open(1);
    host.open(2);
    ASSERT_EQ(host.ask(1, "ATE0"), "ATE0\r\r\nOK\r\n");
    ASSERT_EQ(host.ask(2, "ATE0"), "ATE0\r\r\nOK\r\n");
    world.net.set_latency(2s);
    world.net.serve_echo("slow.example", 80, modem::Transport::tcp);
    ASSERT_EQ(host.ask(1, "AT+QIACT=1"), "\r\nOK\r\n");
    ASSERT_EQ(host.ask(1, "AT+QIOPEN=1,0,\"TCP\",\"slow.example\",80,0,2"), "");
    host.close(1);
    ASSERT_TRUE(world.advance(10s));
    host.settle();
    host.open(1);
    EXPECT_EQ(host.take(1), "");
    EXPECT_EQ(host.signals[1] & v24::valid, 0U) << "no data mode is left over";
    EXPECT_EQ(host.ask(1, "AT"), "\r\nOK\r\n");
    // &D2 is the factory's: the socket went with the channel.
    EXPECT_EQ(host.ask(2, "AT+QISTATE=1,0"), "\r\nOK\r\n");
}

TEST_F(Mux, TheFirstOneLeavesTheModulesSettings) {
    World other{dialects::bg96()};
    HostPort& usb = other.port("usbat");
    usb.send("ATE0;+CREG=2\r");
    EXPECT_TRUE(other.settle());
    usb.send("AT&W\r");
    usb.send("AT+CREG=0\r");
    EXPECT_TRUE(other.settle());
    usb.take_received();
    Host mine(other);
    usb.send("AT+CREG?\r");
    EXPECT_TRUE(other.settle());
    EXPECT_EQ(usb.take_received(), "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
}

TEST_F(Mux, UrcsOfThePortBelowGoToItsChannels) {
    World other{dialects::bg96()};
    other.net.serve_echo("echo.example", 80, modem::Transport::tcp);
    HostPort& port = other.port("uart1");
    port.send("AT+QIACT=1\r");
    EXPECT_TRUE(other.settle());
    port.send("AT+QIOPEN=1,0,\"TCP\",\"echo.example\",80,0,0\r");
    EXPECT_TRUE(other.settle());
    EXPECT_TRUE(port.take_received().ends_with("\r\n+QIOPEN: 0,0\r\n"));
    Host mine(other);
    mine.open(0);
    mine.open(1);
    mine.open(2);
    ASSERT_EQ(mine.ask(1, "ATE0"), "ATE0\r\r\nOK\r\n");
    other.net.last_peer().send("hello");
    ASSERT_TRUE(other.advance(1s));
    mine.settle();
    EXPECT_EQ(mine.take(1), "\r\n+QIURC: \"recv\",0\r\n");
    EXPECT_EQ(mine.take(2), "\r\n+QIURC: \"recv\",0\r\n");
    ASSERT_EQ(mine.ask(1, "AT+QCFG=\"cmux/urcport\",2"), "\r\nOK\r\n");
    ASSERT_EQ(mine.ask(1, "AT+QIRD=0,1500"), "\r\n+QIRD: 5\r\nhello\r\n\r\nOK\r\n");
    other.net.last_peer().send("again");
    ASSERT_TRUE(other.advance(1s));
    mine.settle();
    EXPECT_EQ(mine.take(1), "");
    EXPECT_EQ(mine.take(2), "\r\n+QIURC: \"recv\",0\r\n");
}

TEST_F(Mux, UrcsForAllPortsKeepToTheChannelsThatAreOpenAndMeant) {
    World other{dialects::ec200_modules().front()};
    Host mine(other);
    HostPort& usb = other.port("usbat");
    usb.send("ATE0;+CREG=1;+QURCCFG=\"urcport\",\"all\"\r");
    mine.open(0);
    mine.open(1);
    mine.open(2);
    ASSERT_EQ(mine.ask(1, "ATE0;+QCFG=\"cmux/urcport\",2"), "ATE0;+QCFG=\"cmux/urcport\",2\r\r\nOK\r\n");
    usb.take_received();
    other.modem.network.set_coverage(modem::Registration::searching);
    mine.settle();
    EXPECT_EQ(mine.take(1), "");
    EXPECT_EQ(mine.take(2), "\r\n+CREG: 2\r\n");
    EXPECT_EQ(usb.take_received(), "\r\n+CREG: 2\r\n");
    mine.open(3);
    EXPECT_EQ(mine.take(3), "") << "of what a closed channel would have been told";
}

TEST_F(Mux, PortNegotiationIsKeptPerChannel) {
    host.open(0);
    host.open(1);
    host.open(2);
    const Bytes first{0x07};
    const Bytes second{0x0B};
    host.tell(mux::Type::port, first);
    // 9600, 7 bits and odd parity; the mask leaves out the stop bits.
    host.tell(mux::Type::port, first + Bytes("\x05\x0E\x00\x11\x13\x1B\x00", 7));
    host.tell(mux::Type::port, first);
    host.tell(mux::Type::port, second);
    ASSERT_EQ(host.answers.size(), 4U);
    EXPECT_EQ(host.answers[0].values, first + Bytes("\x09\x03\x00\x11\x13\x00\x00", 7));
    EXPECT_EQ(host.answers[1].values, first + Bytes("\x05\x0A\x00\x11\x13\x1B\x00", 7));
    EXPECT_EQ(host.answers[2].values, first + Bytes("\x05\x0A\x00\x11\x13\x00\x00", 7));
    EXPECT_EQ(host.answers[3].values, second + Bytes("\x09\x03\x00\x11\x13\x00\x00", 7));
}

TEST_F(Mux, IsClosedDownBeforeItIsUp) {
    host.tell(mux::Type::test, "x");
    EXPECT_TRUE(host.answers.empty()) << "DLCI 0 is not open";
    host.tell(mux::Type::close_down);
    EXPECT_EQ(host.answers.size(), 1U);
    host.say("AT\r");
    EXPECT_EQ(host.port().take_received(), "\r\nOK\r\n");
}

// Each test command has an answer, as long as itself, that is the module's to keep.
TEST_F(Mux, AHostThatReadsNothingIsNotReadFrom) {
    host.open(0);
    host.port().reads = false;
    const Bytes command =
        mux::encode({0, mux::Kind::uih, true, false, mux::encode(mux::Message{0x20, true, Bytes(100, 'x')})}, true);
    constexpr std::size_t count = 5000;
    for (std::size_t i = 0; i < count; ++i) {
        host.port().send(command);
        EXPECT_TRUE(world.settle());
    }
    EXPECT_GT(host.port().unsent(), command.size() * count / 2);
    host.port().reads = true;
    host.settle();
    EXPECT_EQ(host.port().unsent(), 0U);
    EXPECT_EQ(host.answers.size(), count);
}

}  // namespace
}  // namespace atls::test
