// TCP, UDP and TLS sockets of one modem: one space of ids, one life cycle, buffers with back-pressure.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "modem/clock.hpp"
#include "modem/events.hpp"
#include "modem/next_turn.hpp"
#include "modem/outside.hpp"
#include "modem/pdp.hpp"
#include "modem/profile.hpp"
#include "modem/ssl_context.hpp"

namespace atls::modem {

struct OpenRequest {
    int id = 0;
    int context = 1;
    SocketKind kind = SocketKind::tcp;
    std::string host{};
    std::uint16_t port = 0;
    std::uint16_t local_port = 0;  ///< 0: any
    AccessMode mode = AccessMode::buffer;
    PortId owner = 0;                        ///< the AT port that asked
    int ssl_context = 0;                     ///< SocketKind::tls
    std::chrono::seconds network_time{150};  ///< for resolving and connecting together
    bool one_time_for_all = false;           ///< network_time covers the negotiation too
    int most_incoming = 11;                  ///< SocketKind::tcp_listener: connections at once
    int listener = -1;                       ///< SocketKind::tcp_incoming: the id of the listener
};

/// What the host sets for all sockets of a modem.
struct SocketOptions {
    bool accept_incoming = true;
    bool close_with_peer = false;      ///< a TCP peer that closes frees the id at once
    bool datagrams_as_stream = false;  ///< a read goes on over datagrams of one sender
    /// Transparent UDP: a datagram is sent when it has so many octets, or so long after its first.
    std::size_t packet_octets = 1024;
    Duration packet_wait = std::chrono::milliseconds(200);
    std::map<int, Bytes> ignored;  ///< by id: what is dropped when it arrives by itself
};

/// QISTATE's numbers.
enum class SocketState : std::uint8_t { initial = 0, opening = 1, connected = 2, listening = 3, closing = 4 };

struct SocketInfo {
    int id = 0;
    SocketKind kind = SocketKind::tcp;
    std::string remote_ip;  ///< resolved; the host as given until then
    std::uint16_t remote_port = 0;
    std::uint16_t local_port = 0;
    SocketState state = SocketState::initial;
    int context = 1;
    AccessMode mode = AccessMode::buffer;
    PortId owner = 0;
    int ssl_context = 0;
    int listener = -1;  ///< SocketKind::tcp_incoming
};

struct ReceiveCount {
    std::uint64_t total = 0;
    std::uint64_t read = 0;
    std::uint64_t unread = 0;
};
struct SendCount {
    std::uint64_t total = 0;
    std::uint64_t acknowledged = 0;  ///< taken by the host's network stack
    std::uint64_t pending = 0;
};

class Socket;  // sockets' inner life: socket.hpp

class Sockets {
public:
    Sockets(const Profile& profile, Contexts& contexts, std::map<int, SslContext>& ssl_contexts, Clock& clock, Net& net,
            Files& ufs, Timers& timers, EventSink& events, Log& log);
    ~Sockets();

    /// SocketOpened follows always, never from inside the call; its fault says what went wrong (id_in_use leaves the
    /// socket that has the id untouched). A failed one keeps its id (state closing) if the profile says so and the mode
    /// is not transparent.
    void open(const OpenRequest& request);

    enum class Sent : std::uint8_t { all, no_room, fault };
    struct SendResult {
        Sent outcome = Sent::all;
        Fault fault = Fault::none;  ///< for Sent::fault: peer_closed, not_allowed …
    };
    /// All of it or nothing.
    SendResult send(int id, BytesView octets);
    /// Whether send() may be tried at all: none, or the fault that the host's command answers.
    [[nodiscard]] Fault can_send(int id) const;
    /// As send(), but what has no room yet waits for it. SocketDelivered follows: once the network's stack has taken
    /// all that was sent so far, or, with timed_out, after `timeout`; what still waits then is dropped. busy: an
    /// earlier one is under way.
    Fault deliver(int id, BytesView octets, std::chrono::seconds timeout);
    /// The same for a UDP service, whose datagrams need an address.
    SendResult send_to(int id, const Endpoint& to, BytesView datagram);
    [[nodiscard]] Fault can_send_to(int id) const;
    /// What a send could take now.
    [[nodiscard]] std::size_t room(int id) const;
    /// Sends `octets` once in each `period` while `id` is connected; none: no longer.
    void send_every(int id, std::chrono::seconds period, Bytes octets);

    /// Transparent mode: takes what fits and returns how many; less than all: SocketWritable follows. On a socket that
    /// is no longer connected it takes all and drops it: its end is announced, nothing would ever make room.
    std::size_t stream(int id, BytesView octets);
    /// The same beyond the buffer's size, for the last of a stream; its sender waits no more.
    void stream_all(int id, BytesView octets);

    /// At most `most` octets of what was received (UDP, DTLS: of one datagram; its rest comes with the next read).
    /// Reading makes room, so the peer may go on.
    Bytes read(int id, std::size_t most);
    [[nodiscard]] std::size_t readable(int id) const;
    /// Who sent what the next read() gives; nullopt: no UDP service, or nothing there.
    [[nodiscard]] std::optional<Endpoint> sender(int id) const;
    /// As info(), also of one that gave its id back and has data left.
    [[nodiscard]] std::optional<SocketInfo> data_info(int id) const;
    /// Buffer-mode reading allowed on this id? none, or not_allowed.
    [[nodiscard]] Fault can_read(int id) const;
    [[nodiscard]] ReceiveCount received(int id) const;
    [[nodiscard]] SendCount sent(int id) const;

    /// Ends it: close_notify, FIN, then at most `timeout` for the peer; at the timeout it is forced. SocketClosedHere
    /// follows, also for an id that is not open. A socket still opening is abandoned: no SocketOpened follows, except
    /// for transparent mode, where a port waits for it: cancelled. `timeout` 0: nothing is waited for. A datagram
    /// socket never waits.
    /// `report`: the port that SocketClosedHere is for. A listener's connections live on.
    void close(int id, std::chrono::milliseconds timeout, std::optional<PortId> report = {});

    /// QISWTMD, ATO, +++: changes the mode; transparent makes `port` the owner. not_allowed: not connected (state 2),
    /// or another port holds it in transparent mode. Data that waits is announced again in the new mode.
    Fault set_mode(int id, AccessMode mode, PortId port);
    /// The id that `port` most lately held in transparent mode and that is still connected; nullopt: none.
    [[nodiscard]] std::optional<int> latest_transparent(PortId port) const;
    /// The port that holds `id` in transparent mode now.
    [[nodiscard]] std::optional<PortId> held_by(int id) const;

    [[nodiscard]] bool exists(int id) const;
    [[nodiscard]] std::optional<SocketInfo> info(int id) const;
    [[nodiscard]] std::vector<SocketInfo> all() const;
    /// Why it failed or closed, in words; empty: no reason. For logs, consoles and control.
    [[nodiscard]] std::string cause(int id) const;

    /// `lost`: SocketClosed for each that was open, SocketOpened (context_lost) for each still opening. Otherwise all
    /// are freed silently, but a port that waits for a transparent open hears SocketOpened (cancelled).
    void context_gone(int context, bool lost);
    /// Control: the connection breaks as if the peer had sent RST.
    void reset_by_peer(int id);
    /// Control: the next TLS open of `id` fails from within (Fault::internal).
    void fail_next_open(int id) { failing_.insert(id); }
    /// Power off: everything goes, silently, options too.
    void drop_all();

    /// A connection that a service of the module (HTTP, mail) has for itself, under an id that no host can name: what
    /// happens to it is told to `user`, who outlives its use.
    void serve(int id, EventSink& user) { services_[id] = &user; }
    static constexpr int first_service = 1000;
    /// TLS from here on, over a TCP connection that is open and has nothing unread (STARTTLS). SocketOpened follows
    /// again. False: it is not like that.
    bool secure(int id, int ssl_context);

    SocketOptions options;
    /// For all TCP connections, those that are open too.
    void set_care(const TcpCare& care);

    /// NSS key log lines of every TLS connection; empty: none.
    std::function<void(std::string_view)> key_log;
    /// Called when something goes out or comes in; empty: nobody counts.
    std::function<void()> on_traffic;

private:
    friend class Socket;
    [[nodiscard]] Socket* find(int id) const;       ///< of those that hold their id
    [[nodiscard]] Socket* find_data(int id) const;  ///< also one that gave its id back and has data left
    [[nodiscard]] Socket* by_serial(std::uint64_t serial) const;
    void remove(std::uint64_t serial);
    void make_room_for(int id);
    void raise(Event event);
    /// To the service that has this id, or to all the world.
    void tell(int id, const Event& event) const;
    /// A listener has a caller: a new socket takes it, or it is refused.
    void incoming(const Socket& listening, Listener& listener, const Endpoint& peer);
    [[nodiscard]] std::optional<int> free_id() const;
    [[nodiscard]] int incoming_of(int listener) const;
    void send_again(int id);
    void traffic() const {
        if (on_traffic) on_traffic();
    }

    // What a Socket has to say, said in the next turn; nothing if the host has closed it by then.
    void post_opened(const Socket& socket, Fault fault);
    void post_readable(const Socket& socket);
    void post_writable(const Socket& socket);
    void post_closed(const Socket& socket, bool by_context);
    void post_closed_here(const Socket& socket);
    void post_incoming(const Socket& socket);
    void deliver_opened(std::uint64_t serial, Fault fault);
    void deliver_readable(std::uint64_t serial);
    void deliver_closed(std::uint64_t serial, bool by_context);

    const Profile& profile_;
    Contexts& contexts_;
    std::map<int, SslContext>& ssl_contexts_;
    Clock& clock_;
    Net& net_;
    Files& ufs_;
    Timers& timers_;
    EventSink& events_;
    Log& log_;
    std::vector<std::unique_ptr<Socket>> sockets_;
    std::map<int, std::string> causes_;  ///< by id, of the latest socket that had it
    struct Repeated {
        std::chrono::seconds period{};
        Bytes octets;
        Timers::Handle timer;
    };
    std::map<int, Repeated> repeated_;  ///< by id
    std::set<int> failing_;             ///< ids whose next open fails by injection
    std::map<int, EventSink*> services_;
    TcpCare care_;
    std::uint64_t created_ = 0;
    std::uint64_t made_transparent_ = 0;
    NextTurn later_;
};

}  // namespace atls::modem
