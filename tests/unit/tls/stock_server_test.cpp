// Every suite in every version it is defined for, against a stock mbed TLS: OpenSSL's tests lack SSL 3.0, RC4, 3DES and
// static ECDH. The arithmetic differs, the protocol's code does not: what both would get wrong the interop tests find.
#include "unit/tls/stock_server/stock_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>

#include "unit/tls/harness.hpp"

namespace atls::tls::testing {
namespace {

using test::Pki;

struct Pairing {
    const Suite* suite;
    Version version;
    [[nodiscard]] bool datagram() const { return version >= Version::dtls1_0; }
};

int minor_of(Version version) {
    if (version == Version::dtls1_0) return 2;
    return version == Version::dtls1_2 ? 3 : static_cast<int>(version);
}

const test::Pair& identity_for(const Suite& suite) {
    const Pki& pki = Pki::get();
    if (suite.key_exchange == KeyExchange::ecdh_rsa) return pki.ecdh_rsa_server;
    const bool ec = suite.key_exchange == KeyExchange::ecdhe_ecdsa || suite.key_exchange == KeyExchange::ecdh_ecdsa;
    return ec ? pki.ec_server : pki.server;
}

class Server {
public:
    explicit Server(const Pairing& pairing, bool encrypt_then_mac = true) {
        const test::Pair& identity = identity_for(*pairing.suite);
        const bool psk = pairing.suite->key_exchange == KeyExchange::psk;
        const StockOptions options{pairing.datagram(),
                                   minor_of(pairing.version),
                                   pairing.suite->number,
                                   identity.certificate.c_str(),
                                   identity.key.c_str(),
                                   "modem",
                                   psk ? "0123456789abcdef" : "",
                                   encrypt_then_mac};
        server_.reset(stock_server_new(&options));
        if (!server_) ADD_FAILURE() << "options that the server does not take";
    }
    [[nodiscard]] StockServer* get() const { return server_.get(); }

private:
    std::unique_ptr<StockServer, decltype([](StockServer* server) { stock_server_free(server); })> server_;
};

/// A client and a connection of the server; what they send each other lies in two queues, a datagram an entry.
class Meeting {
public:
    Meeting(Settings settings, const Server& server)
        : client(make(std::move(settings))), connection_(stock_accept(server.get(), {this, &send, &receive})) {}
    Meeting(const Meeting&) = delete;
    Meeting& operator=(const Meeting&) = delete;

    void settle() {
        for (bool moved = true; moved && fault == 0;) {
            moved = false;
            while (!client->output().empty()) {
                to_server_.emplace_back(client->output());
                client->output_sent(to_server_.back().size());
                moved = true;
            }
            fault = stock_run(connection_.get());
            while (!to_client_.empty()) {
                give(to_client_.front());
                to_client_.pop_front();
                moved = true;
            }
        }
    }
    [[nodiscard]] bool open() const { return client->state() == State::open && stock_is_open(connection_.get()) == 1; }
    [[nodiscard]] StockConnection* connection() const { return connection_.get(); }

    std::unique_ptr<Client> client;
    Bytes received;
    int fault = 0;

private:
    void give(BytesView octets) {
        std::array<char, 4096> into{};
        while (!octets.empty()) {
            octets.remove_prefix(client->feed(octets, Time{}));
            while (const std::size_t count = client->read(into, Time{})) received.append(into.data(), count);
            if (client->state() == State::failed) return;
        }
    }
    static int send(void* user, const unsigned char* octets, std::size_t count) {
        static_cast<Meeting*>(user)->to_client_.emplace_back(reinterpret_cast<const char*>(octets), count);
        return static_cast<int>(count);
    }
    static int receive(void* user, unsigned char* into, std::size_t most) {
        auto& queue = static_cast<Meeting*>(user)->to_server_;
        if (queue.empty()) return 0;
        const std::size_t count = std::min(most, queue.front().size());
        std::memcpy(into, queue.front().data(), count);
        queue.front().erase(0, count);
        if (queue.front().empty()) queue.pop_front();
        return static_cast<int>(count);
    }

    std::deque<Bytes> to_server_;
    std::deque<Bytes> to_client_;
    std::unique_ptr<StockConnection, decltype([](StockConnection* each) { stock_close(each); })> connection_;
};

Settings settings_for(const Pairing& pairing) {
    Settings settings = strict();
    settings.datagram = pairing.datagram();
    settings.lowest = settings.highest = pairing.version;
    settings.suites = {pairing.suite->number};
    if (pairing.suite->key_exchange == KeyExchange::psk) settings.psk = Psk{"modem", "0123456789abcdef"};
    return settings;
}

std::vector<Pairing> pairings() {
    using enum Version;
    std::vector<Pairing> all;
    for (const Suite& suite : all_suites()) {
        for (const Version version : {ssl3, tls1_0, tls1_1, tls1_2, dtls1_0, dtls1_2}) {
            if (suite.defined_for(version)) all.push_back({&suite, version});
        }
    }
    return all;
}

std::string name_for(const ::testing::TestParamInfo<Pairing>& each) {
    std::string name = std::string(name_of(each.param.version)) + "_" + std::string(each.param.suite->name);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ' ' || c == '.'; }, '_');
    return name;
}

Bytes pattern(std::size_t size) {
    Bytes made;
    for (std::size_t i = 0; i < size; ++i) made.push_back(static_cast<char>(i * 7 + i / 256));
    return made;
}

class StockServerTest : public ::testing::TestWithParam<Pairing> {
protected:
    void echoes(Meeting& meeting, std::initializer_list<std::size_t> sizes) {
        for (const std::size_t size : sizes) {
            meeting.received.clear();
            ASSERT_TRUE(meeting.client->write(pattern(size)));
            meeting.settle();
            ASSERT_EQ(meeting.received, pattern(size)) << meeting.client->failure().text << " " << meeting.fault;
        }
    }
};

TEST_P(StockServerTest, ConnectsEchoesAndTellsItsKeys) {
    Settings settings = settings_for(GetParam());
    std::vector<std::string> lines;
    settings.key_log = [&](std::string_view line) { lines.emplace_back(line); };
    const Server server(GetParam());
    Meeting meeting(settings, server);
    meeting.settle();
    ASSERT_TRUE(meeting.open()) << meeting.client->failure().text << " " << meeting.fault;
    EXPECT_EQ(meeting.client->version(), GetParam().version);
    EXPECT_EQ(meeting.client->suite(), GetParam().suite->number);
    echoes(meeting, {1, 1460, 3000});
    const auto hexadecimal = [](const unsigned char* octets, std::size_t size) {
        return to_hex(BytesView(reinterpret_cast<const char*>(octets), size));
    };
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(equal_ignoring_case(lines[0], "CLIENT_RANDOM " +
                                                  hexadecimal(stock_client_random(meeting.connection()), 32) + " " +
                                                  hexadecimal(stock_master_secret(meeting.connection()), 48)))
        << lines[0];
    meeting.client->close();
    meeting.settle();
    EXPECT_EQ(stock_client_closed(meeting.connection()), 1);
}

TEST_P(StockServerTest, ResumesById) {
    Settings settings = settings_for(GetParam());
    settings.keep_session = true;
    const Server server(GetParam(), false);
    for (const bool again : {false, true, true}) {
        Meeting meeting(settings, server);
        meeting.settle();
        ASSERT_TRUE(meeting.open()) << meeting.client->failure().text << " " << meeting.fault;
        EXPECT_EQ(meeting.client->resumed(), again);
        echoes(meeting, {17, 300});
        settings.resume = meeting.client->saved_session();
        ASSERT_NE(settings.resume, nullptr);
    }
}

INSTANTIATE_TEST_SUITE_P(Every, StockServerTest, ::testing::ValuesIn(pairings()), name_for);

TEST(StockServerPairings, AreTheMatrix) { EXPECT_EQ(pairings().size(), 150U + 6U); }

}  // namespace
}  // namespace atls::tls::testing
