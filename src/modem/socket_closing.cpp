// The states after a socket was open: closing by the host, closed by the peer.
#include <algorithm>

#include "modem/socket.hpp"

namespace atls::modem {

void Socket::on(Open& state, const HostCloses& event) {
    send_packet(state);
    close_gracefully(std::move(state.wire), event.timeout, false);
}

void Socket::on(PeerClosed& state, const HostCloses& event) {
    close_gracefully(std::move(state.wire), event.timeout, true);
}

void Socket::close_gracefully(Wire wire, std::chrono::milliseconds timeout, bool peer_ended) {
    inbox_.clear();
    wire.say_goodbye();
    const bool done = peer_ended && wire.pending() == 0;
    if (done || datagrams() || wire.dropped() || wire.broken()) return finish();
    if (timeout == std::chrono::seconds::zero()) {
        // An orderly end without waiting, unless data is lost by it: that the peer must see.
        if (wire.pending() > 0) wire.reset();
        return finish();
    }
    state_ = Closing{std::move(wire), peer_ended};
    set_timer(timeout);
    // The peer's end may have been waiting behind a full buffer.
    dispatch(Readable{});
}

void Socket::on(Closing& state, const Readable&) {
    if (!state.peer_ended && state.wire.discard(now()) == Wire::Input::ended) state.peer_ended = true;
    look_whether_closed(state);
}

void Socket::on(Closing& state, const Writable&) {
    state.wire.flush();
    look_whether_closed(state);
}

void Socket::look_whether_closed(Closing& state) {
    if (state.peer_ended && state.wire.pending() == 0) finish();
}

void Socket::on(Closing&, const Broken&) { finish(); }

void Socket::on(Closing& state, const TimedOut&) {
    owner_.log_.write(Level::info, "socket", name() + " forced down: the peer did not close in time",
                      {{"id", std::to_string(request_.id)}, {"host", request_.host}});
    state.wire.reset();
    finish();
}

void Socket::on(Closing& state, const HostCloses& event) {
    if (event.timeout > std::chrono::seconds::zero()) return;  // the first close's time goes on
    state.wire.reset();
    finish();
}

void Socket::on(PeerClosed& state, const Writable&) {
    state.wire.flush();
    if (state.wire.tls() != nullptr && state.wire.pending() == 0) state.wire.drop();
}

void Socket::on(PeerClosed& state, const Broken&) { state.wire.drop(); }

void Socket::end_for_context() {
    end_delivery(Fault::context_lost);
    remember_cause(Level::warning, "ended", name_of(Fault::context_lost),
                   "PDP context " + std::to_string(request_.context) + " was lost");
    timer_.cancel();
    state_ = Failed{};
    owner_.post_closed(*this, true);
}

void Socket::finish() {
    inbox_.clear();
    timer_.cancel();
    state_ = Gone{};
    owner_.post_closed_here(*this);
}

void Socket::release() {
    released_ = true;
    if (auto* closed = std::get_if<PeerClosed>(&state_)) {
        closed->wire.say_goodbye();
        closed->wire.drop();
    }
}

}  // namespace atls::modem
