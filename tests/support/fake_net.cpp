#include "support/fake_net.hpp"

#include <algorithm>
#include <cstring>

#include "modem/ssl_context.hpp"

namespace atls::test {

using modem::Connection;
using modem::NetError;
using modem::NetFailure;
using modem::Transport;

namespace {
constexpr std::size_t most_datagrams = 64;
constexpr modem::PingEcho usual_echo{std::chrono::milliseconds{40}, 52};

std::string text_of(const modem::Endpoint& endpoint) { return endpoint.ip + ":" + std::to_string(endpoint.port); }
}  // namespace

// --- one connection -----------------------------------------------------------------------------------------------

class FakeNet::Line final : public FakePeer, public std::enable_shared_from_this<Line> {
public:
    Line(FakeNet& net, Transport transport, modem::Endpoint remote, std::uint16_t local_port,
         modem::ConnectionUser& user)
        : net_(net), transport_(transport), remote_(std::move(remote)), local_port_(local_port), user_(&user) {}

    // The server's side.
    void send(BytesView octets) override {
        if (reset_by_server_ || closed_by_server_) return;
        if (transport_ == Transport::udp) {
            if (arrived_.size() < most_datagrams) arrive(Bytes(octets));
            return;
        }
        backlog_.append(octets);
        fill_window();
    }
    void close() override {
        closed_by_server_ = true;
        fill_window();
    }
    void reset() override {
        reset_by_server_ = true;
        net_.later(net_.latency_, [line = shared_from_this()] {
            if (line->user_ == nullptr || line->dead_) return;
            line->dead_ = true;
            line->user_->on_broken(
                {NetError::reset, text_of(line->remote_) + ": connection reset by peer (ECONNRESET)"});
        });
    }
    void pause(bool paused) override {
        paused_ = paused;
        if (!paused) server_reads();
    }
    [[nodiscard]] std::size_t unsent() const override { return backlog_.size(); }
    [[nodiscard]] const Bytes& received() const override { return received_; }
    [[nodiscard]] bool ended() const override { return end_seen_; }
    [[nodiscard]] bool was_reset() const override { return reset_seen_; }
    [[nodiscard]] modem::Endpoint client() const override { return {"10.0.0.1", local_port_}; }
    [[nodiscard]] FakeServer& server() override { return *server_; }

    // The client's side.
    std::size_t write(BytesView octets) {
        if (dead_ || fin_sent_) return octets.size();
        if (transport_ == Transport::udp) {
            to_server(Bytes(octets));
            return octets.size();
        }
        const std::size_t room = net_.window_ - std::min(net_.window_, towards_server_);
        const std::size_t taken = std::min(room, octets.size());
        if (taken < octets.size()) short_write_ = true;
        if (taken > 0) to_server(Bytes(octets.substr(0, taken)));
        return taken;
    }
    Connection::ReadResult read(std::span<char> into) {
        if (!arrived_.empty()) {
            Bytes& first = arrived_.front();
            const std::size_t count = std::min(into.size(), first.size());
            std::memcpy(into.data(), first.data(), count);
            if (transport_ == Transport::udp || count == first.size()) {
                arrived_.pop_front();
            } else {
                first.erase(0, count);
            }
            if (transport_ == Transport::tcp) {
                towards_client_ -= count;
                fill_window();
            }
            return {Connection::Read::data, count};
        }
        if (end_arrived_) return {Connection::Read::end, 0};
        waiting_ = true;
        return {Connection::Read::nothing_now, 0};
    }
    void client_ends(bool reset) {
        if (fin_sent_ && !reset) return;
        fin_sent_ = true;
        if (transport_ == Transport::udp) return;
        net_.later(net_.latency_, [line = shared_from_this(), reset] {
            if (line->server_ == nullptr) return;
            (reset ? line->reset_seen_ : line->fin_arrived_) = true;
            if (reset) return line->server_->on_reset(*line);
            line->server_reads();
        });
    }
    void abandon() {
        user_ = nullptr;
        client_ends(false);
    }

    // The net's side.
    void accept(std::unique_ptr<FakeServer> server) {
        server_ = std::move(server);
        server_->on_accept(*this);
    }
    [[nodiscard]] modem::ConnectionUser* user() const { return user_; }
    [[nodiscard]] Transport transport() const { return transport_; }
    [[nodiscard]] const modem::Endpoint& remote() const { return remote_; }
    [[nodiscard]] std::uint16_t local_port() const { return local_port_; }
    /// The client may hear of it now: it is connected.
    void start() {
        waiting_ = true;
        tell_readable();
    }

private:
    void to_server(Bytes octets) {
        towards_server_ += octets.size();
        net_.later(net_.latency_, [line = shared_from_this(), octets = std::move(octets)] {
            line->unread_.push_back(octets);
            line->server_reads();
        });
    }
    void server_reads() {
        while (!paused_ && server_ != nullptr && !unread_.empty()) {
            const Bytes octets = std::move(unread_.front());
            unread_.pop_front();
            towards_server_ -= octets.size();
            received_ += octets;
            server_->on_bytes(*this, octets);
        }
        if (short_write_ && towards_server_ < net_.window_) {
            short_write_ = false;
            net_.later(Duration::zero(), [line = shared_from_this()] {
                if (line->user_ != nullptr && !line->dead_) line->user_->on_writable();
            });
        }
        if (fin_arrived_ && unread_.empty() && !paused_ && !end_seen_) {
            end_seen_ = true;
            server_->on_end(*this);
        }
    }
    void fill_window() {
        while (!backlog_.empty() && towards_client_ < net_.window_) {
            Bytes piece = backlog_.take(net_.window_ - towards_client_);
            towards_client_ += piece.size();
            arrive(std::move(piece));
        }
        if (!closed_by_server_ || !backlog_.empty() || fin_on_its_way_) return;
        fin_on_its_way_ = true;
        net_.later(net_.latency_, [line = shared_from_this()] {
            line->end_arrived_ = true;
            line->tell_readable();
        });
    }
    void arrive(Bytes octets) {
        net_.later(net_.latency_, [line = shared_from_this(), octets = std::move(octets)] {
            if (line->user_ == nullptr || line->dead_) return;
            line->arrived_.push_back(octets);
            line->tell_readable();
        });
    }
    void tell_readable() {
        if (!waiting_ || user_ == nullptr || dead_ || (arrived_.empty() && !end_arrived_)) return;
        waiting_ = false;
        user_->on_readable();
    }

    FakeNet& net_;
    Transport transport_;
    modem::Endpoint remote_;
    std::uint16_t local_port_;
    modem::ConnectionUser* user_;  // null: the client let go
    std::unique_ptr<FakeServer> server_;
    // to the server
    std::deque<Bytes> unread_;
    std::size_t towards_server_ = 0;
    Bytes received_;
    bool paused_ = false;
    bool short_write_ = false;
    bool fin_sent_ = false;
    bool fin_arrived_ = false;
    bool end_seen_ = false;
    bool reset_seen_ = false;
    // to the client
    ByteQueue backlog_;
    std::deque<Bytes> arrived_;
    std::size_t towards_client_ = 0;
    bool waiting_ = false;
    bool closed_by_server_ = false;
    bool reset_by_server_ = false;
    bool fin_on_its_way_ = false;
    bool end_arrived_ = false;
    bool dead_ = false;
};

class FakeNet::Client final : public Connection {
public:
    Client(FakeNet& net, std::shared_ptr<Line> line) : net_(net), line_(std::move(line)) { ++net_.open_connections_; }
    ~Client() override {
        --net_.open_connections_;
        line_->abandon();
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    std::size_t write(BytesView octets) override { return line_->write(octets); }
    ReadResult read(std::span<char> into) override { return line_->read(into); }
    void shut_down() override { line_->client_ends(false); }
    void reset() override { line_->client_ends(true); }
    [[nodiscard]] modem::Endpoint local() const override { return {"10.0.0.1", line_->local_port()}; }

private:
    FakeNet& net_;
    std::shared_ptr<Line> line_;
};

/// A pending answer: its timer goes with it.
class FakeNet::Answer final : public modem::Operation {
public:
    Timers::Handle timer;
};

// --- the world ----------------------------------------------------------------------------------------------------

FakeNet::FakeNet(Timers& timers) : timers_(timers) {}

FakeNet::~FakeNet() { travelling_.clear(); }

void FakeNet::later(Duration delay, Timers::Action action) {
    const std::uint64_t number = ++sent_off_;
    travelling_.emplace(number, timers_.after(delay, [this, number, work = std::move(action)] {
        travelling_.erase(number);
        work();
    }));
}

void FakeNet::add_name(const std::string& name, std::vector<std::string> addresses, std::uint32_t ttl_seconds) {
    names_[name] = {std::move(addresses), ttl_seconds};
}

std::string FakeNet::serve(const std::string& host, std::uint16_t port, Transport transport, MakeServer make) {
    std::string address = host;
    if (!modem::is_address(host)) {
        // TEST-NET-1 (RFC 5737), from .10 on: tests name lower ones themselves.
        if (!names_.contains(host)) add_name(host, {"192.0.2." + std::to_string(10 + addresses_given_++)});
        address = names_[host].addresses.front();
    }
    servers_[{transport, address, port}] = std::move(make);
    return address;
}

void FakeNet::stop_serving(const std::string& address, std::uint16_t port, Transport transport) {
    servers_.erase({transport, address, port});
}

// --- modem::Net ---------------------------------------------------------------------------------------------------

std::unique_ptr<Connection> FakeNet::connect(Transport transport, const modem::Endpoint& remote,
                                             std::uint16_t local_port, modem::ConnectionUser& user) {
    const std::uint16_t port = local_port != 0 ? local_port : next_local_port_++;
    auto line = std::make_shared<Line>(*this, transport, remote, port, user);
    lines_.push_back(line);
    if (!silent_.contains(remote.ip) || transport == Transport::udp) {
        const Duration delay = transport == Transport::udp ? Duration::zero() : 2 * latency_;
        later(delay, [this, line] { establish(line); });
    }
    return std::make_unique<Client>(*this, line);
}

void FakeNet::establish(const std::shared_ptr<Line>& line) {
    if (line->user() == nullptr) return;
    const std::string doing = "connect to " + text_of(line->remote()) + ": ";
    if (unreachable_.contains(line->remote().ip)) {
        line->user()->on_connect_failed({NetError::unreachable, doing + "host unreachable (EHOSTUNREACH)"});
        return;
    }
    const auto server = servers_.find({line->transport(), line->remote().ip, line->remote().port});
    if (server == servers_.end() && line->transport() == Transport::tcp) {
        line->user()->on_connect_failed({NetError::refused, doing + "connection refused (ECONNREFUSED)"});
        return;
    }
    peers_.push_back(line.get());
    line->accept(server == servers_.end() ? std::make_unique<FakeServer>() : server->second());
    if (line->user() != nullptr) line->user()->on_connected();
    line->start();
}

Result<modem::Resolved, NetFailure> FakeNet::look_up(const std::string& name,
                                                     const std::vector<std::string>& servers) const {
    const std::string by = servers.empty() ? "the host's name servers" : servers.front();
    if (const auto fault = name_faults_.find(name); fault != name_faults_.end()) {
        return NetFailure{fault->second,
                          "name " + name + ": " + std::string(modem::name_of(fault->second)) + " (" + by + ")"};
    }
    if (const auto found = names_.find(name); found != names_.end()) return found->second;
    if (modem::is_address(name)) return modem::Resolved{{name}, 0};
    return NetFailure{NetError::name_not_found, "name " + name + " not found by " + by};
}

std::unique_ptr<modem::Operation> FakeNet::resolve(const std::string& name, const std::vector<std::string>& servers,
                                                   std::function<void(Result<modem::Resolved, NetFailure>)> done) {
    name_servers_asked_ = servers;
    auto answer = std::make_unique<Answer>();
    if (silent_.contains(name) && !modem::is_address(name)) return answer;
    answer->timer = timers_.after(2 * latency_, [this, name, servers, done] { done(look_up(name, servers)); });
    return answer;
}

std::unique_ptr<modem::Operation> FakeNet::ping(const std::string& ip, std::size_t, Duration timeout,
                                                std::function<void(Result<modem::PingEcho, NetFailure>)> done) {
    auto answer = std::make_unique<Answer>();
    const auto found = pings_.find(ip);
    const modem::PingEcho echo = found == pings_.end() ? usual_echo : found->second;
    if (unreachable_.contains(ip)) {
        answer->timer = timers_.after(latency_, [ip, done] {
            done(NetFailure{NetError::unreachable, "ping " + ip + ": host unreachable (EHOSTUNREACH)"});
        });
    } else if (silent_.contains(ip) || echo.round_trip > timeout) {
        answer->timer = timers_.after(timeout, [ip, done] {
            done(NetFailure{NetError::timed_out, "ping " + ip + ": no answer"});
        });
    } else {
        answer->timer = timers_.after(echo.round_trip, [echo, done] { done(echo); });
    }
    return answer;
}

}  // namespace atls::test
