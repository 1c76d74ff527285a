// Numeric addresses between text and the kernel's form.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atls::loop {

class SocketAddress {
public:
    SocketAddress() = default;
    /// nullopt unless `ip` is a dotted quad or an IPv6 address. Nothing is resolved, "127.1" is none.
    static std::optional<SocketAddress> numeric(std::string_view ip, std::uint16_t port);
    /// 0.0.0.0 or :: as `family` has it.
    static SocketAddress any(int family, std::uint16_t port);
    static SocketAddress from(const sockaddr* address, socklen_t size);
    static SocketAddress local_of(int fd);
    static SocketAddress peer_of(int fd);

    [[nodiscard]] const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    [[nodiscard]] socklen_t size() const { return size_; }
    [[nodiscard]] int family() const { return storage_.ss_family; }
    [[nodiscard]] std::string ip() const;
    [[nodiscard]] std::uint16_t port() const;
    /// "127.0.0.1:80", "[::1]:80"
    [[nodiscard]] std::string text() const;

private:
    [[nodiscard]] sockaddr_in v4() const;
    [[nodiscard]] sockaddr_in6 v6() const;

    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

/// "127.0.0.1:80", "[::1]:80"
std::string host_and_port(std::string_view ip, std::uint16_t port);
/// Splits "127.0.0.1:80" or "[::1]:80"; nullopt without a port of 0…65535.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};
std::optional<HostPort> split_host_and_port(std::string_view text);

}  // namespace atls::loop
