#include "unit/link/bench.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "loop/address.hpp"

namespace atls::link {

int connect_tcp(const std::string& address) {
    const auto where = loop::split_host_and_port(address);
    if (!where) return -1;
    const auto numeric = loop::SocketAddress::numeric(where->host, where->port);
    if (!numeric) return -1;
    const int fd = ::socket(numeric->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, numeric->data(), numeric->size()) == 0) return fd;
    ::close(fd);
    return -1;
}

int connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
}

}  // namespace atls::link
