// Peers that come to the modem: callers of a listener, datagrams to a service.
#include <deque>

#include "support/fake_net_line.hpp"

namespace atls::test {

using modem::NetError;
using modem::NetFailure;
using modem::Transport;

class FakeNet::Listening final : public modem::Listener {
public:
    Listening(FakeNet& net, std::uint16_t port, modem::ListenerUser& user) : net_(net), port_(port), user_(user) {
        net_.listening_[port] = this;
    }
    ~Listening() override { net_.listening_.erase(port_); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    void offer(const std::shared_ptr<Line>& caller) {
        caller_ = caller;
        user_.on_incoming(caller->remote());
    }
    std::unique_ptr<modem::Connection> accept(modem::ConnectionUser& user) override {
        const auto line = std::exchange(caller_, nullptr);
        if (!line) return nullptr;
        line->answer(user);
        return std::make_unique<Client>(net_, line);
    }
    [[nodiscard]] modem::Endpoint local() const override { return {"0.0.0.0", port_}; }

private:
    FakeNet& net_;
    std::uint16_t port_;
    modem::ListenerUser& user_;
    std::shared_ptr<Line> caller_;
};

/// One Line a peer; all their datagrams come together here.
class FakeNet::Datagrams final : public modem::DatagramSocket {
public:
    Datagrams(FakeNet& net, std::uint16_t port, modem::DatagramUser& user) : net_(net), port_(port), user_(user) {
        net_.bound_[port] = this;
    }
    ~Datagrams() override { net_.bound_.erase(port_); }
    Datagrams(const Datagrams&) = delete;
    Datagrams& operator=(const Datagrams&) = delete;

    void send(const modem::Endpoint& to, BytesView datagram) override { peer(to).connection->write(datagram); }
    std::optional<Received> receive(std::span<char> into) override {
        if (arrived_.empty()) return std::nullopt;
        const auto [from, octets] = std::move(arrived_.front());
        arrived_.pop_front();
        const std::size_t count = std::min(into.size(), octets.size());
        std::memcpy(into.data(), octets.data(), count);
        return Received{count, from};
    }
    [[nodiscard]] modem::Endpoint local() const override { return {"0.0.0.0", port_}; }

    void add(const std::shared_ptr<Line>& line) {
        auto& slot = peers_[text_of(line->remote())];
        slot = std::make_unique<Peer>(*this, line->remote());
        line->answer(*slot);
        slot->connection = std::make_unique<Client>(net_, line);
    }

private:
    struct Peer final : modem::ConnectionUser {
        Peer(Datagrams& all, modem::Endpoint from) : owner(all), remote(std::move(from)) {}
        void on_connected() override {}
        void on_connect_failed(const NetFailure&) override {}
        void on_readable() override { owner.take(*this); }
        void on_writable() override {}
        void on_broken(const NetFailure&) override {}
        Datagrams& owner;
        modem::Endpoint remote;
        std::unique_ptr<modem::Connection> connection;
    };
    Peer& peer(const modem::Endpoint& to) {
        if (!peers_.contains(text_of(to))) {
            const auto server = net_.servers_.find({Transport::udp, to.ip, to.port});
            auto line = std::make_shared<Line>(net_, Transport::udp, to, port_, nullptr);
            net_.lines_.push_back(line);
            net_.peers_.push_back(line.get());
            add(line);
            line->accept(server == net_.servers_.end() ? std::make_unique<FakeServer>() : server->second());
            line->start();
        }
        return *peers_.at(text_of(to));
    }
    void take(Peer& from) {
        Bytes octets(65536, '\0');
        for (;;) {
            const auto got = from.connection->read(octets);
            if (got.kind != modem::Connection::Read::data) break;
            arrived_.emplace_back(from.remote, octets.substr(0, got.count));
        }
        user_.on_datagram();
    }

    FakeNet& net_;
    std::uint16_t port_;
    modem::DatagramUser& user_;
    std::map<std::string, std::unique_ptr<Peer>> peers_;
    std::deque<std::pair<modem::Endpoint, Bytes>> arrived_;
};

bool FakeNet::taken(std::uint16_t port, bool datagrams) const {
    return occupied_.contains(port) || (datagrams ? bound_.contains(port) : listening_.contains(port));
}

Result<std::unique_ptr<modem::Listener>, NetFailure> FakeNet::listen(const modem::Endpoint& local,
                                                                     modem::ListenerUser& user) {
    if (taken(local.port, false)) {
        return NetFailure{NetError::address_in_use, "listen at local port " + std::to_string(local.port) +
                                                        ": address already in use (EADDRINUSE)"};
    }
    return std::unique_ptr<modem::Listener>(std::make_unique<Listening>(*this, local.port, user));
}

Result<std::unique_ptr<modem::DatagramSocket>, NetFailure> FakeNet::bind(const modem::Endpoint& local,
                                                                         modem::DatagramUser& user) {
    if (taken(local.port, true)) {
        return NetFailure{NetError::address_in_use,
                          "bind to local port " + std::to_string(local.port) + ": address already in use (EADDRINUSE)"};
    }
    return std::unique_ptr<modem::DatagramSocket>(std::make_unique<Datagrams>(*this, local.port, user));
}

FakePeer& FakeNet::call(Transport transport, const modem::Endpoint& from, std::uint16_t port,
                        std::unique_ptr<FakeServer> server) {
    auto line = std::make_shared<Line>(*this, transport, from, port, nullptr);
    lines_.push_back(line);
    peers_.push_back(line.get());
    line->accept(std::move(server));
    if (transport == Transport::tcp) {
        later(2 * latency_, [this, line] { ring(line); });
    } else if (const auto service = bound_.find(port); service != bound_.end()) {
        service->second->add(line);
        line->start();
    }
    return *line;
}

void FakeNet::ring(const std::shared_ptr<Line>& line) {
    const auto listener = listening_.find(line->local_port());
    if (listener != listening_.end()) listener->second->offer(line);
    if (line->user() == nullptr) return line->refuse();
    line->start();
}

}  // namespace atls::test
