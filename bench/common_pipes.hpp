// Client and server in one process: two pipes in memory, and OpenSSL on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common_openssl.hpp"

namespace atls::bench {

/// A flat buffer that never moves; reading it empty starts over.
class Pipe {
public:
    void write(std::string_view octets);
    [[nodiscard]] std::string_view readable() const { return {buffer_.data() + read_, written_ - read_}; }
    void consume(std::size_t count);
    void clear() { read_ = written_ = 0; }

private:
    std::vector<char> buffer_ = std::vector<char>(1 << 20);
    std::size_t read_ = 0;
    std::size_t written_ = 0;
};

struct Pipes {
    Pipe to_server;
    Pipe to_client;
};

/// Attaches OpenSSL to its two ends. The pipes outlive the SSL object.
void attach(SSL* ssl, Pipe& in, Pipe& out);

/// A server's end of the pipes.
class PipeServer {
public:
    PipeServer(SSL_CTX* context, Pipes& pipes);
    /// Goes on with the handshake; true: done.
    bool handshake();
    /// Reads all there is and drops it; returns how many octets that was.
    std::size_t drain();
    void write(std::string_view octets);

private:
    struct EndSilently {
        void operator()(SSL* ssl) const;
    };
    std::unique_ptr<SSL, EndSilently> ssl_;
};

}  // namespace atls::bench
