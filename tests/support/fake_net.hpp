// A network in memory on the virtual clock: names, servers, pings. Everything arrives later, never from inside a call.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/timers.hpp"
#include "modem/outside.hpp"
#include "support/tls_peer.hpp"

namespace atls::test {

class FakePeer;

/// What a server does with one client; a new object for each. Subclass it for a script.
class FakeServer {
public:
    virtual ~FakeServer() = default;
    virtual void on_accept(FakePeer&) {}
    /// UDP: one datagram.
    virtual void on_bytes(FakePeer&, BytesView) {}
    /// The client's FIN, after all its octets.
    virtual void on_end(FakePeer& peer);
    virtual void on_reset(FakePeer&) {}
};

/// The server's end of a connection. Valid as long as the FakeNet is, whatever becomes of the client.
class FakePeer {
public:
    /// What the client does not take waits; UDP: one datagram, lost if too many wait.
    virtual void send(BytesView octets) = 0;
    virtual void close() = 0;  ///< FIN after what waits
    virtual void reset() = 0;
    /// While paused nothing is read: the client's writes fill the window and then fall short.
    virtual void pause(bool paused) = 0;
    [[nodiscard]] virtual std::size_t unsent() const = 0;  ///< sent octets that did not fit the window
    [[nodiscard]] virtual const Bytes& received() const = 0;
    [[nodiscard]] virtual bool ended() const = 0;      ///< the client's FIN was seen
    [[nodiscard]] virtual bool was_reset() const = 0;  ///< the client's RST was
    [[nodiscard]] virtual modem::Endpoint client() const = 0;
    /// What the modem asked its stack to do for this connection.
    [[nodiscard]] virtual const std::optional<modem::TcpCare>& care() const = 0;
    [[nodiscard]] virtual FakeServer& server() = 0;

protected:
    ~FakePeer() = default;
};

class EchoServer final : public FakeServer {
public:
    void on_bytes(FakePeer& peer, BytesView octets) override;
};

/// TLS or DTLS around a TlsPeer. Without `echo` in the options the plaintext is kept for the test.
class FakeTlsServer : public FakeServer {
public:
    explicit FakeTlsServer(PeerOptions options = {}) : tls(std::move(options)) {}
    explicit FakeTlsServer(const PeerContext& context) : tls(context) {}
    void on_accept(FakePeer& peer) override { peer_ = &peer; }
    void on_bytes(FakePeer& peer, BytesView octets) override;
    void on_end(FakePeer& peer) override;

    void send(BytesView plain);
    void close_notify();  ///< without FIN
    void flush();

    TlsPeer tls;
    Bytes plaintext;

private:
    FakePeer* peer_ = nullptr;
};

class FakeNet final : public modem::Net {
public:
    using MakeServer = std::function<std::unique_ptr<FakeServer>()>;

    explicit FakeNet(Timers& timers);
    ~FakeNet() override;

    // --- the world -----------------------------------------------------------------------------------------------
    /// One way, for everything that travels.
    void set_latency(Duration latency) { latency_ = latency; }
    /// Octets that travel or wait unread, each way, each connection.
    void set_window(std::size_t octets) { window_ = octets; }
    void add_name(const std::string& name, std::vector<std::string> addresses, std::uint32_t ttl_seconds = 300);
    void fail_name(const std::string& name, modem::NetError code) { name_faults_[name] = code; }
    /// Neither this name nor this address ever answers anything.
    void silence(const std::string& name_or_address) { silent_.insert(name_or_address); }
    void make_unreachable(const std::string& address) { unreachable_.insert(address); }
    /// Adds the name, with an address of its own, if it is none yet. Returns the address.
    std::string serve(const std::string& host, std::uint16_t port, modem::Transport transport, MakeServer make);
    std::string serve_echo(const std::string& host, std::uint16_t port, modem::Transport transport);
    std::string serve_tls(const std::string& host, std::uint16_t port, PeerOptions options);
    std::string serve_time(const std::string& host, std::function<WallTime()> utc, std::uint16_t port = 123);
    void stop_serving(const std::string& address, std::uint16_t port, modem::Transport transport);
    void set_ping(const std::string& address, Duration round_trip, int ttl) { pings_[address] = {round_trip, ttl}; }

    /// A peer at `from` calls the modem's TCP port, or, over UDP, is there to send to it (FakePeer::send()) and to be
    /// sent to. `server` is what it does then. A call that nobody takes has been reset.
    FakePeer& call(modem::Transport transport, const modem::Endpoint& from, std::uint16_t port,
                   std::unique_ptr<FakeServer> server);
    /// That local port is somebody else's.
    void occupy(std::uint16_t port) { occupied_.insert(port); }

    // --- what happened -------------------------------------------------------------------------------------------
    /// The server ends of all connections ever made, oldest first.
    [[nodiscard]] const std::vector<FakePeer*>& peers() const { return peers_; }
    [[nodiscard]] FakePeer& last_peer() const { return *peers_.back(); }
    [[nodiscard]] FakeTlsServer& last_tls() const { return dynamic_cast<FakeTlsServer&>(last_peer().server()); }
    [[nodiscard]] const std::vector<std::string>& name_servers_asked() const { return name_servers_asked_; }
    [[nodiscard]] int open_connections() const { return open_connections_; }  ///< that the modem holds

    // --- modem::Net ----------------------------------------------------------------------------------------------
    std::unique_ptr<modem::Connection> connect(modem::Transport transport, const modem::Endpoint& remote,
                                               std::uint16_t local_port, modem::ConnectionUser& user) override;
    Result<std::unique_ptr<modem::Listener>, modem::NetFailure> listen(const modem::Endpoint& local,
                                                                       modem::ListenerUser& user) override;
    Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> bind(const modem::Endpoint& local,
                                                                           modem::DatagramUser& user) override;
    std::unique_ptr<modem::Operation> resolve(
        const std::string& name, const std::vector<std::string>& servers,
        std::function<void(Result<modem::Resolved, modem::NetFailure>)> done) override;
    std::unique_ptr<modem::Operation> ping(
        const std::string& ip, std::size_t octets, Duration timeout,
        std::function<void(Result<modem::PingEcho, modem::NetFailure>)> done) override;

private:
    class Line;
    class Client;
    class Answer;
    class Listening;
    class Datagrams;
    struct Address {
        modem::Transport transport;
        std::string ip;
        std::uint16_t port;
        auto operator<=>(const Address&) const = default;  // NOLINT: clang-tidy 14 sees a 0 in it
    };
    void later(Duration delay, Timers::Action action);
    void ring(const std::shared_ptr<Line>& line);
    [[nodiscard]] bool taken(std::uint16_t port, bool datagrams) const;
    void establish(const std::shared_ptr<Line>& line);
    Result<modem::Resolved, modem::NetFailure> look_up(const std::string& name,
                                                       const std::vector<std::string>& servers) const;

    Timers& timers_;
    Duration latency_{};
    std::size_t window_ = 16384;
    std::map<std::string, modem::Resolved> names_;
    std::map<std::string, modem::NetError> name_faults_;
    std::set<std::string> silent_;
    std::set<std::string> unreachable_;
    std::map<Address, MakeServer> servers_;
    std::map<std::string, modem::PingEcho> pings_;
    std::map<std::uint16_t, Listening*> listening_;
    std::map<std::uint16_t, Datagrams*> bound_;
    std::set<std::uint16_t> occupied_;
    std::vector<std::shared_ptr<Line>> lines_;
    std::vector<FakePeer*> peers_;
    std::vector<std::string> name_servers_asked_;
    std::map<std::uint64_t, Timers::Handle> travelling_;
    std::uint64_t sent_off_ = 0;
    int open_connections_ = 0;
    int addresses_given_ = 0;
    std::uint16_t next_local_port_ = 49152;
};

}  // namespace atls::test
