#include "net/servers.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>

#include "loop/address.hpp"
#include "loop/fd.hpp"
#include "loop/watch.hpp"
#include "net/connection.hpp"
#include "net/failure.hpp"

namespace atls::net {

namespace {

using modem::Endpoint;
using modem::NetFailure;

// More wait for their turn than a module has ids; what comes beyond is retried by its own stack.
constexpr int backlog = 32;
// One turn of the loop takes no more, so that a flood does not starve the rest.
constexpr int most_a_turn = 16;

// A socket of both families sees IPv4 peers in IPv6's clothes.
Endpoint plain(const loop::SocketAddress& address) {
    std::string ip = address.ip();
    static constexpr std::string_view mapped = "::ffff:";
    if (ip.starts_with(mapped) && ip.find('.') != std::string::npos) ip.erase(0, mapped.size());
    return {std::move(ip), address.port()};
}

Endpoint local_of(const loop::Fd& fd) {
    const auto address = loop::SocketAddress::local_of(fd.get());
    return {address.ip(), address.port()};
}

Result<loop::Fd, NetFailure> bound(const Endpoint& local, int type, const std::string& doing) {
    const auto address = loop::SocketAddress::numeric(local.ip, local.port);
    if (!address) return NetFailure{modem::NetError::bad_address, doing + ": not a numeric address"};
    loop::Fd fd(::socket(address->family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return failure(doing, errno);
    const int yes = 1;
    const int no = 0;
    if (type == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->family() == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (::bind(fd.get(), address->data(), address->size()) != 0) return failure(doing, errno);
    return fd;
}

// --- TCP ----------------------------------------------------------------------------------------------------------

class TcpListener final : public modem::Listener {
public:
    TcpListener(loop::Loop& loop, loop::Fd fd, modem::ListenerUser& user)
        : loop_(loop), user_(user), fd_(std::move(fd)), watch_(loop, fd_.get(), [this] { on_ready(); }) {
        watch_.want_read(true);
    }
    ~TcpListener() override {
        if (alive_ != nullptr) *alive_ = false;
    }
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;

    std::unique_ptr<modem::Connection> accept(modem::ConnectionUser& user) override {
        if (!caller_) return nullptr;
        return adopt(loop_, std::move(caller_), peer_, user);
    }
    [[nodiscard]] Endpoint local() const override { return local_of(fd_); }

private:
    void on_ready() {
        bool alive = true;
        alive_ = &alive;
        for (int count = 0; count < most_a_turn; ++count) {
            loop::SocketAddress from;
            caller_ = take(from);
            if (!caller_) break;
            peer_ = plain(from);
            user_.on_incoming(peer_);
            if (!alive) return;
            refuse();
        }
        alive_ = nullptr;
    }
    loop::Fd take(loop::SocketAddress& from) {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        auto* address = reinterpret_cast<sockaddr*>(&storage);
        loop::Fd fd(::accept4(fd_.get(), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (fd) from = loop::SocketAddress::from(address, size);
        return fd;
    }
    void refuse() {
        if (!caller_) return;
        const linger abrupt{1, 0};
        ::setsockopt(caller_.get(), SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
        caller_.close();
    }

    loop::Loop& loop_;
    modem::ListenerUser& user_;
    loop::Fd fd_;
    loop::Watch watch_;
    loop::Fd caller_;  ///< announced, not yet taken
    Endpoint peer_;
    bool* alive_ = nullptr;  ///< while a callback runs that may destroy this
};

// --- UDP ----------------------------------------------------------------------------------------------------------

class UdpSocket final : public modem::DatagramSocket {
public:
    UdpSocket(loop::Loop& loop, loop::Fd fd, int family, modem::DatagramUser& user)
        : family_(family), fd_(std::move(fd)), watch_(loop, fd_.get(), [this, &user] {
              // Told once; receive() that finds nothing asks for the next.
              watch_.want_read(false);
              user.on_datagram();
          }) {
        watch_.want_read(true);
    }

    void send(const Endpoint& to, BytesView datagram) override {
        const bool dress = family_ == AF_INET6 && to.ip.find(':') == std::string::npos;
        const auto address = loop::SocketAddress::numeric(dress ? "::ffff:" + to.ip : to.ip, to.port);
        if (!address) return;
        // Twice: the first may only bring to light what became of an earlier one.
        for (int attempts = 0; attempts < 2; ++attempts) {
            const auto sent =
                ::sendto(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL, address->data(), address->size());
            if (sent >= 0) return;
        }
    }
    std::optional<Received> receive(std::span<char> into) override {
        for (int attempts = 0; attempts < most_a_turn; ++attempts) {
            sockaddr_storage storage{};
            socklen_t size = sizeof storage;
            auto* address = reinterpret_cast<sockaddr*>(&storage);
            const auto count = ::recvfrom(fd_.get(), into.data(), into.size(), 0, address, &size);
            if (count >= 0) {
                return Received{static_cast<std::size_t>(count), plain(loop::SocketAddress::from(address, size))};
            }
            if (errno == EAGAIN) break;
        }
        watch_.want_read(true);
        return std::nullopt;
    }
    [[nodiscard]] Endpoint local() const override { return local_of(fd_); }

private:
    int family_;
    loop::Fd fd_;
    loop::Watch watch_;
};

}  // namespace

Result<std::unique_ptr<modem::Listener>, NetFailure> listen(loop::Loop& loop, const Endpoint& local,
                                                            modem::ListenerUser& user) {
    const std::string doing = "listen at local port " + std::to_string(local.port);
    auto fd = bound(local, SOCK_STREAM, doing);
    if (!fd) return fd.error();
    if (::listen(fd->get(), backlog) != 0) return failure(doing, errno);
    return std::unique_ptr<modem::Listener>(std::make_unique<TcpListener>(loop, std::move(*fd), user));
}

Result<std::unique_ptr<modem::DatagramSocket>, NetFailure> bind(loop::Loop& loop, const Endpoint& local,
                                                                modem::DatagramUser& user) {
    auto fd = bound(local, SOCK_DGRAM, "bind to local port " + std::to_string(local.port));
    if (!fd) return fd.error();
    const int family = loop::SocketAddress::local_of(fd->get()).family();
    return std::unique_ptr<modem::DatagramSocket>(std::make_unique<UdpSocket>(loop, std::move(*fd), family, user));
}

}  // namespace atls::net
