#include "app/timed_net.hpp"

#include <utility>

namespace atls::app {

namespace {

// Each call may destroy this: the Entry holds on to the clockwork only.
class TimedConnection final : public modem::Connection, private modem::ConnectionUser {
public:
    TimedConnection(Clockwork& clockwork, modem::ConnectionUser& user) : clockwork_(clockwork), user_(user) {}
    void open(modem::Net& net, modem::Transport transport, const modem::Endpoint& remote, std::uint16_t local_port) {
        inner_ = net.connect(transport, remote, local_port, *this);
    }
    bool accept(modem::Listener& listener) {
        inner_ = listener.accept(*this);
        return inner_ != nullptr;
    }

    std::size_t write(BytesView octets) override { return inner_->write(octets); }
    ReadResult read(std::span<char> into) override { return inner_->read(into); }
    void shut_down() override { inner_->shut_down(); }
    void reset() override { inner_->reset(); }
    void set_care(const modem::TcpCare& care) override { inner_->set_care(care); }
    [[nodiscard]] modem::Endpoint local() const override { return inner_->local(); }

private:
    void on_connected() override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_connected();
    }
    void on_connect_failed(const modem::NetFailure& failure) override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_connect_failed(failure);
    }
    void on_readable() override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_readable();
    }
    void on_writable() override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_writable();
    }
    void on_broken(const modem::NetFailure& failure) override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_broken(failure);
    }

    Clockwork& clockwork_;
    modem::ConnectionUser& user_;
    std::unique_ptr<modem::Connection> inner_;
};

class TimedListener final : public modem::Listener, private modem::ListenerUser {
public:
    TimedListener(Clockwork& clockwork, modem::ListenerUser& user) : clockwork_(clockwork), user_(user) {}
    std::optional<modem::NetFailure> open(modem::Net& net, const modem::Endpoint& local) {
        auto inner = net.listen(local, *this);
        if (!inner) return inner.error();
        inner_ = std::move(*inner);
        return std::nullopt;
    }
    std::unique_ptr<modem::Connection> accept(modem::ConnectionUser& user) override {
        auto connection = std::make_unique<TimedConnection>(clockwork_, user);
        if (!connection->accept(*inner_)) return nullptr;
        return connection;
    }
    [[nodiscard]] modem::Endpoint local() const override { return inner_->local(); }

private:
    void on_incoming(const modem::Endpoint& peer) override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_incoming(peer);
    }

    Clockwork& clockwork_;
    modem::ListenerUser& user_;
    std::unique_ptr<modem::Listener> inner_;
};

class TimedDatagrams final : public modem::DatagramSocket, private modem::DatagramUser {
public:
    TimedDatagrams(Clockwork& clockwork, modem::DatagramUser& user) : clockwork_(clockwork), user_(user) {}
    std::optional<modem::NetFailure> open(modem::Net& net, const modem::Endpoint& local) {
        auto inner = net.bind(local, *this);
        if (!inner) return inner.error();
        inner_ = std::move(*inner);
        return std::nullopt;
    }
    void send(const modem::Endpoint& to, BytesView datagram) override { inner_->send(to, datagram); }
    std::optional<Received> receive(std::span<char> into) override { return inner_->receive(into); }
    [[nodiscard]] modem::Endpoint local() const override { return inner_->local(); }

private:
    void on_datagram() override {
        const Clockwork::Entry entry(clockwork_);
        user_.on_datagram();
    }

    Clockwork& clockwork_;
    modem::DatagramUser& user_;
    std::unique_ptr<modem::DatagramSocket> inner_;
};

template <class Outcome>
std::function<void(Outcome)> timed(Clockwork& clockwork, std::function<void(Outcome)> done) {
    return [&clockwork, done = std::move(done)](Outcome outcome) {
        // The call may destroy the operation and with it this closure.
        const Clockwork::Entry entry(clockwork);
        const auto kept = done;
        kept(std::move(outcome));
    };
}

}  // namespace

std::unique_ptr<modem::Connection> TimedNet::connect(modem::Transport transport, const modem::Endpoint& remote,
                                                     std::uint16_t local_port, modem::ConnectionUser& user) {
    auto connection = std::make_unique<TimedConnection>(clockwork_, user);
    connection->open(net_, transport, remote, local_port);
    return connection;
}

Result<std::unique_ptr<modem::Listener>, modem::NetFailure> TimedNet::listen(const modem::Endpoint& local,
                                                                             modem::ListenerUser& user) {
    auto listener = std::make_unique<TimedListener>(clockwork_, user);
    if (auto failed = listener->open(net_, local)) return std::move(*failed);
    return std::unique_ptr<modem::Listener>(std::move(listener));
}

Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> TimedNet::bind(const modem::Endpoint& local,
                                                                                 modem::DatagramUser& user) {
    auto datagrams = std::make_unique<TimedDatagrams>(clockwork_, user);
    if (auto failed = datagrams->open(net_, local)) return std::move(*failed);
    return std::unique_ptr<modem::DatagramSocket>(std::move(datagrams));
}

std::unique_ptr<modem::Operation> TimedNet::resolve(
    const std::string& name, const std::vector<std::string>& servers,
    std::function<void(Result<modem::Resolved, modem::NetFailure>)> done) {
    return net_.resolve(name, servers, timed(clockwork_, std::move(done)));
}

std::unique_ptr<modem::Operation> TimedNet::ping(const std::string& ip, std::size_t octets, Duration timeout,
                                                 std::function<void(Result<modem::PingEcho, modem::NetFailure>)> done) {
    return net_.ping(ip, octets, timeout, timed(clockwork_, std::move(done)));
}

}  // namespace atls::app
