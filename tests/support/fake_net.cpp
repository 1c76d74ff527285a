#include "support/fake_net.hpp"

#include "modem/ssl_context.hpp"
#include "support/fake_net_line.hpp"

namespace atls::test {

using modem::Connection;
using modem::NetError;
using modem::NetFailure;
using modem::Transport;

namespace {
constexpr modem::PingEcho usual_echo{std::chrono::milliseconds{40}, 52};
}  // namespace

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
    auto line = std::make_shared<Line>(*this, transport, remote, port, &user);
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
