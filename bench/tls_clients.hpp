// The two TLS clients that are compared, behind one face.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "common_pipes.hpp"

namespace atls::bench {

struct Scenario {
    std::string_view name;
    std::uint16_t suite;  ///< IANA
    const char* openssl_name;
    const Identity Pki::*server;  ///< whose certificate the server shows
    bool psk = false;
};

/// One connection. Every call moves octets between the pipes and the client as far as they go.
class Connection {
public:
    virtual ~Connection() = default;
    /// True: open.
    virtual bool handshake() = 0;
    virtual void write(std::string_view plain) = 0;
    /// Up to into.size() octets; 0: nothing more in the pipe.
    virtual std::size_t read(std::span<char> into) = 0;
    [[nodiscard]] virtual bool resumed() const = 0;
};

class TlsClient {
public:
    virtual ~TlsClient() = default;
    /// `resume`: with the session kept last.
    virtual std::unique_ptr<Connection> connect(bool resume) = 0;
    /// Keeps the session of an open connection.
    virtual void keep_session(const Connection& connection) = 0;
};

/// Both verify chain, validity and host name, send SNI, offer P-256 first, and share what they parsed between
/// connections. `resumable`: ask for tickets, make keep_session() possible.
std::unique_ptr<TlsClient> our_client(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable);
std::unique_ptr<TlsClient> openssl_client(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable);

}  // namespace atls::bench
