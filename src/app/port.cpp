#include "app/port.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/settled.hpp"
#include "link/kinds.hpp"

namespace atls::app {

namespace {

constexpr char xoff = '\x13';
constexpr BytesView flow_characters("\x11\x13", 2);

// AT+ICF, as V.250 6.2.11 has it; 0 and what it does not know: nothing is said.
std::optional<link::CharacterFormat> link_format(int format, int parity) {
    constexpr char parities[] = {'O', 'E', 'M', 'S'};
    const char one = parities[static_cast<unsigned>(parity) % std::size(parities)];
    switch (format) {
        case 1:
            return link::CharacterFormat{8, 'N', 2};
        case 2:
            return link::CharacterFormat{8, one, 1};
        case 3:
            return link::CharacterFormat{8, 'N', 1};
        case 4:
            return link::CharacterFormat{7, 'N', 2};
        case 5:
            return link::CharacterFormat{7, one, 1};
        case 6:
            return link::CharacterFormat{7, 'N', 1};
        default:
            return std::nullopt;
    }
}

}  // namespace

Port::Port(loop::Loop& loop, Clockwork& clockwork, at::Unit& unit, std::string name)
    : loop_(loop),
      clockwork_(clockwork),
      unit_(unit),
      soon_(loop, [this] { turn(); }),
      session_(unit.add_port(std::move(name), *this)) {}

Port::~Port() = default;

Outcome<link::LinkFailure> Port::open(const std::string& url) {
    auto opened = link::open(loop_, url, *this);
    if (!opened) return opened.error();
    channel_ = std::move(*opened);
    const auto named = channel_->named_rate();
    if (!named || session_.name_rate(*named)) return {};
    std::string all;
    for (const auto one : unit_.dialect.rates) {
        if (one != 0) all += " " + std::to_string(one);
    }
    return link::LinkFailure{url + ": AT+IPR of this module has no " + std::to_string(*named) + ", but" + all};
}

void Port::on_attached() {
    const Clockwork::Entry entry(clockwork_);
    blocked_ = refused_ = stopped_ = false;
    if (on_host) on_host();
    session_.attach();
    pump();
}

void Port::on_detached() {
    const Clockwork::Entry entry(clockwork_);
    refused_ = false;
    host_rate_ = 0;
    if (channel_->reattaches()) {
        blocked_ = false;
        session_.detach();
    } else {
        state_ = State::ending;
        soon_.call();
    }
    pump();
}

std::size_t Port::on_bytes(BytesView octets) {
    const Clockwork::Entry entry(clockwork_);
    if (!obeys_xoff_) return take(octets);
    std::size_t done = 0;
    while (done < octets.size()) {
        const BytesView rest = octets.substr(done);
        const std::size_t data = std::min(rest.find_first_of(flow_characters), rest.size());
        const std::size_t taken = data > 0 ? take(rest.substr(0, data)) : 0;
        done += taken;
        if (taken < data || data == rest.size()) break;
        stopped_ = rest[data] == xoff;
        ++done;
        pump();
    }
    return done;
}

std::size_t Port::take(BytesView octets) {
    Bytes garbage;
    const std::size_t offered = octets.size();
    const WirePace before = in_wire_;
    if (paced_) {
        octets = octets.substr(0, in_wire_.carry(loop_.now(), octets.size(), rate()));
        if (mismatched()) octets = garbage = garbled(octets);
    }
    std::size_t taken = 0;
    while (taken < octets.size()) {
        const std::size_t now = session_.feed(octets.substr(taken));
        taken += now;
        pump();
        if (now == 0) break;
    }
    if (taken < octets.size()) {
        // What was refused was on no wire.
        refused_ = true;
        in_wire_ = before;
        if (paced_) in_wire_.carry(loop_.now(), taken, rate());
    } else if (paced_ && taken < offered) {
        wait_for_wire(in_wire_);
    }
    return taken;
}

std::size_t Port::on_bytes_before_drop(BytesView octets) {
    // They are on the wire still.
    if (paced_ && loop_.now() < in_wire_.free_at()) return 0;
    const Clockwork::Entry entry(clockwork_);
    Bytes changed = paced_ && mismatched() ? garbled(octets) : Bytes();
    if (obeys_xoff_) {
        if (changed.empty()) changed = octets;
        std::erase_if(changed, [](char c) { return flow_characters.find(c) != BytesView::npos; });
        if (session_.feed_before_drop(changed) < changed.size()) return 0;
        return octets.size();
    }
    return session_.feed_before_drop(changed.empty() ? octets : changed);
}

void Port::on_trouble(const link::LinkFailure& what) {
    unit_.modem.log.write(Level::warning, "port", what.text, {{"port", session_.name()}});
}

void Port::on_writable() {
    blocked_ = false;
    turn();
}

void Port::on_dtr(bool on) {
    const Clockwork::Entry entry(clockwork_);
    session_.set_dtr(on);
    pump();
}

void Port::turn() {
    const Clockwork::Entry entry(clockwork_);
    if (!channel_) return;
    // RI wakes a host that has stopped us, too.
    if (const auto ri = std::exchange(ri_, std::nullopt)) channel_->set_ri(*ri);
    pump();
    if (std::exchange(refused_, false)) channel_->resume();
    if (state_ == State::ending) end_if_settled();
}

void Port::pump() {
    while (!blocked_ && !stopped_) {
        const BytesView output = session_.output();
        if (output.empty()) return show_signals();
        const std::size_t all = output.size();
        if (!paced_) {
            const std::size_t sent = channel_->write(output);
            blocked_ = sent < all;
            session_.output_sent(sent);
            continue;
        }
        const std::size_t fits = out_wire_.carry(loop_.now(), all, rate());
        if (fits == 0) {
            wait_for_wire(out_wire_);
            return;
        }
        const Bytes garbage = mismatched() ? garbled(output.substr(0, fits)) : Bytes();
        const std::size_t sent = channel_->write(garbage.empty() ? output.substr(0, fits) : garbage);
        blocked_ = sent < fits;
        session_.output_sent(sent);
    }
}

std::int64_t Port::rate() const {
    constexpr std::int64_t usual = 115'200;
    if (wire_rate_.value_or(0) > 0) return *wire_rate_;
    return host_rate_ > 0 ? host_rate_ : usual;  // autobaud
}

bool Port::mismatched() const { return host_rate_ != 0 && rate() != host_rate_; }

// What the wire does not carry yet is offered again when it is free.
void Port::wait_for_wire(const WirePace& wire) {
    if (!wire_free_) {
        wire_free_ = std::make_unique<loop::Timer>(loop_, [this] {
            wire_due_.reset();
            refused_ = true;
            turn();
        });
    }
    if (wire_due_ && *wire_due_ <= wire.free_at()) return;
    wire_due_ = wire.free_at();
    wire_free_->set(wire_due_);
}

void Port::show_signals() {
    if (const auto dcd = std::exchange(dcd_, std::nullopt)) channel_->set_dcd(*dcd);
}

void Port::end_if_settled() {
    if (blocked_ || !session_.output().empty() || !settled(session_, unit_.modem)) return;
    state_ = State::ended;
    if (on_ended) on_ended();
}

void Port::set_rate(unsigned bits_per_second) {
    wire_rate_ = bits_per_second;
    if (channel_) channel_->set_rate(bits_per_second);
}

void Port::set_format(int format, int parity) {
    if (channel_) channel_->set_format(link_format(format, parity));
}

void Port::set_flow(int by_host, int by_module) {
    if (!channel_) return;
    channel_->set_flow(by_host, by_module);
    constexpr int software = 1;
    obeys_xoff_ = by_host == software && !channel_->obeys_xoff();
    if (!obeys_xoff_ && std::exchange(stopped_, false)) soon_.call();
}

void Port::set_dcd(bool on) {
    dcd_ = on;
    soon_.call();
}

void Port::set_ri(bool on) {
    ri_ = on;
    soon_.call();
}

}  // namespace atls::app
