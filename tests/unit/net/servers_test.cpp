// A listener and a UDP socket on loopback.
#include <cerrno>
#include <cstdio>
#include <fstream>

#include "net/net.hpp"
#include "unit/net/bench.hpp"

namespace atls::net {
namespace {

using modem::NetError;

/// Takes callers, or not.
class Host final : public modem::ListenerUser, public modem::DatagramUser {
public:
    void on_incoming(const modem::Endpoint& peer) override {
        peers.push_back(peer);
        if (at_incoming) return at_incoming();
        if (!takes) return;
        auto& user = users.emplace_back(std::make_unique<User>());
        user->connection = listener->accept(*user);
    }
    void on_datagram() override {
        std::array<char, 65536> buffer{};
        while (const auto got = datagrams->receive(buffer)) {
            received.emplace_back(got->from, Bytes(buffer.data(), got->count));
        }
    }

    bool takes = true;
    std::function<void()> at_incoming;
    std::vector<modem::Endpoint> peers;
    std::unique_ptr<modem::Listener> listener;
    std::vector<std::unique_ptr<User>> users;
    std::unique_ptr<modem::DatagramSocket> datagrams;
    std::vector<std::pair<modem::Endpoint, Bytes>> received;
};

class Servers : public testing::Test {
protected:
    void listen(const char* ip = "0.0.0.0") {
        auto listener = net->listen({ip, 0}, host);
        ASSERT_TRUE(listener) << listener.error().text;
        host.listener = std::move(*listener);
    }
    void bind(const char* ip = "0.0.0.0") {
        auto datagrams = net->bind({ip, 0}, host);
        ASSERT_TRUE(datagrams) << datagrams.error().text;
        host.datagrams = std::move(*datagrams);
    }
    static loop::Fd caller(std::uint16_t port) {
        const auto to = loop::SocketAddress::numeric("127.0.0.1", port);
        loop::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        EXPECT_TRUE(::connect(fd.get(), to->data(), to->size()) == 0 || errno == EINPROGRESS);
        return fd;
    }
    static void send_from(const Peer& peer, std::uint16_t port, const std::string& text) {
        const auto to = loop::SocketAddress::numeric("127.0.0.1", port);
        EXPECT_EQ(::sendto(peer.fd.get(), text.data(), text.size(), 0, to->data(), to->size()),
                  static_cast<ssize_t>(text.size()));
    }
    template <class Condition>
    bool until(Condition condition) {
        return loop.run_until(condition, generous);
    }

    loop::Loop loop;
    std::unique_ptr<modem::Net> net = over(loop);
    Host host;
};

TEST_F(Servers, ACallerIsTakenAndTalkedTo) {
    listen();
    const auto fd = caller(host.listener->local().port);
    ASSERT_TRUE(until([&] { return host.users.size() == 1; }));
    EXPECT_EQ(host.peers[0].ip, "127.0.0.1");
    EXPECT_EQ(host.peers[0].port, loop::SocketAddress::local_of(fd.get()).port());
    User& user = *host.users[0];
    EXPECT_EQ(user.write("hello"), 5U);
    std::array<char, 16> buffer{};
    ASSERT_TRUE(until([&] { return ::read(fd.get(), buffer.data(), buffer.size()) == 5; }));
    ASSERT_EQ(::write(fd.get(), "world", 5), 5);
    ASSERT_TRUE(until([&] { return user.said == "r"; })) << "open from the start: no C";
    EXPECT_TRUE(user.read_all());
    EXPECT_EQ(user.received, "world");
    host.listener.reset();
    EXPECT_EQ(user.write("still"), 5U) << "the listener's end is not its callers'";
    ASSERT_TRUE(until([&] { return ::read(fd.get(), buffer.data(), buffer.size()) == 5; }));
}

TEST_F(Servers, ACallerThatIsNotTakenIsReset) {
    host.takes = false;
    listen();
    const auto fd = caller(host.listener->local().port);
    char octet = 0;
    ASSERT_TRUE(until([&] { return ::read(fd.get(), &octet, 1) < 0 && errno == ECONNRESET; }));
    EXPECT_EQ(host.peers.size(), 1U);
}

TEST_F(Servers, ManyCallersAtOnce) {
    listen();
    std::vector<loop::Fd> callers(25);
    for (auto& one : callers) one = caller(host.listener->local().port);
    EXPECT_TRUE(until([&] { return host.users.size() == 25; }));
}

TEST_F(Servers, TheListenerMayGoFromInsideItsCallback) {
    listen();
    host.at_incoming = [&] { host.listener.reset(); };
    const auto first = caller(host.listener->local().port);
    EXPECT_TRUE(until([&] { return host.peers.size() == 1; }));
}

TEST_F(Servers, APortIsHadOnce) {
    listen();
    bind();
    const auto again = net->listen({"0.0.0.0", host.listener->local().port}, host);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, NetError::address_in_use);
    EXPECT_NE(again.error().text.find("EADDRINUSE"), std::string::npos) << again.error().text;
    EXPECT_FALSE(net->bind({"0.0.0.0", host.datagrams->local().port}, host));
    EXPECT_FALSE(net->bind({"nonsense", 0}, host));
}

TEST_F(Servers, DatagramsFromAndToSeveralPeers) {
    bind();
    const Peer first(SOCK_DGRAM);
    const Peer second(SOCK_DGRAM);
    send_from(first, host.datagrams->local().port, "one");
    send_from(second, host.datagrams->local().port, "two");
    ASSERT_TRUE(until([&] { return host.received.size() == 2; }));
    EXPECT_EQ(host.received[0], std::pair(first.endpoint(), Bytes("one")));
    EXPECT_EQ(host.received[1], std::pair(second.endpoint(), Bytes("two")));
    host.datagrams->send(second.endpoint(), "answer");
    std::array<char, 16> buffer{};
    ASSERT_TRUE(until([&] { return ::read(second.fd.get(), buffer.data(), buffer.size()) == 6; }));
    send_from(first, host.datagrams->local().port, "three");
    ASSERT_TRUE(until([&] { return host.received.size() == 3; })) << "it goes on after it was read empty";
}

TEST_F(Servers, ADatagramToNobodyBreaksNothing) {
    bind();
    modem::Endpoint nobody;
    {
        const Peer gone(SOCK_DGRAM);
        nobody = gone.endpoint();
    }
    const Peer there(SOCK_DGRAM);
    host.datagrams->send(nobody, "x");
    host.datagrams->send(there.endpoint(), "y");
    char octet = 0;
    EXPECT_TRUE(until([&] { return ::read(there.fd.get(), &octet, 1) == 1; }));
    host.datagrams->send({"not an address", 1}, "z");
}

TEST_F(Servers, OneOfBothFamiliesShowsPlainAddresses) {
    if (!net->listen({"::", 0}, host)) GTEST_SKIP() << "no IPv6 here";
    listen("::");
    bind("::");
    const auto fd = caller(host.listener->local().port);
    const Peer peer(SOCK_DGRAM);
    send_from(peer, host.datagrams->local().port, "four");
    ASSERT_TRUE(until([&] { return host.peers.size() == 1 && host.received.size() == 1; }));
    EXPECT_EQ(host.peers[0].ip, "127.0.0.1");
    EXPECT_EQ(host.received[0].first, peer.endpoint());
    host.datagrams->send(peer.endpoint(), "back");
    std::array<char, 16> buffer{};
    EXPECT_TRUE(until([&] { return ::read(peer.fd.get(), buffer.data(), buffer.size()) == 4; }));
}

/// The kernel's word on the timer of the connection between two ports of loopback: 2 is keep-alive.
int kernel_timer(std::uint16_t local, std::uint16_t remote) {
    std::ifstream table("/proc/net/tcp");
    std::string line;
    while (std::getline(table, line)) {
        unsigned from = 0;
        unsigned to = 0;
        unsigned timer = 0;
        const int found = std::sscanf(line.c_str(), " %*u: %*8X:%4X %*8X:%4X %*X %*8X:%*8X %2X", &from, &to, &timer);
        if (found == 3 && from == local && to == remote) return static_cast<int>(timer);
    }
    return -1;
}

TEST_F(Servers, KeepAliveIsTheKernels) {
    listen();
    const std::uint16_t port = host.listener->local().port;
    const auto fd = caller(port);
    ASSERT_TRUE(until([&] { return host.users.size() == 1; }));
    auto& connection = *host.users[0]->connection;
    EXPECT_EQ(kernel_timer(port, host.peers[0].port), 0);
    connection.set_care({modem::TcpCare::KeepAlive{std::chrono::seconds(60), std::chrono::seconds(25), 3}, {}});
    EXPECT_EQ(kernel_timer(port, host.peers[0].port), 2);
    connection.set_care({});
    EXPECT_NE(host.users[0]->write("x"), 0U);
}

}  // namespace
}  // namespace atls::net
