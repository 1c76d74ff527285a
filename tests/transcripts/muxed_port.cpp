#include "transcripts/muxed_port.hpp"

#include "at/unit.hpp"
#include "base/ensure.hpp"
#include "transcripts/linked_port.hpp"

namespace atls::test {

namespace mux = codec::mux;
namespace v24 = codec::mux::v24;

namespace {
constexpr std::size_t most_frame = 127;  // AT+CMUX=0's N1
}

Carrier::Carrier() : port_(linked_ports(LinkKind::pty)("uart1")), decoder_(most_frame) {}

at::Session& Carrier::open(at::Unit& unit, MuxedPort& port) {
    if (latest_ == 0) start(unit);
    ++latest_;
    ports_[latest_] = &port;
    at::Session* const session = unit.port("cmux" + std::to_string(latest_));
    ensure(session != nullptr, "no channel for one more port");
    ask(latest_, mux::Kind::sabm);
    return *session;
}

void Carrier::start(at::Unit& unit) {
    port_->enter(unit, "uart1");
    port_->send("ATE0;+CMUX=0\r");
    while (port_->step()) {
    }
    ensure(port_->take_received().ends_with("\r\nOK\r\n"), "AT+CMUX=0 is answered OK");
    ask(0, mux::Kind::sabm);
}

void Carrier::ask(int dlci, mux::Kind kind) {
    answered_ = false;
    send({dlci, kind, true, true, {}});
    while (step()) {
    }
    ensure(answered_, "a channel of the multiplexer answers");
}

void Carrier::reopen(int dlci) {
    ask(dlci, mux::Kind::disc);
    ask(dlci, mux::Kind::sabm);
}

void Carrier::send(const mux::Frame& frame) { port_->send(mux::encode(frame, true)); }

bool Carrier::step() {
    const bool moved = port_->step();
    decoder_.add(port_->take_received());
    while (const auto frame = decoder_.next()) hear(*frame);
    return moved;
}

void Carrier::hear(const mux::Frame& frame) {
    if (frame.kind == mux::Kind::ua) answered_ = true;
    if (frame.kind != mux::Kind::uih) return;
    if (frame.dlci == 0) {
        for (const auto& message : mux::messages_in(frame.data)) hear_message(message);
    } else if (const auto to = ports_.find(frame.dlci); to != ports_.end()) {
        to->second->hear(frame.data);
    }
}

void Carrier::hear_message(const mux::Message& message) {
    if (!message.command || message.type != static_cast<std::uint8_t>(mux::Type::modem_status)) return;
    send({0, mux::Kind::uih, true, false, mux::encode(mux::Message{message.type, false, message.values})});
    const auto to = ports_.find(static_cast<unsigned char>(message.values.at(0)) >> 2U);
    if (to != ports_.end()) to->second->hear_signals(static_cast<unsigned char>(message.values.at(1)));
}

void MuxedPort::enter(at::Unit& unit, const std::string& /*name*/) {
    at::Session& session = carrier_->open(unit, *this);
    dlci_ = carrier_->latest();
    join(session);
}

bool MuxedPort::step() {
    if (std::exchange(read_, reads) != reads) show_signals();
    bool moved = false;
    while (!stopped_ && !unsent_.empty()) {
        const BytesView piece = unsent_.view().substr(0, most_frame);
        carrier_->send({dlci_, mux::Kind::uih, true, false, Bytes(piece)});
        unsent_.consume(piece.size());
        moved = carrier_->step() || moved;
    }
    return carrier_->step() || moved;
}

std::size_t MuxedPort::unsent() const { return unsent_.size() + carrier_->unsent(); }

void MuxedPort::set_dtr(bool on) {
    dtr_ = on;
    show_signals();
}

void MuxedPort::hang_up() {
    unsent_.clear();
    stopped_ = false;
    carrier_->reopen(dlci_);
}

void MuxedPort::hear_signals(unsigned signals) {
    stopped_ = (signals & v24::flow) != 0;
    set_dcd((signals & v24::valid) != 0);
    set_ri((signals & v24::ring) != 0);
}

void MuxedPort::show_signals() {
    const unsigned signals = v24::extension | v24::send | (dtr_ ? v24::ready : 0U) | (reads ? 0U : v24::flow);
    const Bytes values{static_cast<char>((dlci_ << 2) | 3), static_cast<char>(signals)};
    carrier_->send({0, mux::Kind::uih, true, false,
                    mux::encode(mux::Message{static_cast<std::uint8_t>(mux::Type::modem_status), true, values})});
}

PortMaker muxed_ports() {
    return [carrier = std::make_shared<Carrier>()](const std::string&) { return std::make_unique<MuxedPort>(carrier); };
}

}  // namespace atls::test
