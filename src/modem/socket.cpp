#include "modem/socket.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace atls::modem {

namespace {
// How long an open TLS connection must be quiet before its spare memory is given back.
constexpr std::chrono::seconds quiet_before_trim{2};
// What one datagram of a transparent UDP socket carries at most, as a send command does.
constexpr std::size_t datagram_payload = 1460;

bool is_datagram(SocketKind kind) { return kind == SocketKind::udp || kind == SocketKind::udp_service; }
}  // namespace

Socket::Socket(Sockets& owner, const OpenRequest& request, std::uint64_t serial)
    : owner_(owner),
      serial_(serial),
      request_(request),
      transport_(is_datagram(request.kind) ? Transport::udp : Transport::tcp),
      inbox_(false) {
    if (request.kind == SocketKind::tls) {
        const auto context = owner.ssl_contexts_.find(request.ssl_context);
        if (context != owner.ssl_contexts_.end() && context->second.datagram) transport_ = Transport::udp;
    }
    inbox_ = DataQueue(datagrams());
}

Socket::~Socket() = default;

// --- facts --------------------------------------------------------------------------------------------------------

bool Socket::gone() const { return std::holds_alternative<Gone>(state_); }

bool Socket::holds_id() const { return !gone() && !released_; }

bool Socket::connected() const { return std::holds_alternative<Open>(state_); }

bool Socket::opening() const {
    return std::holds_alternative<Resolving>(state_) || std::holds_alternative<Connecting>(state_) ||
           std::holds_alternative<Handshaking>(state_);
}

SocketInfo Socket::info() const {
    SocketState state = SocketState::closing;
    if (opening()) state = SocketState::opening;
    if (connected() || std::holds_alternative<Serving>(state_)) state = SocketState::connected;
    if (std::holds_alternative<Listening>(state_)) state = SocketState::listening;
    return {request_.id,          request_.kind,    remote_ip_.empty() ? request_.host : remote_ip_,
            request_.port,        local_port_,      state,
            request_.context,     request_.mode,    request_.owner,
            request_.ssl_context, request_.listener};
}

ReceiveCount Socket::received() const { return {total_received_, total_received_ - inbox_.size(), inbox_.size()}; }

SendCount Socket::sent() const {
    std::uint64_t pending = 0;
    if (const auto* open = std::get_if<Open>(&state_)) pending = open->wire.pending();
    if (const auto* closed = std::get_if<PeerClosed>(&state_)) pending = closed->wire.pending();
    // TLS counts its own octets too: never more than the host gave.
    pending = std::min(pending, total_sent_);
    return {total_sent_, total_sent_ - pending, pending};
}

std::string Socket::name() const {
    if (request_.kind == SocketKind::tcp_listener || request_.kind == SocketKind::udp_service) {
        return "socket " + std::to_string(request_.id) + " at local port " + std::to_string(request_.local_port);
    }
    return "socket " + std::to_string(request_.id) + " to " + request_.host + ":" + std::to_string(request_.port);
}

void Socket::remember_cause(Level level, const std::string& what, std::string_view code, const std::string& cause) {
    owner_.causes_[request_.id] = cause;
    if (!owner_.log_.enabled(level)) return;
    owner_.log_.write(level, "socket", name() + " " + what + ": " + cause,
                      {{"id", std::to_string(request_.id)},
                       {"host", request_.host},
                       {"port", std::to_string(request_.port)},
                       {"code", std::string(code)},
                       {"cause", cause}});
}

// --- what the network says ----------------------------------------------------------------------------------------

void Socket::on_connected() { dispatch(Connected{}); }
void Socket::on_connect_failed(const NetFailure& failure) { dispatch(ConnectFailed{failure}); }
void Socket::on_readable() { dispatch(Readable{}); }
void Socket::on_writable() { dispatch(Writable{}); }
void Socket::on_broken(const NetFailure& failure) { dispatch(Broken{failure}); }
void Socket::break_now(const NetFailure& failure) { dispatch(Broken{failure}); }
void Socket::context_lost() { dispatch(ContextLost{}); }

void Socket::close(std::chrono::milliseconds timeout, std::optional<PortId> report) {
    if (report) report_close_to_ = report;
    dispatch(HostCloses{timeout});
}

void Socket::set_timer(Duration delay) {
    timer_ = owner_.timers_.after(delay, [this] { dispatch(TimedOut{}); });
}

// --- open: receiving ----------------------------------------------------------------------------------------------

void Socket::on(Open&, const Readable&) { take_in(); }

void Socket::take_in() {
    auto& state = std::get<Open>(state_);
    mark_busy(state);
    owner_.traffic();
    const Wire::Input input = receive(state);
    // Receiving flushes too, and then no on_writable() follows.
    signal_room(state);
    advance_delivery(state);
    settle(input);
}

Wire::Input Socket::receive(Open& state) {
    const std::size_t before = inbox_.size();
    const std::size_t limit = owner_.profile_.buffer_octets;
    const auto ignored = owner_.options.ignored.find(request_.id);
    if (ignored == owner_.options.ignored.end()) {
        const Wire::Input input = state.wire.receive(inbox_, limit, now());
        total_received_ += inbox_.size() - before;
        return input;
    }
    DataQueue fresh(datagrams());
    const Wire::Input input = state.wire.receive(fresh, limit - std::min(limit, before), now());
    while (!fresh.empty()) {
        const Bytes piece = fresh.take(fresh.front().size());
        if (piece != ignored->second) inbox_.append(piece);
    }
    total_received_ += inbox_.size() - before;
    return input;
}

void Socket::settle(Wire::Input input) {
    auto& state = std::get<Open>(state_);
    if (!inbox_.empty() && !announced_) post_readable();
    state.stalled = input == Wire::Input::full;
    if (input == Wire::Input::ended) peer_ended(std::move(state.wire));
}

void Socket::post_readable() {
    announced_ = true;
    if (posted_) return;
    posted_ = true;
    owner_.post_readable(*this);
}

bool Socket::take_announcement() {
    posted_ = false;
    return !inbox_.empty();
}

void Socket::peer_ended(Wire wire) {
    end_delivery(Fault::peer_closed);
    timer_.cancel();
    const tls::Client* tls = wire.tls();
    if (tls != nullptr && !wire.broken()) {
        const tls::Failure& why = tls->failure();
        ended_in_order_ = why.cause == tls::Cause::closed_by_peer;
        remember_cause(ended_in_order_ ? Level::info : Level::warning, "ended", tls::name_of(why.cause), why.text);
    } else if (!wire.broken()) {
        ended_in_order_ = true;
        remember_cause(Level::info, "ended", "closed_by_peer", "closed by the peer");
    }
    // TLS closes both ways at once (RFC 5246, 7.2.1). A TCP peer may still read what we have to send.
    if (tls != nullptr) wire.say_goodbye();
    if (wire.broken() || (tls != nullptr && wire.pending() == 0)) wire.drop();
    state_ = PeerClosed{std::move(wire)};
    owner_.post_closed(*this, false);
}

Fault Socket::can_read() const {
    if (!was_open_ || request_.mode != AccessMode::buffer) return Fault::not_allowed;
    return std::holds_alternative<Closing>(state_) ? Fault::not_allowed : Fault::none;
}

Bytes Socket::read(std::size_t most) {
    if (auto* serving = std::get_if<Serving>(&state_)) return read_datagrams(*serving, most);
    Bytes octets = inbox_.take(most);
    while (owner_.options.datagrams_as_stream && octets.size() < most && !inbox_.empty()) {
        octets += inbox_.take(most - octets.size());
    }
    if (inbox_.empty()) announced_ = false;
    // Half a buffer at a time: a host that reads in small pieces should not cost a system call each.
    const auto* open = std::get_if<Open>(&state_);
    if (open != nullptr && open->stalled && inbox_.size() <= owner_.profile_.buffer_octets / 2) take_in();
    return octets;
}

void Socket::on(Open& state, const Broken& event) {
    remember_cause(Level::warning, "broke", name_of(event.failure.code), event.failure.text);
    state.wire.mark_broken();
    // A full buffer first: what TLS still holds is taken in as the host reads.
    if (!state.stalled) take_in();
}

// --- open: sending ------------------------------------------------------------------------------------------------

std::size_t Socket::free_to_send(const Wire& wire) const {
    const std::size_t buffer = owner_.profile_.buffer_octets;
    return buffer - std::min(buffer, wire.pending());
}

Fault Socket::can_send() const {
    if (std::holds_alternative<PeerClosed>(state_) || std::holds_alternative<Failed>(state_)) return Fault::peer_closed;
    return connected() && request_.mode != AccessMode::transparent ? Fault::none : Fault::not_allowed;
}

Sockets::SendResult Socket::send(BytesView octets) {
    if (const Fault fault = can_send(); fault != Fault::none) return {Sockets::Sent::fault, fault};
    auto& state = std::get<Open>(state_);
    if (octets.size() > free_to_send(state.wire)) return {Sockets::Sent::no_room, Fault::none};
    if (!state.wire.send(octets)) return {Sockets::Sent::fault, Fault::peer_closed};
    owner_.traffic();
    total_sent_ += octets.size();
    mark_busy(state);
    return {};
}

Fault Socket::deliver(BytesView octets, std::chrono::seconds timeout) {
    if (const Fault fault = can_send(); fault != Fault::none) return fault;
    auto& state = std::get<Open>(state_);
    if (state.delivery) return Fault::busy;
    state.delivery.emplace(Delivery{Bytes(octets), owner_.timers_.after(timeout, [this, timeout] {
                                        remember_cause(Level::warning, "not sent", name_of(Fault::timed_out),
                                                       "the network took not all of it within " +
                                                           std::to_string(timeout.count()) + " s");
                                        end_delivery(Fault::timed_out);
                                    })});
    advance_delivery(state);
    return Fault::none;
}

void Socket::advance_delivery(Open& state) {
    if (!state.delivery) return;
    Bytes& waiting = state.delivery->waiting;
    if (!waiting.empty()) {
        if (waiting.size() > free_to_send(state.wire)) return;
        if (!state.wire.send(waiting)) return;  // broken: the end of the connection is about to be told
        owner_.traffic();
        mark_busy(state);
        total_sent_ += waiting.size();
        waiting.clear();
    }
    if (state.wire.pending() == 0) end_delivery(Fault::none);
}

void Socket::end_delivery(Fault fault) {
    auto* open = std::get_if<Open>(&state_);
    if (open == nullptr || !open->delivery) return;
    open->delivery.reset();
    owner_.raise(SocketDelivered{request_.id, request_.owner, request_.kind, fault});
}

std::size_t Socket::room() const {
    if (std::holds_alternative<Serving>(state_)) return owner_.profile_.buffer_octets;
    const auto* open = std::get_if<Open>(&state_);
    return open == nullptr ? 0 : free_to_send(open->wire);
}

void Socket::set_care(const TcpCare& care) {
    if (datagrams()) return;
    if (auto* open = std::get_if<Open>(&state_)) open->wire.set_care(care);
}

std::size_t Socket::stream(BytesView octets, Limit limit) {
    auto* state = std::get_if<Open>(&state_);
    if (state == nullptr) return octets.size();
    mark_busy(*state);
    owner_.traffic();
    std::size_t taken = 0;
    while (taken < octets.size()) {
        const bool gathers = request_.kind == SocketKind::udp;
        const std::size_t gathered = gathers ? state->packet.size() : 0;
        std::size_t fits = limit == Limit::none ? std::numeric_limits<std::size_t>::max() : free_to_send(state->wire);
        fits = std::min(octets.size() - taken, fits - std::min(fits, gathered));
        if (datagrams()) fits = std::min(fits, datagram_payload);
        if (fits == 0) {
            state->room_wanted = true;
            break;
        }
        if (gathers) {
            fits = std::min(fits, owner_.options.packet_octets);
            gather(*state, octets.substr(taken, fits));
        } else if (!state->wire.send(octets.substr(taken, fits))) {
            return octets.size();
        }
        taken += fits;
        total_sent_ += fits;
    }
    return taken;
}

// What the host types in pieces leaves as whole datagrams. A TCP stream has no such seams to show.
void Socket::gather(Open& state, BytesView octets) {
    const std::size_t whole = owner_.options.packet_octets;
    while (!octets.empty()) {
        const BytesView piece = octets.substr(0, whole - std::min(whole, state.packet.size()));
        state.packet.append(piece);
        octets.remove_prefix(piece.size());
        if (state.packet.size() >= whole) send_packet(state);
    }
    if (state.packet.empty()) return;
    if (owner_.options.packet_wait == Duration::zero()) return send_packet(state);
    if (state.packet_due.pending()) return;
    state.packet_due = owner_.timers_.after(owner_.options.packet_wait, [this] {
        if (auto* open = std::get_if<Open>(&state_)) send_packet(*open);
    });
}

void Socket::send_packet(Open& state) {
    state.packet_due.cancel();
    if (!state.packet.empty()) state.wire.send(std::exchange(state.packet, {}));
}

void Socket::on(Open& state, const Writable&) {
    state.wire.flush();
    signal_room(state);
    advance_delivery(state);
}

void Socket::signal_room(Open& state) {
    // Half a buffer at a time, else the host would be woken for every few octets.
    if (!state.room_wanted || state.wire.pending() > owner_.profile_.buffer_octets / 2) return;
    state.room_wanted = false;
    owner_.post_writable(*this);
}

void Socket::mark_busy(Open& state) {
    if (state.wire.tls() == nullptr) return;
    state.busy = true;
    if (!timer_.pending()) set_timer(quiet_before_trim);
}

void Socket::on(Open& state, const TimedOut&) {
    if (!state.busy) return state.wire.trim();
    state.busy = false;
    set_timer(quiet_before_trim);
}

// --- open: modes --------------------------------------------------------------------------------------------------

Fault Socket::set_mode(AccessMode mode, PortId port) {
    const bool serves = std::holds_alternative<Serving>(state_) && mode != AccessMode::transparent;
    if (!connected() && !serves) return Fault::not_allowed;
    if (request_.mode == AccessMode::transparent && request_.owner != port) return Fault::not_allowed;
    if (auto* open = std::get_if<Open>(&state_)) send_packet(*open);
    const bool changed = mode != request_.mode;
    request_.mode = mode;
    if (mode == AccessMode::transparent) {
        request_.owner = port;
        transparent_port_ = port;
        made_transparent_ = ++owner_.made_transparent_;
    }
    if (changed && !inbox_.empty()) post_readable();
    return Fault::none;
}

}  // namespace atls::modem
