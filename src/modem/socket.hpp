// One socket: its life from open to close, its buffers, and what it tells the host when.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "modem/data_queue.hpp"
#include "modem/sockets.hpp"
#include "modem/wire.hpp"

namespace atls::modem {

class Socket final : private ConnectionUser, private ListenerUser, private DatagramUser {
public:
    Socket(Sockets& owner, const OpenRequest& request, std::uint64_t serial);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void start();
    /// Takes the caller that `listener` has just announced; false: it went meanwhile.
    bool take_caller(Listener& listener);
    void close(std::chrono::milliseconds timeout, std::optional<PortId> report = {});
    /// See Sockets::secure().
    bool secure(int ssl_context);
    /// The network dropped its context.
    void context_lost();
    /// The host dropped its context: it will be destroyed without a word, except to a port that waits.
    void leave();
    /// As if the peer had reset it.
    void break_now(const NetFailure& failure);

    [[nodiscard]] Fault can_send() const;
    Sockets::SendResult send(BytesView octets);
    Fault deliver(BytesView octets, std::chrono::seconds timeout);
    [[nodiscard]] Fault can_send_to() const;
    Sockets::SendResult send_to(const Endpoint& to, BytesView datagram);
    [[nodiscard]] std::size_t room() const;
    [[nodiscard]] std::optional<Endpoint> sender() const;
    void set_care(const TcpCare& care);
    enum class Limit { buffer, none };
    std::size_t stream(BytesView octets, Limit limit);
    [[nodiscard]] Fault can_read() const;
    Bytes read(std::size_t most);
    Fault set_mode(AccessMode mode, PortId port);
    /// The peer has gone and the module keeps no state for it: the id is free, what was received can still be read.
    void release();

    [[nodiscard]] SocketInfo info() const;
    [[nodiscard]] ReceiveCount received() const;
    [[nodiscard]] SendCount sent() const;

    [[nodiscard]] const OpenRequest& request() const { return request_; }
    [[nodiscard]] std::uint64_t serial() const { return serial_; }
    [[nodiscard]] bool holds_id() const;
    [[nodiscard]] bool gone() const;
    [[nodiscard]] bool connected() const;
    [[nodiscard]] bool opening() const;
    [[nodiscard]] std::size_t readable() const { return inbox_.size(); }
    /// The peer's end was an orderly one.
    [[nodiscard]] bool ended_in_order() const { return ended_in_order_; }
    /// SocketReadable goes out now, if there is still something to read.
    bool take_announcement();
    [[nodiscard]] std::optional<PortId> report_close_to() const { return report_close_to_; }
    /// When it last entered transparent mode, as a count over all of the modem's sockets; 0: never.
    [[nodiscard]] std::uint64_t made_transparent() const { return made_transparent_; }
    [[nodiscard]] PortId transparent_port() const { return transparent_port_; }

private:
    struct Resolving {
        std::unique_ptr<Operation> query;
    };
    struct Connecting {
        std::unique_ptr<Connection> connection;
        std::vector<std::string> others;  ///< addresses to try next
    };
    struct Handshaking {
        Wire wire;
        Timers::Handle retransmission;
    };
    /// What Sockets::deliver() was given and the network has not taken.
    struct Delivery {
        Bytes waiting;  ///< has no room yet
        Timers::Handle overdue;
    };
    struct Open {
        Wire wire;
        bool stalled = false;      ///< the receive buffer is full
        bool room_wanted = false;  ///< stream() took less than all
        bool busy = false;         ///< traffic since the last look at memory
        Bytes packet{};            ///< transparent UDP: the datagram that is being gathered
        Timers::Handle packet_due{};
        std::optional<Delivery> delivery{};
    };
    /// Waits for callers.
    struct Listening {
        std::unique_ptr<Listener> listener;
    };
    /// A UDP service: datagrams from and to anybody.
    struct Serving {
        std::unique_ptr<DatagramSocket> wire;
        std::deque<Endpoint> senders{};  ///< of the datagrams in the inbox
        bool stalled = false;            ///< the receive buffer is full
    };
    /// The host closes: waiting for the peer's end.
    struct Closing {
        Wire wire;
        bool peer_ended = false;
    };
    /// The peer has closed, the host not yet.
    struct PeerClosed {
        Wire wire;
    };
    /// Never opened, or broken; keeps the id until the host closes it.
    struct Failed {};
    struct Gone {};

    struct Connected {};
    struct ConnectFailed {
        const NetFailure& failure;
    };
    struct Readable {};
    struct Writable {};
    struct Broken {
        const NetFailure& failure;
    };
    struct TimedOut {};
    struct RetransmissionDue {};
    struct HostCloses {
        std::chrono::milliseconds timeout;
    };
    struct ContextLost {};

    // ConnectionUser
    void on_connected() override;
    void on_connect_failed(const NetFailure& failure) override;
    void on_readable() override;
    void on_writable() override;
    void on_broken(const NetFailure& failure) override;
    // ListenerUser, DatagramUser
    void on_incoming(const Endpoint& peer) override;
    void on_datagram() override;

    template <class E>
    void dispatch(const E& event) {
        std::visit([&](auto& state) { on(state, event); }, state_);
    }
    /// Events that mean nothing in a state.
    template <class S, class E>
    void on(S&, const E&) {}

    void on(Resolving&, const TimedOut&);
    void on(Connecting&, const Connected&);
    void on(Connecting&, const ConnectFailed& event);
    void on(Connecting&, const Broken& event);
    void on(Connecting&, const TimedOut&);
    void on(Handshaking& state, const Readable&);
    void on(Handshaking& state, const Writable&);
    void on(Handshaking&, const Broken& event);
    void on(Handshaking&, const TimedOut&);
    void on(Handshaking& state, const RetransmissionDue&);
    void on(Open&, const Readable&);
    void on(Open& state, const Writable&);
    void on(Open& state, const Broken& event);
    void on(Open& state, const TimedOut&);
    void on(Closing& state, const Readable&);
    void on(Closing& state, const Writable&);
    void on(Closing&, const Broken&);
    void on(Closing& state, const TimedOut&);
    void on(PeerClosed& state, const Writable&);
    void on(PeerClosed& state, const Broken&);

    void on(Resolving&, const HostCloses&) { abandon(); }
    void on(Connecting&, const HostCloses&) { abandon(); }
    void on(Handshaking&, const HostCloses&) { abandon(); }
    void on(Open& state, const HostCloses& event);
    void on(Closing& state, const HostCloses& event);
    void on(PeerClosed& state, const HostCloses& event);
    void on(Failed&, const HostCloses&) { finish(); }
    void on(Listening&, const HostCloses&) { finish(); }
    void on(Serving&, const HostCloses&) { finish(); }

    void on(Resolving&, const ContextLost&) { fail_for_context(); }
    void on(Connecting&, const ContextLost&) { fail_for_context(); }
    void on(Handshaking&, const ContextLost&) { fail_for_context(); }
    void on(Open&, const ContextLost&) { end_for_context(); }
    void on(Listening&, const ContextLost&) { end_for_context(); }
    void on(Serving&, const ContextLost&) { end_for_context(); }
    void on(Closing&, const ContextLost&) { finish(); }
    void on(PeerClosed& state, const ContextLost&) { state.wire.drop(); }

    // servers
    void start_listening();
    void start_serving();
    void fail_to_bind(const NetFailure& failure);
    [[nodiscard]] Endpoint any_address() const;
    void take_in_datagrams(Serving& state);
    Bytes read_datagrams(Serving& state, std::size_t most);
    // opening
    void resolved(const Result<Resolved, NetFailure>& result);
    void connect(std::vector<std::string> addresses);
    void connect_failed(std::vector<std::string> others, const NetFailure& failure);
    void begin_handshake(std::unique_ptr<Connection> connection);
    void go_on_with_handshake(Wire::Input input);
    void opened(Wire wire);
    void enter_open(Wire wire);
    void log_open(const Open& state);
    void log_progress(int level, std::string_view text) const;
    void keep_session(const tls::Client& client);
    [[nodiscard]] std::string explained(const tls::Failure& failure) const;
    void fail(Fault fault, std::string_view code, const std::string& cause);
    void fail_for_context();
    void end_for_context();
    void abandon();
    void tell_waiting_port();
    // open
    void take_in();
    void settle(Wire::Input input);
    void peer_ended(Wire wire);
    void post_readable();
    void signal_room(Open& state);
    void advance_delivery(Open& state);
    void end_delivery(Fault fault);
    void mark_busy(Open& state);
    Wire::Input receive(Open& state);
    void gather(Open& state, BytesView octets);
    void send_packet(Open& state);
    // closing
    void close_gracefully(Wire wire, std::chrono::milliseconds timeout, bool peer_ended);
    void look_whether_closed(Closing& state);
    void finish();

    void set_timer(Duration delay);
    void remember_cause(Level level, const std::string& what, std::string_view code, const std::string& cause);
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool datagrams() const { return transport_ == Transport::udp; }
    [[nodiscard]] Time now() const { return owner_.timers_.now(); }
    [[nodiscard]] std::size_t free_to_send(const Wire& wire) const;

    Sockets& owner_;
    const std::uint64_t serial_;
    OpenRequest request_;
    std::string remote_ip_;
    Transport transport_;
    std::uint16_t local_port_ = 0;
    PortId transparent_port_ = 0;
    bool ended_in_order_ = false;
    bool was_open_ = false;
    bool announced_ = false;  ///< SocketReadable was posted, the buffer was not empty since
    bool posted_ = false;     ///< and has not gone out yet
    bool released_ = false;
    std::optional<PortId> report_close_to_;
    std::uint64_t made_transparent_ = 0;
    std::uint64_t total_received_ = 0;
    std::uint64_t total_sent_ = 0;
    DataQueue inbox_;
    /// Resolving, Connecting: the network's time. Handshaking: negotiation. Open: memory. Closing: the peer's time.
    Timers::Handle timer_;
    std::variant<Gone, Resolving, Connecting, Handshaking, Open, Listening, Serving, Closing, PeerClosed, Failed>
        state_;
};

}  // namespace atls::modem
