// A DTLS server with a pre-shared key that sends back each datagram: OpenSSL on the loop. For the demo.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "app/config_file.hpp"
#include "base/bytes.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"

struct ssl_ctx_st;

namespace atls::app {

class DtlsEcho {
public:
    struct Secret {
        std::string identity;
        Bytes key;
    };
    /// `address`: IPv4.
    static Result<std::unique_ptr<DtlsEcho>, StartFailure> open(loop::Loop& loop, const std::string& address,
                                                                std::uint16_t port, Secret secret);
    ~DtlsEcho();
    DtlsEcho(const DtlsEcho&) = delete;
    DtlsEcho& operator=(const DtlsEcho&) = delete;

private:
    class Peer;
    DtlsEcho(loop::Loop& loop, loop::Fd socket, Secret secret);
    void receive();

    loop::Loop& loop_;
    loop::Fd socket_;
    Secret secret_;
    ssl_ctx_st* context_ = nullptr;
    std::map<Bytes, std::unique_ptr<Peer>> peers_;  ///< by the octets of their address
    loop::Watch arrivals_;
};

}  // namespace atls::app
