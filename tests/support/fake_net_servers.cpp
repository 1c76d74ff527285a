// The ready-made servers of FakeNet.
#include "support/fake_net.hpp"

namespace atls::test {

using modem::Transport;

void FakeServer::on_end(FakePeer& peer) { peer.close(); }

void EchoServer::on_bytes(FakePeer& peer, BytesView octets) { peer.send(octets); }

void FakeTlsServer::on_bytes(FakePeer&, BytesView octets) {
    tls.feed(octets);
    plaintext += tls.take_plaintext();
    flush();
}

void FakeTlsServer::on_end(FakePeer& peer) {
    tls.close();
    flush();
    peer.close();
}

void FakeTlsServer::send(BytesView plain) {
    tls.write(plain);
    flush();
}

void FakeTlsServer::close_notify() {
    tls.close();
    flush();
}

void FakeTlsServer::flush() {
    for (Bytes out = tls.take_output(); !out.empty(); out = tls.take_output()) peer_->send(out);
}

namespace {
class TimeServer final : public FakeServer {
public:
    explicit TimeServer(std::function<WallTime()> utc) : utc_(std::move(utc)) {}
    void on_bytes(FakePeer& peer, BytesView request) override {
        if (request.size() < 48) return;
        Bytes answer(48, '\0');
        answer[0] = 0x24;  // version 4, server
        answer[1] = 2;     // stratum
        answer.replace(24, 8, request.substr(40, 8));
        const auto seconds = static_cast<std::uint64_t>(utc_().time_since_epoch().count()) + 2208988800U;
        for (unsigned i = 0; i < 4; ++i) answer[40 + i] = static_cast<char>(seconds >> (24U - 8U * i) & 255U);
        answer[47] = 1;
        peer.send(answer);
    }

private:
    std::function<WallTime()> utc_;
};
}  // namespace

std::string FakeNet::serve_echo(const std::string& host, std::uint16_t port, Transport transport) {
    return serve(host, port, transport, [] { return std::make_unique<EchoServer>(); });
}

std::string FakeNet::serve_tls(const std::string& host, std::uint16_t port, PeerOptions options) {
    const Transport transport = options.datagram ? Transport::udp : Transport::tcp;
    return serve(host, port, transport, [options] { return std::make_unique<FakeTlsServer>(options); });
}

std::string FakeNet::serve_time(const std::string& host, std::function<WallTime()> utc, std::uint16_t port) {
    return serve(host, port, Transport::udp, [utc = std::move(utc)] { return std::make_unique<TimeServer>(utc); });
}

}  // namespace atls::test
