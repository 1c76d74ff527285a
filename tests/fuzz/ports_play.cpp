#include "fuzz/ports_play.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "codec/mux.hpp"
#include "dialects/bg96/bg96.hpp"
#include "link/telnet_port.hpp"
#include "support/telnet_speech.hpp"
#include "support/world.hpp"

namespace atls::test {

namespace {

using namespace std::chrono_literals;
namespace mux = codec::mux;

// Enough for any procedure, few enough for many runs a second.
constexpr std::size_t most_steps = 100;
constexpr std::size_t most_frame = 127;

class Multiplexed {
public:
    Multiplexed() {
        port_.send("ATE0\r");
        settle();
        port_.send("AT+CMUX=0\r");
        settle();
        ensure(port_.take_received().ends_with("\r\nOK\r\n"), "AT+CMUX=0 is answered OK");
    }

    void play(BytesView input) {
        for (std::size_t step = 0; step < most_steps && input.size() >= 2; ++step) {
            const auto kind = static_cast<unsigned char>(input[0]);
            const auto argument = static_cast<unsigned char>(input[1]);
            input.remove_prefix(2);
            const BytesView payload = input.substr(0, argument % (most_frame + 1));
            switch (kind % 8) {
                case 0:
                    port_.send(payload);
                    input.remove_prefix(payload.size());
                    break;
                case 1:
                    ensure(world_.advance(argument * 50ms), "a modem that comes to rest");
                    break;
                default:
                    send_frame(kind, argument, payload);
                    if (kind % 8 >= 4) input.remove_prefix(payload.size());
                    break;
            }
            settle();
            look();
        }
        // What came behind the multiplexer were commands of any kind: the port may be in any mode.
        if (ended_) return;
        // While it is up, the port can be had back. A head that promised octets has them in flags.
        port_.send(Bytes(most_frame + 2, mux::flag));
        port_.send(mux::encode({0, mux::Kind::disc, true, true, {}}, true));
        settle();
        ensure(world_.advance(20s), "a modem that comes to rest");
        look();
        port_.send("\rAT\r");
        settle();
        const Bytes answer = port_.take_received();
        ensure(answer.find("\r\nOK\r\n") != Bytes::npos, "AT after the multiplexer is answered OK");
    }

private:
    // 2, 3: SABM and DISC; 4, 5: data; 6, 7: on the control channel.
    void send_frame(unsigned kind, unsigned argument, BytesView payload) {
        mux::Frame frame;
        frame.dlci = static_cast<int>(kind / 8 % 6);
        if (kind % 8 == 2 || kind % 8 == 3) {
            frame.kind = kind % 8 == 2 ? mux::Kind::sabm : mux::Kind::disc;
            frame.final = argument % 2 == 0;
        } else {
            if (kind % 8 >= 6) frame.dlci = 0;
            frame.data = payload;
        }
        port_.send(mux::encode(frame, true));
    }

    void settle() { ensure(world_.settle(), "a modem that comes to rest"); }

    void look() {
        const bool up = world_.unit.multiplexer()->port() != nullptr;
        const Bytes got = port_.take_received();
        if (ended_) return;
        decoder_.add(got);
        while (decoder_.next()) {
        }
        if (up) {
            // A flag may be left: it closed the last frame and would open the next.
            ensure(decoder_.waiting() <= 1, "all that a multiplexer sends is frames");
        } else {
            ended_ = true;
        }
    }

    World world_{dialects::bg96()};
    HostPort& port_ = world_.port("uart1");
    mux::Decoder decoder_{most_frame};
    bool ended_ = false;
};

}  // namespace

void play_multiplexer(BytesView input) { Multiplexed().play(input); }

void play_telnet(BytesView input) {
    link::TelnetPort port({});
    TelnetSpeech speech;
    (void)speech.data_of(port.out.take(port.out.size()));
    Bytes sent;
    Bytes heard;
    while (!input.empty()) {
        const std::size_t length = std::min<std::size_t>(static_cast<unsigned char>(input[0]) + 1U, input.size());
        const BytesView piece = input.substr(0, length);
        input.remove_prefix(length);
        port.hear(piece);
        port.in.clear();
        // What goes the other way at the same time is not touched by it.
        port.send(piece);
        sent += piece;
        port.show({.dcd = length % 2 == 0, .ring = length % 3 == 0});
        heard += speech.data_of(port.out.take(port.out.size()));
    }
    ensure(heard == sent, "data that was sent by telnet comes as it was");
}

}  // namespace atls::test
