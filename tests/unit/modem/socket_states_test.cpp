// Every (state, event) pair of a socket's life, with a network that says anything at any time.
#include "unit/modem/device.hpp"

namespace atls::modem {
namespace {

/// Does nothing by itself; the test calls back through `user` and `resolved`.
class PuppetNet final : public Net {
public:
    class Wire final : public Connection {
    public:
        explicit Wire(PuppetNet& net) : net_(net) { ++net_.connections; }
        ~Wire() override { --net_.connections; }
        Wire(const Wire&) = delete;
        Wire& operator=(const Wire&) = delete;
        std::size_t write(BytesView octets) override { return octets.size(); }
        ReadResult read(std::span<char>) override { return {net_.at_end ? Read::end : Read::nothing_now, 0}; }
        void shut_down() override {}
        void reset() override {}
        [[nodiscard]] Endpoint local() const override { return {"10.0.0.1", 1234}; }

    private:
        PuppetNet& net_;
    };
    std::unique_ptr<Connection> connect(Transport, const Endpoint&, std::uint16_t, ConnectionUser& who) override {
        user = &who;
        return std::make_unique<Wire>(*this);
    }
    Result<std::unique_ptr<Listener>, NetFailure> listen(const Endpoint&, ListenerUser&) override {
        return NetFailure{};
    }
    Result<std::unique_ptr<DatagramSocket>, NetFailure> bind(const Endpoint&, DatagramUser&) override {
        return NetFailure{};
    }
    std::unique_ptr<Operation> resolve(const std::string&, const std::vector<std::string>&,
                                       std::function<void(Result<Resolved, NetFailure>)> done) override {
        resolved = std::move(done);
        return std::make_unique<Operation>();
    }
    std::unique_ptr<Operation> ping(const std::string&, std::size_t, Duration,
                                    std::function<void(Result<PingEcho, NetFailure>)>) override {
        return nullptr;
    }

    ConnectionUser* user = nullptr;
    std::function<void(Result<Resolved, NetFailure>)> resolved;
    bool at_end = false;
    int connections = 0;
};

enum class Start { resolving, connecting, handshaking, open, closing, peer_closed, failed };
enum class Happening {
    resolved_not,
    connected,
    connect_failed,
    readable,
    writable,
    broken,
    time_passes,
    host_closes,
    host_closes_at_once,
    host_opens_again,
    context_lost,
    context_dropped,
    reset_by_request,
    data_calls,
};

/// What the host sees afterwards.
struct After {
    int state = 0;              ///< QISTATE's number; -1: the id is free
    std::vector<int> events{};  ///< indices into Event, in order
};

struct Puppet {
    Puppet() {
        modem.listen(&events);
        modem.contexts.activate(1);
        settle();
        events.events.clear();
    }
    void settle() { timers.advance(timers.now()); }

    void bring_to(Start start) {
        const bool tls = start == Start::handshaking;
        modem.sockets.open(
            {.id = 3, .kind = tls ? SocketKind::tls : SocketKind::tcp, .host = "echo.example", .port = 7});
        if (start == Start::resolving) return;
        if (start == Start::failed) {
            net.resolved(NetFailure{NetError::name_not_found, "not found"});
        } else {
            net.resolved(Resolved{{"192.0.2.1"}, 0});
        }
        if (start == Start::connecting || start == Start::failed) return;
        net.user->on_connected();
        if (start == Start::closing) modem.sockets.close(3, std::chrono::seconds{10});
        if (start != Start::peer_closed) return;
        net.at_end = true;
        net.user->on_readable();
    }

    void make(Happening what) {
        const NetFailure failure{NetError::reset, "broken"};
        switch (what) {
            case Happening::resolved_not:
                return net.resolved(NetFailure{NetError::name_not_found, "not found"});
            case Happening::connected:
                return net.user->on_connected();
            case Happening::connect_failed:
                return net.user->on_connect_failed(failure);
            case Happening::readable:
                return net.user->on_readable();
            case Happening::writable:
                return net.user->on_writable();
            case Happening::broken:
                return net.user->on_broken(failure);
            case Happening::time_passes:
                return timers.advance(timers.now() + std::chrono::seconds{400});
            case Happening::host_closes:
                return modem.sockets.close(3, std::chrono::seconds{10});
            case Happening::host_closes_at_once:
                return modem.sockets.close(3, std::chrono::seconds{0});
            case Happening::host_opens_again:
                return modem.sockets.open({.id = 3, .host = "echo.example", .port = 7});
            case Happening::context_lost:
                return modem.sockets.context_gone(1, true);
            case Happening::context_dropped:
                return modem.sockets.context_gone(1, false);
            case Happening::reset_by_request:
                return modem.sockets.reset_by_peer(3);
            case Happening::data_calls:
                EXPECT_EQ(modem.sockets.read(3, 100), "");
                modem.sockets.send(3, "x");
                modem.sockets.stream(3, "x");
                EXPECT_TRUE(modem.sockets.info(3).has_value());
                return;
        }
    }

    int state() {
        const auto info = modem.sockets.info(3);
        return info ? static_cast<int>(info->state) : -1;
    }

    Timers timers;
    PuppetNet net;
    test::FakeFiles files;
    test::MemoryLog log;
    Recorder events;
    Modem modem{{test_profile(), identity_from(1), day(2025, 6, 1), 0}, {net, files, files, timers, log}};
};

template <class E>
constexpr int kind() {
    return static_cast<int>(Event(E{}).index());
}

void expect(Start start, Happening what, const After& after) {
    SCOPED_TRACE("state " + std::to_string(static_cast<int>(start)) + ", event " +
                 std::to_string(static_cast<int>(what)));
    Puppet puppet;
    puppet.bring_to(start);
    puppet.settle();
    puppet.events.events.clear();
    puppet.make(what);
    if (what != Happening::time_passes) {
        EXPECT_TRUE(puppet.events.events.empty()) << "from inside the call";
    }
    puppet.settle();
    EXPECT_EQ(puppet.state(), after.state);
    std::vector<int> seen;
    for (const Event& event : puppet.events.events) seen.push_back(static_cast<int>(event.index()));
    EXPECT_EQ(seen, after.events);
    // Whatever happened, it can be closed, and nothing is left behind.
    puppet.modem.sockets.close(3, std::chrono::seconds{0});
    puppet.settle();
    EXPECT_EQ(puppet.state(), -1);
    EXPECT_EQ(puppet.net.connections, 0);
    puppet.events.events.clear();
    puppet.timers.advance(puppet.timers.now() + std::chrono::hours{1});
    EXPECT_TRUE(puppet.events.events.empty());
}

const int opened = kind<SocketOpened>();
const int closed = kind<SocketClosed>();
const int closed_here = kind<SocketClosedHere>();

TEST(SocketStates, Resolving) {
    const Start here = Start::resolving;
    expect(here, Happening::resolved_not, {4, {opened}});
    expect(here, Happening::time_passes, {4, {opened}});
    expect(here, Happening::host_closes, {-1, {closed_here}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {1, {opened}});
    expect(here, Happening::context_lost, {4, {opened}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {1, {}});
    expect(here, Happening::data_calls, {1, {}});
}

TEST(SocketStates, Connecting) {
    const Start here = Start::connecting;
    expect(here, Happening::connected, {2, {opened}});
    expect(here, Happening::connect_failed, {4, {opened}});
    expect(here, Happening::readable, {1, {}});
    expect(here, Happening::writable, {1, {}});
    expect(here, Happening::broken, {4, {opened}});
    expect(here, Happening::time_passes, {4, {opened}});
    expect(here, Happening::host_closes, {-1, {closed_here}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {1, {opened}});
    expect(here, Happening::context_lost, {4, {opened}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {4, {opened}});
    expect(here, Happening::data_calls, {1, {}});
}

TEST(SocketStates, Handshaking) {
    const Start here = Start::handshaking;
    expect(here, Happening::connected, {1, {}});
    expect(here, Happening::connect_failed, {1, {}});
    expect(here, Happening::readable, {1, {}});
    expect(here, Happening::writable, {1, {}});
    expect(here, Happening::broken, {4, {opened}});
    expect(here, Happening::time_passes, {4, {opened}});
    expect(here, Happening::host_closes, {-1, {closed_here}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {1, {opened}});
    expect(here, Happening::context_lost, {4, {opened}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {4, {opened}});
    expect(here, Happening::data_calls, {1, {}});
}

TEST(SocketStates, Open) {
    const Start here = Start::open;
    expect(here, Happening::connected, {2, {}});
    expect(here, Happening::connect_failed, {2, {}});
    expect(here, Happening::readable, {2, {}});
    expect(here, Happening::writable, {2, {}});
    expect(here, Happening::broken, {4, {closed}});
    expect(here, Happening::time_passes, {2, {}});
    expect(here, Happening::host_closes, {4, {}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {2, {opened}});
    expect(here, Happening::context_lost, {4, {closed}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {4, {closed}});
    expect(here, Happening::data_calls, {2, {}});
}

TEST(SocketStates, Closing) {
    const Start here = Start::closing;
    expect(here, Happening::connected, {4, {}});
    expect(here, Happening::connect_failed, {4, {}});
    expect(here, Happening::readable, {4, {}});
    expect(here, Happening::writable, {4, {}});
    expect(here, Happening::broken, {-1, {closed_here}});
    expect(here, Happening::time_passes, {-1, {closed_here}});
    expect(here, Happening::host_closes, {4, {}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {4, {opened}});
    expect(here, Happening::context_lost, {-1, {closed_here}});
    expect(here, Happening::context_dropped, {-1, {closed_here}});
    expect(here, Happening::reset_by_request, {-1, {closed_here}});
    expect(here, Happening::data_calls, {4, {}});
}

TEST(SocketStates, PeerClosed) {
    const Start here = Start::peer_closed;
    expect(here, Happening::connected, {4, {}});
    expect(here, Happening::connect_failed, {4, {}});
    expect(here, Happening::readable, {4, {}});
    expect(here, Happening::writable, {4, {}});
    expect(here, Happening::broken, {4, {}});
    expect(here, Happening::time_passes, {4, {}});
    expect(here, Happening::host_closes, {-1, {closed_here}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {4, {opened}});
    expect(here, Happening::context_lost, {4, {}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {4, {}});
    expect(here, Happening::data_calls, {4, {}});
}

TEST(SocketStates, Failed) {
    const Start here = Start::failed;
    expect(here, Happening::time_passes, {4, {}});
    expect(here, Happening::host_closes, {-1, {closed_here}});
    expect(here, Happening::host_closes_at_once, {-1, {closed_here}});
    expect(here, Happening::host_opens_again, {4, {opened}});
    expect(here, Happening::context_lost, {4, {}});
    expect(here, Happening::context_dropped, {-1, {}});
    expect(here, Happening::reset_by_request, {4, {}});
    expect(here, Happening::data_calls, {4, {}});
}

}  // namespace
}  // namespace atls::modem
