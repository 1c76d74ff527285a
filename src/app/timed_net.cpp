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

    std::size_t write(BytesView octets) override { return inner_->write(octets); }
    ReadResult read(std::span<char> into) override { return inner_->read(into); }
    void shut_down() override { inner_->shut_down(); }
    void reset() override { inner_->reset(); }
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
