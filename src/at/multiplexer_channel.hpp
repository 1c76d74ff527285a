// One DLCI of the multiplexer with its session.
#pragma once

#include "at/line.hpp"
#include "at/multiplexer.hpp"
#include "base/marked_queue.hpp"

namespace atls::at {

class Multiplexer::Channel final : public Line {
public:
    Channel(Multiplexer& owner, Unit& unit, int dlci);

    [[nodiscard]] Session& session() const { return session_; }
    [[nodiscard]] bool open() const { return open_; }
    /// Octets that the session has not taken.
    [[nodiscard]] std::size_t held() const { return held_.size(); }

    void open_it();
    void close_it();

    // What the host sends.
    void take(BytesView octets);
    void peer_signals(unsigned signals);
    void peer_acknowledged() { repeat_.cancel(); }

    /// What the session has to say, as data frames, until `most` octets are there.
    void give(Bytes& into, std::size_t most);
    /// N1 of this channel.
    void set_frame_octets(int octets) { frame_octets_ = octets; }
    codec::mux::PortSettings port_settings;  ///< as the host negotiated them: there is no wire of that rate

    // As MarkedQueue gives what is held.
    std::size_t on_bytes(BytesView octets);
    std::size_t on_bytes_before_drop(BytesView octets);
    void on_dtr(bool on);

private:
    // Line
    void wake() override;
    void set_dcd(bool on) override;
    void set_ri(bool on) override;

    void signal();
    void offer();
    void show_all();
    void show_signals();
    void send_signals();
    void drop_output();

    Multiplexer& owner_;
    int dlci_;
    bool open_ = false;
    bool peer_stopped_ = false;  ///< the host cannot accept frames
    bool stopped_ = false;       ///< nor can we
    bool offering_ = false;
    bool signals_due_ = false;
    bool dcd_ = false;
    bool shown_dcd_ = false;  ///< behind the data before it
    bool ri_ = false;
    bool peer_dtr_ = true;
    MarkedQueue held_;  ///< not taken by the session yet, and the host's DTR
    int frame_octets_ = 0;
    int tries_left_ = 0;
    Timers::Handle repeat_, drop_;
    Session& session_;  ///< last: it may speak to us while it comes to be
};

}  // namespace atls::at
