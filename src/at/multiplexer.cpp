#include "at/multiplexer.hpp"

#include <algorithm>
#include <utility>

#include "at/multiplexer_channel.hpp"
#include "at/session.hpp"
#include "at/unit.hpp"

namespace atls::at {

namespace mux = codec::mux;

namespace {

// Input of channels whose sessions do not take it: beyond this the port is not read any more.
// A host on a network may have sent so much before it reads that a channel is stopped.
constexpr std::size_t most_held = 1U << 20U;
// The limits of N1: the standard has one more, which a frame's length field does not hold.
constexpr int most_frame_octets = 32767;
constexpr int least_frame_octets = 1;
// Answers that the host does not read: beyond this it is not read from.
constexpr std::size_t most_unread = 65536;

char octet(unsigned value) { return static_cast<char>(value); }
unsigned value_at(BytesView octets, std::size_t index) { return static_cast<unsigned char>(octets[index]); }

}  // namespace

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

bool Multiplexer::has(const Session& session) const {
    return std::any_of(channels_.begin(), channels_.end(),
                       [&session](const auto& one) { return &one->session() == &session; });
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

std::size_t Multiplexer::feed(BytesView octets, bool all) {
    if (leaving_) return octets.size();
    if (!all && (held() > most_held || control_.size() > most_unread)) return 0;
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
    // Before DLCI 0 is open there is nothing but the way back.
    if (!up_ && type != mux::Type::close_down) return;
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

// A request is one octet, the DLCI; settings are eight, with a mask of those that are meant. Either is answered with
// what holds now.
void Multiplexer::answer_port(const mux::Message& message) {
    if (message.values.empty()) return;
    constexpr unsigned dlci_shift = 2;
    Channel* const named = channel(static_cast<int>(value_at(message.values, 0) >> dlci_shift));
    if (named == nullptr) return answer(message);
    send_message(
        {message.type, false, message.values.substr(0, 1) + named->port_settings.negotiate(message.values.substr(1))});
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
    const bool refused = control_.size() > most_unread;
    Bytes out = std::exchange(control_, {});
    if (refused) wake_();
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
