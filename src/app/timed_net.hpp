// A Net whose outcomes enter the inner half through the clockwork, as all other calls do.
#pragma once

#include "app/clockwork.hpp"
#include "modem/outside.hpp"

namespace atls::app {

class TimedNet final : public modem::Net {
public:
    TimedNet(modem::Net& net, Clockwork& clockwork) : net_(net), clockwork_(clockwork) {}

    std::unique_ptr<modem::Connection> connect(modem::Transport transport, const modem::Endpoint& remote,
                                               std::uint16_t local_port, modem::ConnectionUser& user) override;
    Result<std::unique_ptr<modem::Listener>, modem::NetFailure> listen(const modem::Endpoint& local,
                                                                       modem::ListenerUser& user) override;
    Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> bind(const modem::Endpoint& local,
                                                                           modem::DatagramUser& user) override;
    std::unique_ptr<modem::Operation> resolve(
        const std::string& name, const std::vector<std::string>& servers,
        std::function<void(Result<modem::Resolved, modem::NetFailure>)> done) override;
    std::unique_ptr<modem::Operation> ping(
        const std::string& ip, std::size_t octets, Duration timeout,
        std::function<void(Result<modem::PingEcho, modem::NetFailure>)> done) override;

private:
    modem::Net& net_;
    Clockwork& clockwork_;
};

}  // namespace atls::app
