// A listening socket: TCP or unix.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "link/channel.hpp"
#include "loop/fd.hpp"

namespace atls::link {

/// Removes its unix socket's name when destroyed.
class Listener {
public:
    /// `host`: numeric or "localhost". Port 0: any free one, see address().
    static Result<Listener, LinkFailure> tcp(const std::string& host, std::uint16_t port);
    /// Mode 0600. A socket that nobody listens on is replaced, anything else is an error.
    static Result<Listener, LinkFailure> unix_at(const std::string& path);

    Listener(Listener&&) noexcept = default;
    Listener& operator=(Listener&&) = delete;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    enum class Accepted { one, none_now, no_resources };
    /// The socket is non-blocking; none of a TCP socket's segments wait for more to be said.
    Accepted accept(loop::Fd& into);

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// "127.0.0.1:5001" or the path.
    [[nodiscard]] const std::string& address() const { return address_; }

private:
    Listener(loop::Fd fd, std::string address, bool is_path);

    loop::Fd fd_;
    std::string address_;
    bool tcp_;
};

}  // namespace atls::link
