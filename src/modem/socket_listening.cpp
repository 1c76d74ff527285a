// A TCP listener: it waits for callers, each of which becomes a socket of its own.
#include "modem/socket.hpp"

namespace atls::modem {

namespace {
constexpr int ipv4_context = 1;
}

Endpoint Socket::any_address() const {
    const bool only_four = owner_.contexts_.settings(request_.context).type == ipv4_context;
    return {only_four ? "0.0.0.0" : "::", request_.local_port};
}

// A port that cannot be had, for whatever reason, is a failed bind to the host.
void Socket::fail_to_bind(const NetFailure& failure) {
    const Fault fault = failure.code == NetError::no_resources ? Fault::create_failed : Fault::bind_failed;
    fail(fault, name_of(failure.code), failure.text);
}

void Socket::start_listening() {
    // What the host is told of its own address is the context's, which the host's network knows nothing of.
    remote_ip_ = owner_.contexts_.address(request_.context);
    auto listener = owner_.net_.listen(any_address(), *this);
    if (!listener) return fail_to_bind(listener.error());
    local_port_ = request_.local_port;
    state_ = Listening{std::move(*listener)};
    owner_.log_.write(Level::info, "socket", name() + " listens", {{"id", std::to_string(request_.id)}});
    owner_.post_opened(*this, Fault::none);
}

void Socket::on_incoming(const Endpoint& peer) {
    if (auto* state = std::get_if<Listening>(&state_)) owner_.incoming(*this, *state->listener, peer);
}

bool Socket::take_caller(Listener& listener) {
    auto connection = listener.accept(*this);
    if (!connection) return false;
    remote_ip_ = request_.host;
    local_port_ = request_.local_port;
    enter_open(Wire(std::move(connection), false));
    owner_.post_incoming(*this);
    return true;
}

}  // namespace atls::modem
