#include <gtest/gtest.h>

#include <cerrno>

#include "net/failure.hpp"
#include "net/net.hpp"
#include "unit/net/bench.hpp"

namespace atls::net {
namespace {

using modem::NetError;
using modem::Transport;

class Connections : public testing::Test {
protected:
    void connect(const modem::Endpoint& to, Transport transport = Transport::tcp, std::uint16_t local_port = 0) {
        user.inside = true;
        user.connection = net->connect(transport, to, local_port, user);
        user.inside = false;
    }
    void connect_tcp() {
        connect(listener.endpoint());
        ASSERT_TRUE(until_said("C"));
        peer = listener.accept();
        ASSERT_TRUE(peer);
    }
    bool until_said(const std::string& text) {
        return loop.run_until([&] { return user.said == text; }, generous);
    }
    void settle() {
        for (int i = 0; i < 20; ++i) loop.poll();
    }

    loop::Loop loop;
    std::unique_ptr<modem::Net> net = over(loop);
    Peer listener{SOCK_STREAM};
    loop::Fd peer;
    User user;
};

TEST_F(Connections, TcpCarriesBothWays) {
    connect_tcp();
    EXPECT_EQ(user.write("hello"), 5U);
    std::array<char, 16> buffer{};
    EXPECT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 5);
    ASSERT_EQ(::write(peer.get(), "world", 5), 5);
    ASSERT_TRUE(until_said("Cr"));
    EXPECT_TRUE(user.read_all());
    EXPECT_EQ(user.received, "world");
    peer = loop::Fd();
    ASSERT_TRUE(until_said("Crr"));
    EXPECT_FALSE(user.read_all());
    EXPECT_EQ(user.connection->local().ip, "127.0.0.1");
    EXPECT_NE(user.connection->local().port, 0);
}

TEST_F(Connections, RefusalIsToldLaterAndInFull) {
    const auto to = listener.endpoint();
    listener.fd = loop::Fd();
    connect(to);
    EXPECT_EQ(user.said, "");
    ASSERT_TRUE(until_said("F"));
    EXPECT_EQ(user.failure->code, NetError::refused);
    EXPECT_EQ(user.failure->text,
              "connect to 127.0.0.1:" + std::to_string(to.port) + ": connection refused (ECONNREFUSED)");
    settle();
    EXPECT_EQ(user.said, "F");
    EXPECT_EQ(user.write("x"), 1U);
    EXPECT_TRUE(user.read_all());
}

TEST_F(Connections, OnlyNumericAddresses) {
    connect({"localhost", 1});
    ASSERT_TRUE(until_said("F"));
    EXPECT_EQ(user.failure->code, NetError::bad_address);
}

TEST_F(Connections, ALocalPortIsTakenOrRefused) {
    const Peer other(SOCK_STREAM);
    const auto taken = other.endpoint().port;
    connect(listener.endpoint(), Transport::tcp, taken);
    ASSERT_TRUE(until_said("F"));
    EXPECT_EQ(user.failure->code, NetError::address_in_use);
    std::uint16_t free_port = 0;
    { free_port = Peer(SOCK_STREAM).endpoint().port; }
    user.said.clear();
    connect(listener.endpoint(), Transport::tcp, free_port);
    ASSERT_TRUE(until_said("C"));
    EXPECT_EQ(user.connection->local().port, free_port);
}

TEST_F(Connections, NotReadingStopsThePeerAndNothingNowAsksAgain) {
    connect_tcp();
    const Bytes block(65536, 'x');
    std::size_t sent = 0;
    ssize_t count = 0;
    while ((count = ::write(peer.get(), block.data(), block.size())) > 0) sent += static_cast<std::size_t>(count);
    ASSERT_TRUE(until_said("Cr"));
    settle();
    EXPECT_EQ(user.said, "Cr") << "told once, whatever more arrives";
    EXPECT_EQ(::write(peer.get(), block.data(), block.size()), -1);
    user.at_readable = [&] { user.read_all(); };
    user.read_all();
    EXPECT_TRUE(loop.run_until([&] { return user.received.size() == sent; }, generous));
}

TEST_F(Connections, AShortWriteIsFollowedByWritable) {
    connect_tcp();
    const Bytes all(16'000'000, 'x');
    const auto taken = user.write(all);
    ASSERT_LT(taken, all.size());
    settle();
    EXPECT_EQ(user.said, "C");
    Bytes buffer(1'000'000, '\0');
    loop::Watch reader(loop, peer.get(), [&] { (void)!::read(peer.get(), buffer.data(), buffer.size()); });
    reader.want_read(true);
    EXPECT_TRUE(until_said("Cw"));
}

TEST_F(Connections, WhatIsWrittenTooEarlyIsAskedForLater) {
    connect(listener.endpoint());
    EXPECT_EQ(user.write("early"), 0U);
    EXPECT_TRUE(until_said("Cw"));
}

TEST_F(Connections, ShutDownEndsOneWayOnly) {
    connect_tcp();
    user.write("last words");
    user.connection->shut_down();
    std::array<char, 16> buffer{};
    EXPECT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 10);
    EXPECT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 0);
    ASSERT_EQ(::write(peer.get(), "answer", 6), 6);
    ASSERT_TRUE(until_said("Cr"));
    EXPECT_TRUE(user.read_all());
    EXPECT_EQ(user.received, "answer");
}

TEST_F(Connections, ResetIsAReset) {
    connect_tcp();
    user.connection->reset();
    char c = 0;
    EXPECT_EQ(::read(peer.get(), &c, 1), -1);
    EXPECT_EQ(errno, ECONNRESET);
    EXPECT_EQ(user.write("x"), 1U);
    EXPECT_TRUE(user.read_all());
    user.connection->shut_down();
    settle();
    EXPECT_EQ(user.said, "C");
}

TEST_F(Connections, APeersResetBreaksItOnce) {
    connect_tcp();
    user.at_readable = [&] { user.read_all(); };
    const linger abrupt{1, 0};
    ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    peer = loop::Fd();
    ASSERT_TRUE(until_said("CrB"));
    EXPECT_EQ(user.failure->code, NetError::reset);
    EXPECT_NE(user.failure->text.find("(ECONNRESET)"), std::string::npos);
    user.write("x");
    user.read_all();
    settle();
    EXPECT_EQ(user.said, "CrB");
}

TEST_F(Connections, AResetIsAlsoSeenByWriting) {
    connect_tcp();
    const linger abrupt{1, 0};
    ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    peer = loop::Fd();
    ASSERT_TRUE(until_said("Cr"));
    EXPECT_EQ(user.write("x"), 1U);
    EXPECT_TRUE(until_said("CrB"));
}

TEST_F(Connections, UdpKeepsDatagrams) {
    const Peer far(SOCK_DGRAM);
    connect(far.endpoint(), Transport::udp);
    EXPECT_EQ(user.said, "");
    ASSERT_TRUE(until_said("C"));
    EXPECT_EQ(user.write("one"), 3U);
    EXPECT_EQ(user.write(""), 0U);
    EXPECT_EQ(user.write("three"), 5U);
    std::array<char, 16> buffer{};
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    auto* address = reinterpret_cast<sockaddr*>(&from);
    EXPECT_EQ(::recvfrom(far.fd.get(), buffer.data(), buffer.size(), 0, address, &size), 3);
    EXPECT_EQ(::recv(far.fd.get(), buffer.data(), buffer.size(), 0), 0);
    EXPECT_EQ(::recv(far.fd.get(), buffer.data(), buffer.size(), 0), 5);
    for (const char* text : {"a", "", "ccc"}) ::sendto(far.fd.get(), text, std::string(text).size(), 0, address, size);
    ASSERT_TRUE(until_said("Cr"));
    EXPECT_TRUE(user.read_all());
    EXPECT_EQ(user.pieces, (std::vector<std::size_t>{1, 0, 3}));
}

TEST_F(Connections, ALostDatagramBreaksNothing) {
    auto far = std::make_unique<Peer>(SOCK_DGRAM);
    const auto to = far->endpoint();
    far.reset();
    connect(to, Transport::udp);
    ASSERT_TRUE(until_said("C"));
    user.at_readable = [&] { user.read_all(); };
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(user.write("into the void"), 13U);
        settle();
    }
    EXPECT_EQ(user.write(Bytes(70'000, 'x')), 70'000U);
    EXPECT_EQ(user.said.find('B'), std::string::npos);
}

TEST_F(Connections, NothingIsHeardAfterDestruction) {
    connect(listener.endpoint());
    user.connection.reset();
    connect({"not an address", 1});
    user.connection.reset();
    settle();
    EXPECT_EQ(user.said, "");
}

TEST_F(Connections, MayBeDestroyedFromAnyCallback) {
    const auto destroy = [&] { user.connection.reset(); };
    const auto gone = [&] { return user.connection == nullptr; };
    user.at_connected = user.at_failed = destroy;
    connect(listener.endpoint());
    EXPECT_TRUE(loop.run_until(gone, generous));
    connect({"x", 1});
    EXPECT_TRUE(loop.run_until(gone, generous));
    (void)listener.accept();
    user.at_connected = nullptr;
    user.at_readable = destroy;
    user.said.clear();
    connect_tcp();
    ASSERT_EQ(::write(peer.get(), "x", 1), 1);
    EXPECT_TRUE(loop.run_until(gone, generous));
    settle();
}

TEST_F(Connections, Ipv6) {
    loop::Fd probe(::socket(AF_INET6, SOCK_STREAM, 0));
    const auto loopback = loop::SocketAddress::numeric("::1", 0);
    if (!probe || ::bind(probe.get(), loopback->data(), loopback->size()) != 0) GTEST_SKIP() << "no IPv6 here";
    const Peer six(SOCK_STREAM, "::1");
    connect(six.endpoint());
    ASSERT_TRUE(until_said("C"));
    EXPECT_EQ(user.connection->local().ip, "::1");
}

TEST(Failures, EveryErrnoHasACodeAndWords) {
    EXPECT_EQ(code_of(EHOSTUNREACH), NetError::unreachable);
    EXPECT_EQ(code_of(ETIMEDOUT), NetError::timed_out);
    EXPECT_EQ(code_of(EMFILE), NetError::no_resources);
    EXPECT_EQ(code_of(EACCES), NetError::not_permitted);
    EXPECT_EQ(code_of(EXDEV), NetError::other);
    EXPECT_EQ(failure("ping 1.2.3.4", ENETUNREACH).text, "ping 1.2.3.4: network is unreachable (ENETUNREACH)");
}

}  // namespace
}  // namespace atls::net
