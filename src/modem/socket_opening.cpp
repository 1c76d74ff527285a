// The states before a socket is open: resolving, connecting, handshaking.
#include <algorithm>

#include "modem/socket.hpp"

namespace atls::modem {

namespace {

// Sessions that one SSL context remembers. A module talks to a few servers.
constexpr std::size_t most_sessions = 8;

constexpr int ipv6_context = 2;

Fault fault_of(NetError error) {
    switch (error) {
        case NetError::timed_out:
            return Fault::timed_out;
        case NetError::address_in_use:
            return Fault::bind_failed;
        case NetError::no_resources:
            return Fault::create_failed;
        default:
            return Fault::connect_failed;
    }
}

}  // namespace

void Socket::start() {
    if (!owner_.contexts_.active(request_.context)) {
        fail(Fault::context_inactive, name_of(Fault::context_inactive),
             "PDP context " + std::to_string(request_.context) + " is not active");
        return;
    }
    if (request_.kind == SocketKind::tcp_listener) return start_listening();
    if (request_.kind == SocketKind::udp_service) return start_serving();
    set_timer(request_.network_time);
    owner_.traffic();
    std::vector<std::string> servers;
    for (auto& server : owner_.contexts_.name_servers(request_.context)) {
        if (!server.empty()) servers.push_back(std::move(server));
    }
    auto query = owner_.net_.resolve(request_.host, servers,
                                     [this](const Result<Resolved, NetFailure>& result) { resolved(result); });
    state_ = Resolving{std::move(query)};
}

void Socket::resolved(const Result<Resolved, NetFailure>& result) {
    if (!result) {
        fail(Fault::name_not_resolved, name_of(result.error().code), result.error().text);
        return;
    }
    std::vector<std::string> addresses = result->addresses;
    // The kind of address the context has comes first; the host's network may well offer the other too.
    const bool six_first = owner_.contexts_.settings(request_.context).type == ipv6_context;
    std::stable_partition(addresses.begin(), addresses.end(), [&](const std::string& address) {
        return (address.find(':') != std::string::npos) == six_first;
    });
    connect(std::move(addresses));
}

void Socket::on(Resolving&, const TimedOut&) {
    fail(Fault::timed_out, name_of(NetError::timed_out),
         "name " + request_.host + " not resolved within " + std::to_string(request_.network_time.count()) + " s");
}

void Socket::connect(std::vector<std::string> addresses) {
    if (addresses.empty()) {
        fail(Fault::name_not_resolved, name_of(NetError::name_not_found), "name " + request_.host + " has no address");
        return;
    }
    remote_ip_ = addresses.front();
    addresses.erase(addresses.begin());
    state_ = Resolving{};  // an earlier attempt gives its local port back
    auto connection = owner_.net_.connect(transport_, {remote_ip_, request_.port}, request_.local_port, *this);
    state_ = Connecting{std::move(connection), std::move(addresses)};
}

void Socket::connect_failed(std::vector<std::string> others, const NetFailure& failure) {
    // A busy local port is so for every address.
    if (!others.empty() && failure.code != NetError::address_in_use) return connect(std::move(others));
    fail(fault_of(failure.code), name_of(failure.code), failure.text);
}

void Socket::on(Connecting& state, const ConnectFailed& event) {
    // The failure may live in the connection that goes with the state.
    const NetFailure failure = event.failure;
    connect_failed(std::move(state.others), failure);
}

void Socket::on(Connecting& state, const Broken& event) { on(state, ConnectFailed{event.failure}); }

void Socket::on(Connecting&, const TimedOut&) {
    fail(Fault::timed_out, name_of(NetError::timed_out),
         "connect to " + remote_ip_ + ":" + std::to_string(request_.port) + ": no answer within " +
             std::to_string(request_.network_time.count()) + " s");
}

void Socket::on(Connecting& state, const Connected&) {
    auto connection = std::move(state.connection);
    local_port_ = connection->local().port;
    if (request_.kind == SocketKind::tls) {
        begin_handshake(std::move(connection));
    } else {
        opened(Wire(std::move(connection), datagrams()));
    }
}

void Socket::begin_handshake(std::unique_ptr<Connection> connection) {
    if (owner_.failing_.erase(request_.id) > 0) {
        return fail(Fault::internal, name_of(Fault::internal), "an exception in the module (by request)");
    }
    const auto found = owner_.ssl_contexts_.find(request_.ssl_context);
    SslContext context = found == owner_.ssl_contexts_.end() ? SslContext() : found->second;
    // The host may have changed it since the transport was chosen.
    context.datagram = datagrams();
    auto settings =
        tls_settings(context, request_.ssl_context, request_.host, request_.port, owner_.profile_, owner_.ufs_);
    if (!settings) return fail(fault_of(settings.error()), tls::name_of(settings.error().cause), settings.error().text);
    if (owner_.key_log) {
        settings->key_log = [&owner = owner_](std::string_view line) {
            if (owner.key_log) owner.key_log(line);
        };
    }
    if (context.debug_level > 0) {
        settings->progress = [this, most = context.debug_level](int level, std::string_view text) {
            if (level <= most) log_progress(level, text);
        };
    }
    auto client = tls::Client::create(std::move(*settings), now(), [&clock = owner_.clock_] { return clock.utc(); });
    if (!client) return fail(fault_of(client.error()), tls::name_of(client.error().cause), client.error().text);
    Wire wire(std::move(connection), datagrams());
    wire.secure(std::move(*client));
    wire.flush();
    state_ = Handshaking{std::move(wire), {}};
    if (!request_.one_time_for_all) set_timer(std::chrono::seconds(context.negotiation_seconds));
    go_on_with_handshake(Wire::Input::nothing_now);
}

bool Socket::secure(int ssl_context) {
    auto* open = std::get_if<Open>(&state_);
    const bool plain = open != nullptr && request_.kind == SocketKind::tcp && open->wire.tls() == nullptr;
    if (!plain || !inbox_.empty() || open->wire.pending() > 0) return false;
    request_.kind = SocketKind::tls;
    request_.ssl_context = ssl_context;
    request_.one_time_for_all = false;  // the time for opening is over
    begin_handshake(open->wire.take_connection());
    return true;
}

void Socket::on(Handshaking& state, const Readable&) {
    const Wire::Input input = state.wire.receive(inbox_, owner_.profile_.buffer_octets, now());
    go_on_with_handshake(input);
}

void Socket::on(Handshaking& state, const Writable&) { state.wire.flush(); }

void Socket::on(Handshaking& state, const RetransmissionDue&) {
    state.wire.expire(now());
    go_on_with_handshake(Wire::Input::nothing_now);
}

void Socket::go_on_with_handshake(Wire::Input input) {
    auto& state = std::get<Handshaking>(state_);
    const tls::Client& tls = *state.wire.tls();
    // A peer may close right behind its Finished; one that closes before has agreed on no suite.
    const bool never_open = tls.state() == tls::State::peer_closed && tls.suite() == 0;
    if (tls.state() == tls::State::failed || never_open) {
        return fail(fault_of(tls.failure()), tls::name_of(tls.failure().cause), explained(tls.failure()));
    }
    if (tls.state() != tls::State::handshaking) {
        total_received_ = inbox_.size();
        opened(std::move(state.wire));
        return settle(input);
    }
    if (input == Wire::Input::ended) {
        return fail(Fault::handshake_failed, tls::name_of(tls::Cause::truncated),
                    "the peer ended the connection during the negotiation");
    }
    state.retransmission.cancel();
    if (const auto due = state.wire.next_deadline()) {
        state.retransmission = owner_.timers_.at(std::max(*due, now()), [this] { dispatch(RetransmissionDue{}); });
    }
}

// A clock that judges certificates was set by somebody: whose fault it is depends on whom.
std::string Socket::explained(const tls::Failure& failure) const {
    const bool by_clock = failure.cause == tls::Cause::expired || failure.cause == tls::Cause::not_yet_valid;
    return by_clock ? failure.text + "; the module's clock: " + owner_.clock_.origin() : failure.text;
}

void Socket::on(Handshaking&, const Broken& event) {
    fail(Fault::connect_failed, name_of(event.failure.code), "during the negotiation: " + event.failure.text);
}

void Socket::on(Handshaking&, const TimedOut&) {
    fail(Fault::timed_out, name_of(NetError::timed_out), "the negotiation was not finished in the time set for it");
}

void Socket::opened(Wire wire) {
    enter_open(std::move(wire));
    owner_.post_opened(*this, Fault::none);
}

void Socket::enter_open(Wire wire) {
    state_ = Open{std::move(wire)};
    was_open_ = true;
    timer_.cancel();
    if (owner_.care_ != TcpCare{}) set_care(owner_.care_);
    auto& state = std::get<Open>(state_);
    if (request_.mode == AccessMode::transparent) {
        transparent_port_ = request_.owner;
        made_transparent_ = ++owner_.made_transparent_;
    }
    if (const tls::Client* tls = state.wire.tls()) {
        keep_session(*tls);
        mark_busy(state);
    }
    log_open(state);
}

void Socket::log_open(const Open& state) {
    const std::string id = std::to_string(request_.id);
    const std::string port = std::to_string(request_.port);
    if (const tls::Client* tls = state.wire.tls()) {
        const tls::Suite* suite = tls::find_suite(tls->suite());
        const std::string version(tls::name_of(tls->version()));
        const std::string suite_name(suite == nullptr ? "unknown suite" : suite->name);
        const std::string how = tls->resumed() ? "resumed" : "full negotiation";
        owner_.log_.write(Level::info, "socket",
                          name() + " (" + remote_ip_ + ") open: " + version + ", " + suite_name + ", " + how,
                          {{"id", id},
                           {"host", request_.host},
                           {"port", port},
                           {"version", version},
                           {"suite", suite_name},
                           {"resumed", tls->resumed() ? "yes" : "no"}});
    } else {
        owner_.log_.write(Level::info, "socket", name() + " (" + remote_ip_ + ") open",
                          {{"id", id}, {"host", request_.host}, {"port", port}});
    }
}

void Socket::log_progress(int level, std::string_view text) const {
    owner_.log_.write(Level::info, "socket", name() + ": " + std::string(text),
                      {{"id", std::to_string(request_.id)}, {"debug", std::to_string(level)}});
}

void Socket::keep_session(const tls::Client& client) {
    const auto context = owner_.ssl_contexts_.find(request_.ssl_context);
    if (context == owner_.ssl_contexts_.end() || !context->second.session_cache) return;
    auto session = client.saved_session();
    if (!session) return;
    auto& sessions = context->second.sessions;
    const std::string key = session_key(request_.host, request_.port);
    if (sessions.size() >= most_sessions && !sessions.contains(key)) sessions.erase(sessions.begin());
    sessions[key] = std::move(session);
}

void Socket::fail(Fault fault, std::string_view code, const std::string& cause) {
    remember_cause(Level::warning, "not opened", code, cause);
    timer_.cancel();
    state_ = Failed{};
    owner_.post_opened(*this, fault);
}

void Socket::fail_for_context() {
    fail(Fault::context_lost, name_of(Fault::context_lost),
         "PDP context " + std::to_string(request_.context) + " was lost");
}

void Socket::abandon() {
    tell_waiting_port();
    finish();
}

// A port that opens in transparent mode says nothing until it hears how that ended.
void Socket::tell_waiting_port() {
    if (!opening() || request_.mode != AccessMode::transparent) return;
    owner_.raise(SocketOpened{request_.id, request_.owner, request_.kind, request_.mode, Fault::cancelled});
}

void Socket::leave() {
    tell_waiting_port();
    if (std::holds_alternative<Closing>(state_)) finish();
}

}  // namespace atls::modem
