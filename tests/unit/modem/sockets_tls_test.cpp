// TLS and DTLS sockets against an independent implementation in memory.
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

using test::Pki;
using testing::HasSubstr;

struct Secure : Device {
    explicit Secure(test::PeerOptions options = {}) {
        modem.ssl_contexts[1].version = 3;
        serve(std::move(options));
    }
    void serve(test::PeerOptions options) {
        if (options.datagram) modem.ssl_contexts[1].datagram = true;
        net.serve_tls("echo.example", 8010, std::move(options));
    }
    SslContext& context() { return modem.ssl_contexts[1]; }
    void begin_tls(int id, AccessMode mode = AccessMode::buffer) {
        begin(id, {.kind = SocketKind::tls, .port = 8010, .mode = mode, .ssl_context = 1});
    }
    Fault open_tls(int id, AccessMode mode = AccessMode::buffer) {
        begin_tls(id, mode);
        settle();
        const auto opened = events.take<SocketOpened>();
        EXPECT_EQ(opened.size(), 1U);
        return opened.empty() ? Fault::unknown : opened.front().fault;
    }
    test::FakeTlsServer& peer() const { return net.last_tls(); }
    std::string cause(int id) const { return modem.sockets.cause(id); }
    std::string read_all(int id) {
        std::string all;
        for (Bytes piece = modem.sockets.read(id, 1500); !piece.empty(); piece = modem.sockets.read(id, 1500)) {
            all += piece;
            settle();
        }
        return all;
    }
    void authenticate() {
        ufs.put("ca.pem", Pki::get().roots());
        context().security_level = 1;
        context().trusted_file = "ca.pem";
    }
};

std::string pattern(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text.push_back(static_cast<char>('a' + i * 7 % 26));
    return text;
}

TEST(TlsSocket, OpensEchoesCloses) {
    Secure secure({.echo = true});
    ASSERT_EQ(secure.open_tls(4), Fault::none) << secure.cause(4);
    EXPECT_EQ(secure.state(4), 2);
    EXPECT_TRUE(secure.log.says("open: TLS 1.2, TLS_"));
    EXPECT_EQ(secure.log.entries.back().fields.at("resumed"), "no");
    EXPECT_EQ(secure.send(4, "hello"), "all");
    EXPECT_EQ(secure.readable_events(), 1U);
    EXPECT_EQ(secure.modem.sockets.read(4, 100), "hello");
    secure.modem.sockets.close(4, 10s);
    secure.settle();
    EXPECT_EQ(secure.closed_here_events(), 1U);
    EXPECT_TRUE(secure.peer().tls.client_closed());
    EXPECT_EQ(secure.net.open_connections(), 0);
}

TEST(TlsSocket, ContextNeverConfiguredConnects) {
    Device device;
    device.net.serve_tls("echo.example", 8010, {});
    EXPECT_EQ(device.open(0, {.kind = SocketKind::tls, .port = 8010, .ssl_context = 5}), Fault::none);
}

TEST(TlsSocket, FullBufferStopsThePeerAndLosesNothing) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    const std::string sent = pattern(300000);
    secure.peer().send(sent);
    secure.settle();
    EXPECT_EQ(secure.modem.sockets.readable(4), 10240U);
    EXPECT_GT(secure.net.last_peer().unsent(), 200000U);
    EXPECT_TRUE(secure.read_all(4) == sent);
}

TEST(TlsSocket, CloseNotifyBehindAFullBuffer) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    const std::string sent = pattern(15000);
    secure.peer().send(sent);
    secure.peer().close_notify();
    secure.settle();
    EXPECT_EQ(secure.closed_events(), 0U);
    std::string got = secure.modem.sockets.read(4, 6000);
    secure.settle();
    EXPECT_EQ(secure.closed_events(), 1U);
    EXPECT_EQ(secure.state(4), 4);
    EXPECT_EQ(secure.send(4, "x"), "peer_closed");
    got += secure.read_all(4);
    EXPECT_TRUE(got == sent);
    EXPECT_TRUE(secure.peer().tls.client_closed()) << "answered at once";
    EXPECT_EQ(secure.net.open_connections(), 0);
}

TEST(TlsSocket, ResetBehindAFullBufferStillGivesWhatCame) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    const std::string sent = pattern(15000);
    secure.peer().send(sent);
    secure.settle();
    secure.net.last_peer().reset();
    secure.settle();
    EXPECT_EQ(secure.closed_events(), 0U);
    EXPECT_EQ(secure.send(4, "x"), "peer_closed");
    EXPECT_TRUE(secure.read_all(4) == sent);
    EXPECT_EQ(secure.closed_events(), 1U);
    EXPECT_THAT(secure.cause(4), HasSubstr("ECONNRESET"));
}

TEST(TlsSocket, EndWithoutCloseNotify) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    secure.peer().send("half a me");
    secure.net.last_peer().close();
    secure.settle();
    EXPECT_EQ(secure.closed_events(), 1U);
    EXPECT_EQ(secure.read_all(4), "half a me");
    EXPECT_EQ(secure.log.entries.back().fields.at("code"), "truncated");
    EXPECT_EQ(secure.log.entries.back().level, Level::warning);
}

TEST(TlsSocket, BulkBothWays) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4, AccessMode::transparent), Fault::none);
    std::string got;
    secure.events.react = [&](const Event& event) {
        if (std::holds_alternative<SocketReadable>(event)) got += secure.read_all(4);
    };
    const std::string sent = pattern(1000000);
    secure.peer().send(sent);
    std::size_t taken = 0;
    while (taken < sent.size()) {
        taken += secure.modem.sockets.stream(4, BytesView(sent).substr(taken, 4096));
        secure.settle();
    }
    secure.settle();
    EXPECT_TRUE(got == sent);
    EXPECT_TRUE(secure.peer().plaintext == sent);
}

TEST(TlsSocket, SendBufferFills) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    secure.net.last_peer().pause(true);
    std::string sent;
    while (secure.send(4, pattern(1460)) == "all") sent += pattern(1460);
    EXPECT_GT(sent.size(), 16384U);
    EXPECT_LT(sent.size(), 16384U + 12000U);
    EXPECT_GT(secure.modem.sockets.sent(4).pending, 0U);
    secure.net.last_peer().pause(false);
    secure.settle();
    EXPECT_TRUE(secure.peer().plaintext == sent);
    EXPECT_EQ(secure.modem.sockets.sent(4).pending, 0U);
}

TEST(TlsSocket, RecordsArriveInSmallPieces) {
    Secure secure({.max_fragment = 512, .echo = true});
    secure.net.set_window(37);
    ASSERT_EQ(secure.open_tls(4), Fault::none) << secure.cause(4);
    EXPECT_EQ(secure.send(4, pattern(1460)), "all");
    EXPECT_EQ(secure.read_all(4), pattern(1460));
}

TEST(TlsSocket, NegotiationTimesOut) {
    Secure secure;
    secure.net.serve("echo.example", 8010, Transport::tcp, [] { return std::make_unique<test::FakeServer>(); });
    secure.context().negotiation_seconds = 10;
    secure.begin_tls(4);
    secure.pass(9s);
    EXPECT_TRUE(secure.events.events.empty());
    EXPECT_EQ(secure.state(4), 1);
    secure.pass(1s);
    EXPECT_EQ(secure.events.take<SocketOpened>().at(0).fault, Fault::timed_out);
    EXPECT_EQ(secure.net.open_connections(), 0);
}

TEST(TlsSocket, PeerThatSpeaksNoTls) {
    struct Plain final : test::FakeServer {
        void on_bytes(test::FakePeer& peer, BytesView) override { peer.send("HTTP/1.0 400 Bad Request\r\n\r\n"); }
    };
    struct Shut final : test::FakeServer {
        void on_bytes(test::FakePeer& peer, BytesView) override { peer.close(); }
    };
    Secure secure;
    secure.net.serve("echo.example", 8010, Transport::tcp, [] { return std::make_unique<Plain>(); });
    EXPECT_EQ(secure.open_tls(4), Fault::handshake_failed);
    EXPECT_NE(secure.cause(4), "");
    secure.net.serve("echo.example", 8010, Transport::tcp, [] { return std::make_unique<Shut>(); });
    EXPECT_EQ(secure.open_tls(5), Fault::handshake_failed);
    EXPECT_NE(secure.cause(5), "");
    EXPECT_EQ(secure.net.open_connections(), 0);
}

TEST(TlsSocket, FilesAreReadAtTheHandshake) {
    Secure secure;
    secure.context().security_level = 1;
    EXPECT_EQ(secure.open_tls(4), Fault::server_certificate);
    EXPECT_EQ(secure.log.entries.back().fields.at("code"), "trusted_missing");
    secure.authenticate();
    EXPECT_EQ(secure.open_tls(5), Fault::none) << secure.cause(5);
}

TEST(TlsSocket, TheModulesClockJudges) {
    Secure secure({.identity = &Pki::get().expired});
    secure.authenticate();
    secure.context().ignore_clock = false;
    EXPECT_EQ(secure.open_tls(4), Fault::server_certificate);
    EXPECT_THAT(secure.cause(4), HasSubstr("expired"));
    secure.modem.clock.set(day(2022, 1, 1), 0, "AT+CCLK");
    EXPECT_EQ(secure.open_tls(5), Fault::none) << secure.cause(5);
}

TEST(TlsSocket, ServerAsksForACertificate) {
    Secure secure({.demand_client_certificate = true});
    secure.authenticate();
    secure.context().security_level = 2;
    EXPECT_EQ(secure.open_tls(4), Fault::own_credentials);
    secure.ufs.put("cert.pem", Pki::get().client.certificate);
    secure.ufs.put("key.pem", Pki::get().client.key);
    secure.context().certificate_file = "cert.pem";
    secure.context().key_file = "key.pem";
    EXPECT_EQ(secure.open_tls(5), Fault::none) << secure.cause(5);
    EXPECT_EQ(secure.peer().tls.client_subject(), "modem");
}

TEST(TlsSocket, SessionsAreResumed) {
    auto server = std::make_shared<test::PeerContext>(test::PeerOptions{.tickets = true, .session_ids = true});
    Secure secure;
    secure.net.serve("echo.example", 8010, Transport::tcp,
                     [server] { return std::make_unique<test::FakeTlsServer>(*server); });
    secure.context().session_cache = true;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    EXPECT_FALSE(secure.peer().tls.resumed());
    secure.modem.sockets.close(4, 10s);
    secure.settle();
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    EXPECT_TRUE(secure.peer().tls.resumed());
    EXPECT_EQ(secure.log.entries.back().fields.at("resumed"), "yes");
    secure.context().session_cache = false;
    ASSERT_EQ(secure.open_tls(5), Fault::none);
    EXPECT_FALSE(secure.peer().tls.resumed());
}

TEST(TlsSocket, KeyLog) {
    Secure secure;
    std::vector<std::string> lines;
    secure.modem.sockets.key_log = [&](std::string_view line) { lines.emplace_back(line); };
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    EXPECT_EQ(lines, secure.peer().tls.key_log());
}

TEST(TlsSocket, HostClosesWhileThePeerFloods) {
    Secure secure;
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    secure.peer().send(pattern(300000));
    secure.settle();
    secure.modem.sockets.close(4, 10s);
    secure.settle();
    EXPECT_EQ(secure.closed_here_events(), 1U);
    EXPECT_TRUE(secure.peer().tls.client_closed());
}

TEST(TlsSocket, QuietOnesGiveTheirMemoryBackAndGoOn) {
    Secure secure({.echo = true});
    ASSERT_EQ(secure.open_tls(4), Fault::none);
    EXPECT_TRUE(secure.timers.next_deadline().has_value());
    secure.pass(10s);
    EXPECT_FALSE(secure.timers.next_deadline().has_value()) << "an idle socket costs no timer";
    EXPECT_EQ(secure.send(4, "still here"), "all");
    EXPECT_EQ(secure.read_all(4), "still here");
}

// --- DTLS ---------------------------------------------------------------------------------------------------------

TEST(DtlsSocket, EchoesDatagrams) {
    Secure secure({.datagram = true, .echo = true});
    ASSERT_EQ(secure.open_tls(4), Fault::none) << secure.cause(4);
    EXPECT_TRUE(secure.log.says("open: DTLS 1.2"));
    EXPECT_EQ(secure.send(4, "one"), "all");
    EXPECT_EQ(secure.send(4, "two"), "all");
    EXPECT_EQ(secure.modem.sockets.read(4, 1500), "one");
    EXPECT_EQ(secure.modem.sockets.read(4, 1500), "two");
    secure.modem.sockets.close(4, 10s);
    secure.settle();
    EXPECT_EQ(secure.closed_here_events(), 1U);
    EXPECT_EQ(secure.net.open_connections(), 0);
    EXPECT_TRUE(secure.peer().tls.client_closed());
}

TEST(DtlsSocket, PreSharedKey) {
    Secure secure({.datagram = true, .psk_identity = "Client_1", .psk_key = "\x1a\x2b\x3c\x4d", .ciphers = "PSK"});
    EXPECT_EQ(secure.open_tls(4), Fault::no_common_suite);
    secure.ufs.put("1_server.psk", "Client_1&1a2b3c4d");
    EXPECT_EQ(secure.open_tls(5), Fault::none) << secure.cause(5);
    secure.ufs.put("1_server.psk", "Client_1");
    EXPECT_EQ(secure.open_tls(6), Fault::own_credentials);
    EXPECT_EQ(secure.log.entries.back().fields.at("code"), "psk_malformed");
}

TEST(DtlsSocket, LostFlightsAreRepeated) {
    struct Lossy final : test::FakeTlsServer {
        explicit Lossy(test::PeerOptions options) : FakeTlsServer(std::move(options)) {}
        void on_bytes(test::FakePeer& peer, BytesView octets) override {
            if (lost_++ < 2) return;
            FakeTlsServer::on_bytes(peer, octets);
        }
        int lost_ = 0;
    };
    Secure secure;
    secure.context().datagram = true;
    secure.net.serve("echo.example", 8010, Transport::udp,
                     [] { return std::make_unique<Lossy>(test::PeerOptions{.datagram = true}); });
    secure.begin_tls(4);
    secure.settle();
    EXPECT_TRUE(secure.events.events.empty());
    secure.pass(30s);
    EXPECT_EQ(secure.events.take<SocketOpened>().at(0).fault, Fault::none) << secure.cause(4);
}

TEST(DtlsSocket, NobodyThere) {
    Secure secure;
    secure.context().datagram = true;
    secure.context().negotiation_seconds = 30;
    secure.begin_tls(4);
    secure.pass(29s);
    EXPECT_TRUE(secure.events.events.empty());
    secure.pass(1s);
    EXPECT_EQ(secure.events.take<SocketOpened>().at(0).fault, Fault::timed_out);
}

}  // namespace
}  // namespace atls::modem
