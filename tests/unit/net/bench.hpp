// A peer on loopback, on the same loop, and a user that notes what it hears.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "loop/address.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"
#include "modem/outside.hpp"

namespace atls::net {

inline constexpr Duration generous = std::chrono::seconds(30);

/// A bound socket on 127.0.0.1; a TCP one listens.
class Peer {
public:
    explicit Peer(int type, const char* ip = "127.0.0.1") {
        const auto address = loop::SocketAddress::numeric(ip, 0);
        fd = loop::Fd(::socket(address->family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::bind(fd.get(), address->data(), address->size()), 0);
        if (type == SOCK_STREAM && ::listen(fd.get(), 8) != 0) ADD_FAILURE() << "cannot listen";
    }
    [[nodiscard]] modem::Endpoint endpoint() const {
        const auto address = loop::SocketAddress::local_of(fd.get());
        return {address.ip(), address.port()};
    }
    [[nodiscard]] loop::Fd accept() const { return loop::Fd(::accept4(fd.get(), nullptr, nullptr, SOCK_NONBLOCK)); }

    loop::Fd fd;
};

class User final : public modem::ConnectionUser {
public:
    void on_connected() override { note("C", at_connected); }
    void on_connect_failed(const modem::NetFailure& why) override {
        failure = why;
        note("F", at_failed);
    }
    void on_readable() override { note("r", at_readable); }
    void on_writable() override { note("w", at_writable); }
    void on_broken(const modem::NetFailure& why) override {
        failure = why;
        note("B", at_failed);
    }
    /// Reads until there is nothing; false at the end.
    bool read_all() {
        std::array<char, 65536> buffer{};
        for (;;) {
            inside = true;
            const auto got = connection->read(buffer);
            inside = false;
            if (got.kind == modem::Connection::Read::end) return false;
            if (got.kind == modem::Connection::Read::nothing_now) return true;
            received.append(buffer.data(), got.count);
            pieces.push_back(got.count);
        }
    }
    std::size_t write(BytesView octets) {
        inside = true;
        const auto count = connection->write(octets);
        inside = false;
        return count;
    }

    std::unique_ptr<modem::Connection> connection;
    std::function<void()> at_connected, at_failed, at_readable, at_writable;
    std::optional<modem::NetFailure> failure;
    std::string said;
    Bytes received;
    std::vector<std::size_t> pieces;
    bool inside = false;

private:
    void note(const char* what, const std::function<void()>& then) {
        EXPECT_FALSE(inside) << "called from inside a call";
        said += what;
        if (then) then();
    }
};

}  // namespace atls::net
