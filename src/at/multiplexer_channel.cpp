#include "at/multiplexer_channel.hpp"

#include <utility>

#include "at/session.hpp"
#include "at/unit.hpp"

namespace atls::at {

namespace mux = codec::mux;
namespace v24 = codec::mux::v24;

Multiplexer::Channel::Channel(Multiplexer& owner, Unit& unit, int dlci)
    : owner_(owner), dlci_(dlci), session_(unit.add_port("cmux" + std::to_string(dlci), *this)) {}

void Multiplexer::Channel::open_it() {
    drop_output();
    open_ = true;
    peer_stopped_ = stopped_ = false;
    peer_dtr_ = true;
    session_.attach();
    show_all();
}

void Multiplexer::Channel::close_it() {
    if (!open_) return;
    // As good as a drop of DTR behind what is held.
    if (!std::exchange(offering_, true)) {
        held_.offer(*this, false, true);
        offering_ = false;
    }
    open_ = false;
    repeat_.cancel();
    held_.clear();
    session_.detach();
}

void Multiplexer::Channel::take(BytesView octets) {
    held_.append(octets);
    offer();
}

void Multiplexer::Channel::give(Bytes& into, std::size_t most) {
    // What it would say may ring for a host that has stopped us.
    if (open_ && peer_stopped_ && !session_.in_data_phase()) (void)session_.output();
    while (open_ && !peer_stopped_ && into.size() < most) {
        const BytesView out = session_.output();
        if (out.empty()) {
            // A signal takes effect behind what was said before it.
            if (signals_due_) show_all();
            return;
        }
        const BytesView piece = out.substr(0, static_cast<std::size_t>(frame_octets_));
        into += mux::encode({dlci_, mux::Kind::uih, true, false, Bytes(piece)}, false);
        session_.output_sent(piece.size());
    }
}

void Multiplexer::Channel::peer_signals(unsigned signals) {
    peer_stopped_ = (signals & v24::flow) != 0;
    // Behind the data that was sent before it.
    const bool dtr = (signals & v24::ready) != 0;
    if (std::exchange(peer_dtr_, dtr) != dtr) held_.mark(dtr);
    offer();
    if (!peer_stopped_) owner_.wake_();
}

// It takes what it can in one call.
std::size_t Multiplexer::Channel::on_bytes(BytesView octets) { return session_.feed(octets); }

std::size_t Multiplexer::Channel::on_bytes_before_drop(BytesView octets) { return session_.feed_before_drop(octets); }

void Multiplexer::Channel::on_dtr(bool on) { session_.set_dtr(on); }

void Multiplexer::Channel::wake() {
    if (open_) {
        offer();
        owner_.wake_();
    } else if (!drop_.pending()) {
        drop_ = owner_.timers_.after(Duration::zero(), [this] { drop_output(); });
    }
}

void Multiplexer::Channel::set_dcd(bool on) {
    if (std::exchange(dcd_, on) != on) signal();
}

void Multiplexer::Channel::set_ri(bool on) {
    if (std::exchange(ri_, on) == on) return;
    // A host that has stopped us is to be woken all the same.
    if (peer_stopped_) {
        show_signals();
    } else {
        signal();
    }
}

void Multiplexer::Channel::signal() {
    signals_due_ = open_;
    owner_.wake_();
}

void Multiplexer::Channel::offer() {
    if (std::exchange(offering_, true)) return;
    const bool all = held_.offer(*this, false);
    offering_ = false;
    if (std::exchange(stopped_, !all) != stopped_) show_signals();
    owner_.wake_();
}

void Multiplexer::Channel::show_all() {
    shown_dcd_ = dcd_;
    signals_due_ = false;
    show_signals();
}

// Modem status (MSC), repeated until the host acknowledges it.
void Multiplexer::Channel::show_signals() {
    if (!open_) return;
    tries_left_ = owner_.settings_.repetitions;
    send_signals();
}

void Multiplexer::Channel::send_signals() {
    const unsigned signals = v24::extension | (stopped_ ? v24::flow : 0U) | v24::ready | v24::send |
                             (ri_ ? v24::ring : 0U) | (shown_dcd_ ? v24::valid : 0U);
    const unsigned dlci = (static_cast<unsigned>(dlci_) << 2U) | 0x03U;
    const mux::Message status{static_cast<std::uint8_t>(mux::Type::modem_status),
                              true,
                              {static_cast<char>(dlci), static_cast<char>(signals)}};
    owner_.send_message(status);
    const auto wait = std::chrono::milliseconds(10 * owner_.settings_.control_hundredths);
    repeat_ = owner_.timers_.after(wait, [this] {
        if (tries_left_-- > 0) send_signals();
    });
}

// What the session says while nobody is here is for nobody, as with a UART without a cable.
void Multiplexer::Channel::drop_output() {
    if (open_) return;
    while (!session_.output().empty()) session_.output_sent(session_.output().size());
}

}  // namespace atls::at
