#include "net/connection.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "loop/address.hpp"
#include "loop/fd.hpp"
#include "loop/watch.hpp"
#include "net/failure.hpp"

namespace atls::net {

namespace {

using modem::Endpoint;
using modem::NetFailure;
using modem::Transport;

bool try_again(int error) { return error == EAGAIN || error == EINPROGRESS; }

class Socket final : public modem::Connection {
public:
    Socket(loop::Loop& loop, Transport transport, Endpoint remote, modem::ConnectionUser& user)
        : loop_(loop),
          user_(user),
          news_(loop, [this] { tell(); }),
          remote_(std::move(remote)),
          transport_(transport) {}

    void connect(std::uint16_t local_port);
    void take_over(loop::Fd connected);
    std::size_t write(BytesView octets) override;
    ReadResult read(std::span<char> into) override;
    void shut_down() override;
    void reset() override;
    void set_care(const modem::TcpCare& care) override;
    [[nodiscard]] Endpoint local() const override;

private:
    enum class State : std::uint8_t { connecting, connected, over };

    [[nodiscard]] bool datagrams() const { return transport_ == Transport::udp; }
    [[nodiscard]] std::string peer() const { return loop::host_and_port(remote_.ip, remote_.port); }
    std::optional<NetFailure> start(std::uint16_t local_port);
    void watch();
    void on_ready_to_write();
    void on_ready_to_read();
    void fail(NetFailure why);
    void tell();

    loop::Loop& loop_;
    modem::ConnectionUser& user_;
    loop::Soon news_;
    Endpoint remote_;
    loop::Fd fd_;
    std::unique_ptr<loop::Watch> watch_;
    std::unique_ptr<NetFailure> failure_;  ///< to be told
    Transport transport_;
    State state_ = State::connecting;
    bool owes_writable_ = false;
};

/// nullopt: under way.
std::optional<NetFailure> Socket::start(std::uint16_t local_port) {
    const auto doing = "connect to " + peer();
    const auto address = loop::SocketAddress::numeric(remote_.ip, remote_.port);
    if (!address) return NetFailure{modem::NetError::bad_address, doing + ": not a numeric address"};
    const int type = (datagrams() ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    fd_ = loop::Fd(::socket(address->family(), type, 0));
    if (!fd_) return failure(doing, errno);
    const int yes = 1;
    // The modem says when a segment is complete.
    if (!datagrams()) ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (local_port != 0) {
        if (!datagrams()) ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        const auto local = loop::SocketAddress::any(address->family(), local_port);
        if (::bind(fd_.get(), local.data(), local.size()) != 0) {
            return failure("bind to local port " + std::to_string(local_port), errno);
        }
    }
    if (::connect(fd_.get(), address->data(), address->size()) != 0 && errno != EINPROGRESS) {
        return failure(doing, errno);
    }
    return std::nullopt;
}

void Socket::connect(std::uint16_t local_port) {
    if (auto failed = start(local_port)) return fail(std::move(*failed));
    watch();
    watch_->want_write(true);
}

void Socket::take_over(loop::Fd connected) {
    fd_ = std::move(connected);
    const int yes = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    state_ = State::connected;
    watch();
    watch_->want_read(true);
}

void Socket::watch() {
    watch_ = std::make_unique<loop::Watch>(
        loop_, fd_.get(), [this] { on_ready_to_read(); }, [this] { on_ready_to_write(); });
}

void Socket::on_ready_to_write() {
    if (state_ == State::connected) {
        watch_->want_write(false);
        return user_.on_writable();
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        failure_ = std::make_unique<NetFailure>(failure("connect to " + peer(), error));
        return tell();
    }
    state_ = State::connected;
    watch_->want_write(std::exchange(owes_writable_, false));
    watch_->want_read(true);
    user_.on_connected();
}

void Socket::on_ready_to_read() {
    // Told once; read() that finds nothing asks for the next.
    watch_->want_read(false);
    user_.on_readable();
}

void Socket::fail(NetFailure why) {
    if (failure_ || state_ == State::over) return;
    failure_ = std::make_unique<NetFailure>(std::move(why));
    if (watch_) {
        watch_->want_read(false);
        watch_->want_write(false);
    }
    news_.call();
}

void Socket::tell() {
    if (!failure_) return;
    const auto why = std::move(failure_);
    const auto before = std::exchange(state_, State::over);
    watch_.reset();
    fd_.close();
    if (before == State::connecting) {
        user_.on_connect_failed(*why);
    } else if (before == State::connected) {
        user_.on_broken(*why);
    }
}

std::size_t Socket::write(BytesView octets) {
    if (state_ == State::over || failure_) return octets.size();  // on_broken() was told or follows
    if (state_ == State::connecting) {
        owes_writable_ = true;
        return 0;
    }
    std::size_t written = 0;
    // Once over for a datagram: an error may be left over from an earlier one.
    for (int attempts = 0; written < octets.size() || (datagrams() && attempts == 0);) {
        const auto count = ::send(fd_.get(), octets.data() + written, octets.size() - written, MSG_NOSIGNAL);
        if (count >= 0) {
            written += static_cast<std::size_t>(count);
            if (datagrams()) return octets.size();
            if (written == octets.size()) break;
            watch_->want_write(true);  // full; asking again would only say so
            return written;
        } else if (try_again(errno)) {
            watch_->want_write(true);
            return written;
        } else if (datagrams()) {
            if (++attempts == 2) return octets.size();
        } else if (errno != EINTR) {
            fail(failure("send to " + peer(), errno));
            return octets.size();
        }
    }
    return written;
}

modem::Connection::ReadResult Socket::read(std::span<char> into) {
    if (state_ != State::connected || failure_) return {Read::nothing_now};
    for (int attempts = 0;;) {
        const auto count = ::recv(fd_.get(), into.data(), into.size(), 0);
        if (count > 0 || (count == 0 && (datagrams() || into.empty()))) {
            return {Read::data, static_cast<std::size_t>(count)};
        }
        if (count == 0) return {Read::end};
        if (errno == EINTR) continue;
        if (datagrams() && !try_again(errno) && ++attempts < 8) continue;  // an ICMP error of a datagram that is lost
        if (datagrams() || try_again(errno)) {
            watch_->want_read(true);
        } else {
            fail(failure("receive from " + peer(), errno));
        }
        return {Read::nothing_now};
    }
}

void Socket::shut_down() {
    if (state_ == State::connected && !datagrams()) ::shutdown(fd_.get(), SHUT_WR);
}

void Socket::reset() {
    const linger abrupt{1, 0};
    if (fd_ && !datagrams()) ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    state_ = State::over;
    failure_.reset();
    watch_.reset();
    fd_.close();
}

void Socket::set_care(const modem::TcpCare& care) {
    if (!fd_ || datagrams()) return;
    const auto set = [this](int level, int option, std::int64_t value) {
        const int number = static_cast<int>(value);
        ::setsockopt(fd_.get(), level, option, &number, sizeof number);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, care.keep_alive ? 1 : 0);
    if (care.keep_alive) {
        set(IPPROTO_TCP, TCP_KEEPIDLE, care.keep_alive->idle.count());
        set(IPPROTO_TCP, TCP_KEEPINTVL, care.keep_alive->interval.count());
        set(IPPROTO_TCP, TCP_KEEPCNT, care.keep_alive->probes);
    }
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, std::chrono::milliseconds(care.give_up_after).count());
}

Endpoint Socket::local() const {
    if (!fd_) return {};
    const auto address = loop::SocketAddress::local_of(fd_.get());
    return {address.ip(), address.port()};
}

}  // namespace

std::unique_ptr<modem::Connection> connect(loop::Loop& loop, Transport transport, const Endpoint& remote,
                                           std::uint16_t local_port, modem::ConnectionUser& user) {
    auto socket = std::make_unique<Socket>(loop, transport, remote, user);
    socket->connect(local_port);
    return socket;
}

std::unique_ptr<modem::Connection> adopt(loop::Loop& loop, loop::Fd connected, const Endpoint& remote,
                                         modem::ConnectionUser& user) {
    auto socket = std::make_unique<Socket>(loop, Transport::tcp, remote, user);
    socket->take_over(std::move(connected));
    return socket;
}

}  // namespace atls::net
