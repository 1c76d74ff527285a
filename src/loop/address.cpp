#include "loop/address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

namespace atls::loop {

std::optional<SocketAddress> SocketAddress::numeric(std::string_view ip, std::uint16_t port) {
    const std::string text(ip);
    if (text.find('\0') != std::string::npos) return std::nullopt;
    in_addr four{};
    in6_addr six{};
    SocketAddress address;
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1) {
        address = any(AF_INET, port);
        std::memcpy(reinterpret_cast<char*>(&address.storage_) + offsetof(sockaddr_in, sin_addr), &four, sizeof four);
        return address;
    }
    if (::inet_pton(AF_INET6, text.c_str(), &six) == 1) {
        address = any(AF_INET6, port);
        std::memcpy(reinterpret_cast<char*>(&address.storage_) + offsetof(sockaddr_in6, sin6_addr), &six, sizeof six);
        return address;
    }
    return std::nullopt;
}

SocketAddress SocketAddress::any(int family, std::uint16_t port) {
    SocketAddress address;
    if (family == AF_INET) {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&address.storage_, &four, sizeof four);
        address.size_ = sizeof four;
    } else {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        std::memcpy(&address.storage_, &six, sizeof six);
        address.size_ = sizeof six;
    }
    return address;
}

SocketAddress SocketAddress::from(const sockaddr* address, socklen_t size) {
    SocketAddress copy;
    if (size > sizeof copy.storage_) return copy;
    std::memcpy(&copy.storage_, address, size);
    copy.size_ = size;
    return copy;
}

SocketAddress SocketAddress::local_of(int fd) {
    SocketAddress address;
    address.size_ = sizeof address.storage_;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage_), &address.size_) != 0) return {};
    return address;
}

SocketAddress SocketAddress::peer_of(int fd) {
    SocketAddress address;
    address.size_ = sizeof address.storage_;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address.storage_), &address.size_) != 0) return {};
    return address;
}

sockaddr_in SocketAddress::v4() const {
    sockaddr_in four{};
    std::memcpy(&four, &storage_, sizeof four);
    return four;
}

sockaddr_in6 SocketAddress::v6() const {
    sockaddr_in6 six{};
    std::memcpy(&six, &storage_, sizeof six);
    return six;
}

std::string SocketAddress::ip() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family() == AF_INET) {
        const auto four = v4();
        ::inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    } else if (family() == AF_INET6) {
        const auto six = v6();
        ::inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

std::uint16_t SocketAddress::port() const {
    if (family() == AF_INET) return ntohs(v4().sin_port);
    if (family() == AF_INET6) return ntohs(v6().sin6_port);
    return 0;
}

std::string SocketAddress::text() const { return host_and_port(ip(), port()); }

std::string host_and_port(std::string_view ip, std::uint16_t port) {
    const bool bracket = ip.find(':') != std::string_view::npos;
    std::string text(bracket ? "[" : "");
    text += ip;
    text += bracket ? "]:" : ":";
    return text + std::to_string(port);
}

std::optional<HostPort> split_host_and_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    HostPort split;
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), split.port);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) return std::nullopt;
    split.host = host;
    return split;
}

}  // namespace atls::loop
