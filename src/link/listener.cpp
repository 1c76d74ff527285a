#include "link/listener.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "loop/address.hpp"
#include "loop/words.hpp"

namespace atls::link {

namespace {

constexpr int backlog = 64;

LinkFailure failure(const char* doing, int error) { return {std::string(doing) + ": " + loop::words_of(error)}; }

std::optional<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path || path.find('\0') != std::string::npos) return {};
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

/// Removes a socket that a program left behind. An error says what is in the way.
Outcome<LinkFailure> clear_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return {};
    if (!S_ISSOCK(status.st_mode)) return LinkFailure{"cannot listen: a file that is no socket is in the way"};
    const loop::Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!probe) return failure("cannot create a socket", errno);
    if (::connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN) {
        return LinkFailure{"cannot listen: another program listens there"};
    }
    if (errno != ECONNREFUSED) return failure("cannot listen", errno);
    if (::unlink(path.c_str()) != 0) return failure("cannot remove a stale socket", errno);
    return {};
}

}  // namespace

Listener::Listener(loop::Fd fd, std::string address, bool is_path)
    : fd_(std::move(fd)), address_(std::move(address)), tcp_(!is_path) {}

Listener::~Listener() {
    if (fd_ && !tcp_) ::unlink(address_.c_str());
}

Result<Listener, LinkFailure> Listener::tcp(const std::string& host, std::uint16_t port) {
    const auto address = loop::SocketAddress::numeric(host == "localhost" ? "127.0.0.1" : host, port);
    if (!address) return LinkFailure{"cannot listen: not a numeric address"};
    loop::Fd fd(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return failure("cannot create a socket", errno);
    const int yes = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(fd.get(), address->data(), address->size()) != 0) return failure("cannot listen", errno);
    if (::listen(fd.get(), backlog) != 0) return failure("cannot listen", errno);
    auto text = loop::SocketAddress::local_of(fd.get()).text();
    return Listener(std::move(fd), std::move(text), false);
}

Result<Listener, LinkFailure> Listener::unix_at(const std::string& path) {
    const auto address = unix_address(path);
    if (!address) return LinkFailure{"cannot listen: a socket's path has 1 to 107 octets"};
    if (auto cleared = clear_stale(path, *address); !cleared) return cleared.error();
    loop::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return failure("cannot create a socket", errno);
    // Linux creates the name with the mode that the socket has when bound: there is no moment when others may connect.
    ::fchmod(fd.get(), S_IRUSR | S_IWUSR);
    if (::bind(fd.get(), generic(*address), sizeof *address) != 0) return failure("cannot listen", errno);
    Listener listener(std::move(fd), path, true);
    if (::listen(listener.fd(), backlog) != 0) return failure("cannot listen", errno);
    return listener;
}

Listener::Accepted Listener::accept(loop::Fd& into) {
    into = loop::Fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!into) {
        const bool short_of = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
        return short_of ? Accepted::no_resources : Accepted::none_now;
    }
    if (tcp_) {
        const int yes = 1;
        ::setsockopt(into.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        // A host whose machine went without a word keeps the next one out for half a minute, not for two hours.
        const int idle = 15;    // seconds
        const int between = 5;  // seconds
        const int probes = 3;
        ::setsockopt(into.get(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
        ::setsockopt(into.get(), IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
        ::setsockopt(into.get(), IPPROTO_TCP, TCP_KEEPINTVL, &between, sizeof between);
        ::setsockopt(into.get(), IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    }
    return Accepted::one;
}

}  // namespace atls::link
