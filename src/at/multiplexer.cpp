#include "at/multiplexer.hpp"

#include <algorithm>
#include <utility>

#include "at/session.hpp"
#include "at/unit.hpp"
#include "base/marked_queue.hpp"

namespace atls::at {

namespace mux = codec::mux;
namespace v24 = codec::mux::v24;

namespace {

// Input of channels whose sessions do not take it: beyond this the port is not read any more.
constexpr std::size_t most_held = 65536;
// The limits of N1: the standard has one more, which a frame's length field does not hold.
constexpr int most_frame_octets = 32767;
constexpr int least_frame_octets = 1;

char octet(unsigned value) { return static_cast<char>(value); }
unsigned value_at(BytesView octets, std::size_t index) { return static_cast<unsigned char>(octets[index]); }
Bytes dlci_octet(int dlci) { return {octet((static_cast<unsigned>(dlci) << 2U) | 0x03U)}; }

}  // namespace

/// One DLCI with its session.
class Multiplexer::Channel final : public Line {
public:
    Channel(Multiplexer& owner, Unit& unit, int dlci)
        : owner_(owner), dlci_(dlci), session_(unit.add_port("cmux" + std::to_string(dlci), *this)) {}

    [[nodiscard]] Session& session() const { return session_; }
    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

    void open_it() {
        open_ = true;
        peer_stopped_ = stopped_ = false;
        peer_dtr_ = true;
        // What was said while nobody was here is for nobody.
        while (!session_.output().empty()) session_.output_sent(session_.output().size());
        session_.attach();
        show_signals();
    }
    void close_it() {
        if (!std::exchange(open_, false)) return;
        repeat_.cancel();
        held_.clear();
        session_.detach();
    }

    void take(BytesView octets) {
        held_.append(octets);
        offer();
    }

    /// What the session has to say, as data frames, until `most` octets are there.
    void give(Bytes& into, std::size_t most) {
        while (open_ && !peer_stopped_ && into.size() < most) {
            const BytesView out = session_.output();
            if (out.empty()) {
                // A signal takes effect behind what was said before it.
                if (std::exchange(signals_due_, false)) show_signals();
                return;
            }
            const BytesView piece = out.substr(0, static_cast<std::size_t>(frame_octets_));
            into += mux::encode({dlci_, mux::Kind::uih, true, false, Bytes(piece)}, false);
            session_.output_sent(piece.size());
        }
    }

    void peer_signals(unsigned signals) {
        peer_stopped_ = (signals & v24::flow) != 0;
        // Behind the data that was sent before it.
        const bool dtr = (signals & v24::ready) != 0;
        if (std::exchange(peer_dtr_, dtr) != dtr) held_.mark(dtr);
        offer();
        if (!peer_stopped_) owner_.wake_();
    }
    void peer_acknowledged() { repeat_.cancel(); }
    void set_frame_octets(int octets) { frame_octets_ = octets; }

private:
    // Line
    void wake() override {
        if (!open_) return;
        offer();
        owner_.wake_();
    }
    void set_dcd(bool on) override {
        if (std::exchange(dcd_, on) != on) signal();
    }
    void set_ri(bool on) override {
        if (std::exchange(ri_, on) != on) signal();
    }

    void signal() {
        signals_due_ = open_;
        owner_.wake_();
    }

    void offer() {
        if (offering_) return;
        offering_ = true;
        while (!held_.empty()) {
            if (const auto dtr = held_.take_mark()) {
                session_.set_dtr(*dtr);
                continue;
            }
            const std::size_t taken = session_.feed(held_.octets());
            held_.consume(taken);
            if (taken == 0 && !held_.drop_what_a_pulse_ended()) break;
        }
        offering_ = false;
        if (std::exchange(stopped_, !held_.empty()) != stopped_) show_signals();
        owner_.wake_();
    }

    // Modem status (MSC), repeated until the host acknowledges it.
    void show_signals() {
        if (!open_) return;
        tries_left_ = owner_.settings_.repetitions;
        send_signals();
    }
    void send_signals() {
        const unsigned signals = v24::extension | (stopped_ ? v24::flow : 0U) | v24::ready | v24::send |
                                 (ri_ ? v24::ring : 0U) | (dcd_ ? v24::valid : 0U);
        owner_.send_message(
            {static_cast<std::uint8_t>(mux::Type::modem_status), true, dlci_octet(dlci_) + Bytes{octet(signals)}});
        const auto wait = std::chrono::milliseconds(10 * owner_.settings_.control_hundredths);
        repeat_ = owner_.timers_.after(wait, [this] {
            if (tries_left_-- > 0) send_signals();
        });
    }

    Multiplexer& owner_;
    int dlci_;
    bool open_ = false;
    bool peer_stopped_ = false;  ///< the host cannot accept frames
    bool stopped_ = false;       ///< nor can we
    bool offering_ = false;
    bool signals_due_ = false;
    bool dcd_ = false;
    bool ri_ = false;
    bool peer_dtr_ = true;
    MarkedQueue held_;      ///< not taken by the session yet, and the host's DTR
    int frame_octets_ = 0;  ///< N1 of this channel
    int tries_left_ = 0;
    Timers::Handle repeat_;
    Session& session_;  ///< last: it may speak to us while it comes to be
};

Multiplexer::Multiplexer(Unit& unit) : unit_(unit), timers_(unit.modem.timers), wake_([] {}) {
    for (int dlci = 1; dlci <= channels; ++dlci) {
        channels_[static_cast<std::size_t>(dlci - 1)] = std::make_unique<Channel>(*this, unit, dlci);
    }
}

Multiplexer::~Multiplexer() = default;

void Multiplexer::start(Session& port, const MuxSettings& settings, std::function<void()> wake) {
    port_ = &port;
    settings_ = settings;
    wake_ = std::move(wake);
    decoder_ = mux::Decoder(static_cast<std::size_t>(settings.frame_octets));
    const int frame_octets = std::min(settings.frame_octets, most_frame_octets);
    for (const auto& channel : channels_) channel->set_frame_octets(frame_octets);
    control_.clear();
    up_ = peer_stopped_ = leaving_ = false;
    fallback_ = timers_.after(std::chrono::seconds(settings.response_seconds), [this] {
        if (up_ || port_ == nullptr) return;
        unit_.modem.log.write(Level::info, "cmux", "nobody opened DLCI 0: back to AT commands", {});
        leave();
    });
}

void Multiplexer::stop() {
    fallback_.cancel();
    for (const auto& channel : channels_) channel->close_it();
    control_.clear();
    port_ = nullptr;
    wake_ = [] {};
}

void Multiplexer::leave() {
    Session* const port = port_;
    stop();
    port->leave_multiplexer();
}

Multiplexer::Channel* Multiplexer::channel(int dlci) const {
    return dlci >= 1 && dlci <= channels ? channels_[static_cast<std::size_t>(dlci - 1)].get() : nullptr;
}

std::size_t Multiplexer::held() const {
    std::size_t octets = 0;
    for (const auto& channel : channels_) octets += channel->held();
    return octets;
}

std::vector<Session*> Multiplexer::open_channels(int only) const {
    std::vector<Session*> sessions;
    for (int dlci = 1; dlci <= channels; ++dlci) {
        const Channel& one = *channel(dlci);
        if (one.open() && (only == 0 || only == dlci)) sessions.push_back(&one.session());
    }
    return sessions;
}

// --- what the host sends ------------------------------------------------------------------------------------------

std::size_t Multiplexer::feed(BytesView octets) {
    if (held() > most_held) return 0;
    decoder_.add(octets);
    // Leaving, what follows the last frame is no frame any more; hosts wait for the answer.
    while (port_ != nullptr && !leaving_) {
        const auto frame = decoder_.next();
        if (!frame) break;
        take(*frame);
    }
    return octets.size();
}

void Multiplexer::take(const mux::Frame& frame) {
    if (frame.dlci == 0) return take_on_control(frame);
    if (Channel* const to = channel(frame.dlci)) return take_on_channel(*to, frame);
    const bool asks = frame.kind == mux::Kind::sabm || frame.kind == mux::Kind::disc;
    if (asks) respond(frame.dlci, mux::Kind::dm, frame.final);
}

void Multiplexer::take_on_control(const mux::Frame& frame) {
    switch (frame.kind) {
        case mux::Kind::sabm:
            up_ = true;
            peer_stopped_ = false;
            fallback_.cancel();
            return respond(0, mux::Kind::ua, frame.final);
        case mux::Kind::disc:
            respond(0, up_ ? mux::Kind::ua : mux::Kind::dm, frame.final);
            leaving_ = up_;
            return;
        case mux::Kind::uih:
        case mux::Kind::ui:
            if (!up_) return;
            for (const auto& message : mux::messages_in(frame.data)) take_message(message);
            return;
        case mux::Kind::ua:
        case mux::Kind::dm:
            return;
    }
}

void Multiplexer::take_on_channel(Channel& to, const mux::Frame& frame) {
    switch (frame.kind) {
        case mux::Kind::sabm:
            if (!up_) return respond(frame.dlci, mux::Kind::dm, frame.final);
            respond(frame.dlci, mux::Kind::ua, frame.final);
            // The host began anew.
            to.close_it();
            return to.open_it();
        case mux::Kind::disc:
            respond(frame.dlci, to.open() ? mux::Kind::ua : mux::Kind::dm, frame.final);
            return to.close_it();
        case mux::Kind::uih:
        case mux::Kind::ui:
            if (!to.open()) return respond(frame.dlci, mux::Kind::dm, true);
            return to.take(frame.data);
        case mux::Kind::ua:
        case mux::Kind::dm:
            return;
    }
}

// --- control messages ---------------------------------------------------------------------------------------------

void Multiplexer::take_message(const mux::Message& message) {
    const auto type = static_cast<mux::Type>(message.type);
    if (!message.command) {
        if (type == mux::Type::modem_status) take_modem_status(message);
        return;
    }
    switch (type) {
        case mux::Type::close_down:
            answer(message);
            leaving_ = true;
            return;
        case mux::Type::flow_on:
        case mux::Type::flow_off:
            peer_stopped_ = type == mux::Type::flow_off;
            return answer(message);
        case mux::Type::modem_status:
            answer(message);
            return take_modem_status(message);
        case mux::Type::parameters:
            return answer_parameters(message);
        case mux::Type::port:
            return answer_port(message);
        case mux::Type::power_saving:
        case mux::Type::test:
        case mux::Type::line_status:
        case mux::Type::service:
            return answer(message);
        case mux::Type::not_supported:
            return;
    }
    // NSC names the command's type octet, C/R and EA and all.
    constexpr unsigned as_command = 0x03;
    send_message({static_cast<std::uint8_t>(mux::Type::not_supported), false, {octet(message.type | as_command)}});
}

void Multiplexer::answer(const mux::Message& message) {
    mux::Message same = message;
    same.command = false;
    send_message(same);
}

void Multiplexer::take_modem_status(const mux::Message& message) {
    if (message.values.size() < 2) return;
    Channel* const to = channel(static_cast<int>(value_at(message.values, 0) >> 2U));
    if (to == nullptr || !to->open()) return;
    if (message.command) {
        to->peer_signals(value_at(message.values, 1));
    } else {
        to->peer_acknowledged();
    }
}

// DLCI, frame type, priority, T1, N1 (low, high), N2, k: as asked for, but no longer frames than ours.
void Multiplexer::answer_parameters(const mux::Message& message) {
    constexpr std::size_t octets = 8;
    constexpr std::size_t low = 4;
    constexpr std::size_t high = 5;
    if (message.values.size() != octets) return;
    mux::Message accepted = message;
    accepted.command = false;
    const int asked = static_cast<int>(value_at(message.values, low) | (value_at(message.values, high) << 8U));
    const int frame = std::clamp(asked, least_frame_octets, std::min(settings_.frame_octets, most_frame_octets));
    constexpr unsigned dlci_bits = 0x3F;
    if (Channel* const named = channel(static_cast<int>(value_at(message.values, 0) & dlci_bits))) {
        named->set_frame_octets(frame);
    }
    accepted.values[1] = '\0';  // UIH, convergence layer 1
    accepted.values[low] = octet(static_cast<unsigned>(frame) & 0xFFU);
    accepted.values[high] = octet(static_cast<unsigned>(frame) >> 8U);
    send_message(accepted);
}

// A request is one octet, the DLCI; settings are eight, and are taken as they come: there is no wire of that rate.
void Multiplexer::answer_port(const mux::Message& message) {
    constexpr std::size_t request = 1;
    if (message.values.size() != request) return answer(message);
    constexpr char rate_115200 = 0x09;
    constexpr char eight_bits_no_parity = 0x03;
    constexpr char xon = 0x11;
    constexpr char xoff = 0x13;
    send_message(
        {message.type, false, message.values + Bytes{rate_115200, eight_bits_no_parity, '\0', xon, xoff, '\0', '\0'}});
}

// --- what goes to the host ----------------------------------------------------------------------------------------

void Multiplexer::respond(int dlci, mux::Kind kind, bool final) { send({dlci, kind, false, final, {}}); }

void Multiplexer::send(const mux::Frame& frame) {
    control_ += mux::encode(frame, false);
    wake_();
}

void Multiplexer::send_message(const mux::Message& message) {
    send({0, mux::Kind::uih, true, false, mux::encode(message)});
}

Bytes Multiplexer::output(std::size_t most) {
    if (port_ == nullptr) return {};
    Bytes out = std::exchange(control_, {});
    if (leaving_) {
        leave();
        return out;
    }
    if (peer_stopped_ || !up_) return out;
    // One frame of each in turn: none waits for another's bulk.
    for (std::size_t idle = 0; idle < channels_.size() && out.size() < most;) {
        const std::size_t before = out.size();
        channels_[next_]->give(out, before + 1);
        next_ = (next_ + 1) % channels_.size();
        idle = out.size() == before ? idle + 1 : 0;
    }
    return out + std::exchange(control_, {});
}

}  // namespace atls::at
