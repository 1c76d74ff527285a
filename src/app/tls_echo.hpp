// A TLS server that sends back what it gets: OpenSSL on the loop. For the demo; no server for a network.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "app/config_file.hpp"
#include "link/listener.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"

struct ssl_ctx_st;

namespace atls::app {

class TlsEcho {
public:
    /// All PEM.
    struct Identity {
        std::string certificate;
        std::string key;
        std::string client_authority;  ///< not empty: clients must show a certificate that it signed
    };
    static Result<std::unique_ptr<TlsEcho>, StartFailure> open(loop::Loop& loop, const std::string& address,
                                                               std::uint16_t port, const Identity& identity);
    ~TlsEcho();
    TlsEcho(const TlsEcho&) = delete;
    TlsEcho& operator=(const TlsEcho&) = delete;

private:
    class Connection;
    TlsEcho(loop::Loop& loop, link::Listener listener, ssl_ctx_st* context);
    void accept();

    loop::Loop& loop_;
    link::Listener listener_;
    ssl_ctx_st* context_;
    std::list<std::unique_ptr<Connection>> connections_;
    loop::Watch arrivals_;
};

}  // namespace atls::app
