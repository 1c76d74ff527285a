// The 27.010 multiplexer (AT+CMUX=0): four AT channels on one port. Pure, as the sessions are.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "at/line.hpp"
#include "base/bytes.hpp"
#include "base/timers.hpp"
#include "codec/mux.hpp"

namespace atls::at {

class Session;
class Unit;

/// AT+CMUX's parameters, in its units.
struct MuxSettings {
    int port_speed = 5;
    int frame_octets = 127;       ///< N1
    int answer_hundredths = 10;   ///< T1, 10 ms
    int repetitions = 3;          ///< N2
    int control_hundredths = 30;  ///< T2, 10 ms: a control command that is not answered is repeated
    int response_seconds = 10;    ///< T3: without a DLCI 0 by then, back to AT
    int window = 2;               ///< k
};

class Multiplexer final {
public:
    static constexpr int channels = 4;

    /// Adds the ports cmux1 … cmux4 to `unit`, which outlives it.
    explicit Multiplexer(Unit& unit);
    ~Multiplexer();
    Multiplexer(const Multiplexer&) = delete;
    Multiplexer& operator=(const Multiplexer&) = delete;

    /// Takes over the octets of `port` from now on. `wake`: there is output, or input that was refused can be offered
    /// again.
    void start(Session& port, const MuxSettings& settings, std::function<void()> wake);
    /// The port is an AT port again: its host went, or the power.
    void stop();
    [[nodiscard]] Session* port() const { return port_; }  ///< null: not started

    /// As Session::feed(). `all`: the host is gone, these are its last.
    std::size_t feed(BytesView octets, bool all = false);
    /// Frames for the host, about `most` octets; none: nothing now.
    Bytes output(std::size_t most);

    /// The channels that URCs of the port go to: `only` (1 … 4), or with 0 all that are open.
    [[nodiscard]] std::vector<Session*> open_channels(int only) const;
    /// One of its channels, open or not.
    [[nodiscard]] bool has(const Session& session) const;

private:
    class Channel;

    void take(const codec::mux::Frame& frame);
    void take_on_control(const codec::mux::Frame& frame);
    void take_on_channel(Channel& channel, const codec::mux::Frame& frame);
    void take_message(const codec::mux::Message& message);
    void take_modem_status(const codec::mux::Message& message);
    void answer(const codec::mux::Message& message);
    void answer_parameters(const codec::mux::Message& message);
    void answer_port(const codec::mux::Message& message);
    void respond(int dlci, codec::mux::Kind kind, bool final);
    void send(const codec::mux::Frame& frame);
    void send_message(const codec::mux::Message& message);
    void leave();
    [[nodiscard]] Channel* channel(int dlci) const;
    [[nodiscard]] std::size_t held() const;

    Unit& unit_;
    Timers& timers_;
    std::array<std::unique_ptr<Channel>, channels> channels_;
    Session* port_ = nullptr;
    MuxSettings settings_;
    std::function<void()> wake_;
    codec::mux::Decoder decoder_{0};
    Bytes control_;              ///< frames that go before any data
    bool up_ = false;            ///< DLCI 0 is open
    bool peer_stopped_ = false;  ///< FCoff
    bool leaving_ = false;       ///< once the control frames have left
    std::size_t next_ = 0;       ///< the channel whose turn it is
    Timers::Handle fallback_;
};

}  // namespace atls::at
