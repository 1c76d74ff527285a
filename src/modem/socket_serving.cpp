// A UDP service: one local port, datagrams from and to anybody.
#include <algorithm>
#include <array>

#include "modem/socket.hpp"

namespace atls::modem {

namespace {
// No datagram is longer; nothing lives in it between calls.
std::span<char> scratch() {
    static thread_local std::array<char, 65536> octets;
    return octets;
}
}  // namespace

void Socket::start_serving() {
    remote_ip_ = owner_.contexts_.address(request_.context);
    auto wire = owner_.net_.bind(any_address(), *this);
    if (!wire) return fail_to_bind(wire.error());
    local_port_ = request_.local_port;
    was_open_ = true;
    state_ = Serving{std::move(*wire)};
    owner_.log_.write(Level::info, "socket", name() + " serves UDP", {{"id", std::to_string(request_.id)}});
    owner_.post_opened(*this, Fault::none);
}

void Socket::on_datagram() {
    if (auto* state = std::get_if<Serving>(&state_)) take_in_datagrams(*state);
}

// A full buffer leaves the rest to the network, which keeps some and loses what is too much.
void Socket::take_in_datagrams(Serving& state) {
    const auto ignored = owner_.options.ignored.find(request_.id);
    for (;;) {
        state.stalled = inbox_.size() >= owner_.profile_.buffer_octets;
        if (state.stalled) break;
        const auto got = state.wire->receive(scratch());
        if (!got) break;
        const BytesView octets(scratch().data(), got->count);
        if (octets.empty()) continue;
        if (ignored != owner_.options.ignored.end() && octets == ignored->second) continue;
        inbox_.append(octets);
        state.senders.push_back(got->from);
        total_received_ += octets.size();
    }
    if (!inbox_.empty() && !announced_) post_readable();
}

std::optional<Endpoint> Socket::sender() const {
    const auto* state = std::get_if<Serving>(&state_);
    if (state == nullptr || state->senders.empty()) return std::nullopt;
    return state->senders.front();
}

Bytes Socket::read_datagrams(Serving& state, std::size_t most) {
    Bytes octets;
    while (!inbox_.empty() && octets.size() < most) {
        const std::size_t whole = inbox_.front().size();
        const Endpoint from = state.senders.front();
        const Bytes piece = inbox_.take(most - octets.size());
        octets += piece;
        if (piece.size() < whole) break;
        state.senders.pop_front();
        const bool goes_on =
            owner_.options.datagrams_as_stream && !state.senders.empty() && state.senders.front() == from;
        if (!goes_on) break;
    }
    if (inbox_.empty()) announced_ = false;
    if (state.stalled && inbox_.size() <= owner_.profile_.buffer_octets / 2) take_in_datagrams(state);
    return octets;
}

Fault Socket::can_send_to() const {
    if (std::holds_alternative<Failed>(state_)) return Fault::peer_closed;
    return std::holds_alternative<Serving>(state_) ? Fault::none : Fault::not_allowed;
}

Sockets::SendResult Socket::send_to(const Endpoint& to, BytesView datagram) {
    if (const Fault fault = can_send_to(); fault != Fault::none) return {Sockets::Sent::fault, fault};
    std::get<Serving>(state_).wire->send(to, datagram);
    total_sent_ += datagram.size();
    return {};
}

}  // namespace atls::modem
