// A TLS server whose records go through a test's hands on their way to the modem.
#pragma once

#include <functional>
#include <memory>

#include "support/fake_net.hpp"

namespace atls::test {

/// Gets each record in turn, counted from 0 over the whole connection, and sends what it likes.
using Mangle = std::function<void(FakePeer& peer, std::size_t number, Bytes record)>;

class MangledServer final : public FakeServer {
public:
    MangledServer(const PeerOptions& options, Mangle mangle) : tls(options), mangle_(std::move(mangle)) {}

    void on_accept(FakePeer& peer) override { peer_ = &peer; }
    void on_bytes(FakePeer& peer, BytesView octets) override;
    void on_end(FakePeer& peer) override { peer.close(); }
    void send(BytesView plain);

    TlsPeer tls;

private:
    void flush();

    Mangle mangle_;
    FakePeer* peer_ = nullptr;
    Bytes unsplit_;
    std::size_t sent_ = 0;
};

/// An alert record in the clear.
Bytes alert(int level, int description);
/// The length in a record's header, and a record with another one.
Bytes with_length(Bytes record, std::size_t length);

}  // namespace atls::test
