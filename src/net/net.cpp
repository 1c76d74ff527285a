#include "net/net.hpp"

#include <utility>

#include "net/connection.hpp"
#include "net/ping.hpp"
#include "net/resolver.hpp"
#include "net/servers.hpp"

namespace atls::net {

namespace {

class HostNet final : public modem::Net {
public:
    HostNet(loop::Loop& loop, Settings settings) : loop_(loop), settings_(std::move(settings)) {}

    std::unique_ptr<modem::Connection> connect(modem::Transport transport, const modem::Endpoint& remote,
                                               std::uint16_t local_port, modem::ConnectionUser& user) override {
        return net::connect(loop_, transport, remote, local_port, user);
    }
    Result<std::unique_ptr<modem::Listener>, modem::NetFailure> listen(const modem::Endpoint& local,
                                                                       modem::ListenerUser& user) override {
        return net::listen(loop_, local, user);
    }
    Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> bind(const modem::Endpoint& local,
                                                                           modem::DatagramUser& user) override {
        return net::bind(loop_, local, user);
    }
    std::unique_ptr<modem::Operation> resolve(const std::string& name, const std::vector<std::string>& servers,
                                              ResolveDone done) override {
        return net::resolve(loop_, settings_, name, servers, std::move(done));
    }
    std::unique_ptr<modem::Operation> ping(const std::string& ip, std::size_t octets, Duration timeout,
                                           PingDone done) override {
        return net::ping(loop_, ip, octets, timeout, std::move(done));
    }

private:
    loop::Loop& loop_;
    Settings settings_;
};

}  // namespace

std::unique_ptr<modem::Net> over(loop::Loop& loop, Settings settings) {
    return std::make_unique<HostNet>(loop, std::move(settings));
}

}  // namespace atls::net
