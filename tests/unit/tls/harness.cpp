#include "unit/tls/harness.hpp"

#include <gtest/gtest.h>

#include <array>

namespace atls::tls::testing {

Settings usual() {
    Settings settings;
    settings.lowest = Version::tls1_0;
    settings.highest = Version::tls1_2;
    for (const Suite& suite : all_suites()) {
        if (suite.key_exchange != KeyExchange::psk) settings.suites.push_back(suite.number);
    }
    return settings;
}

Settings strict() {
    Settings settings = usual();
    settings.policy = {.authenticate = true, .check_validity = true, .expected_host = "echo.example"};
    settings.credentials = trust(test::Pki::get().roots());
    return settings;
}

std::shared_ptr<const Credentials> trust(const std::string& roots) {
    return load_credentials({.trusted = roots}).value();
}

std::shared_ptr<const Credentials> trust_and_own(const Bytes& certificate, const Bytes& key) {
    return load_credentials({.trusted = test::Pki::get().roots(), .own_certificate = certificate, .own_key = key})
        .value();
}

std::unique_ptr<Client> make(Settings settings, Time now) {
    auto made = Client::create(std::move(settings), now, [] { return module_clock; });
    if (!made) {
        ADD_FAILURE() << made.error().text;
        std::abort();
    }
    return std::move(*made);
}

Link::Link(Settings settings, test::PeerOptions options)
    : client(make(std::move(settings))), peer(std::move(options)) {}
Link::Link(Settings settings, const test::PeerContext& context) : client(make(std::move(settings))), peer(context) {}

bool Link::carry_to_peer() {
    const Bytes out(client->output());
    if (out.empty()) return false;
    client->output_sent(out.size());
    if (!lose || !lose(datagrams++)) peer.feed(out);
    return true;
}

void Link::drain() {
    std::array<char, 4096> octets{};
    while (const std::size_t count = client->read(octets, now)) received.append(octets.data(), count);
}

bool Link::carry_to_client() {
    Bytes out = peer.take_output();
    if (out.empty()) return false;
    if (lose && lose(datagrams++)) return true;
    BytesView left = out;
    while (!left.empty()) {
        const std::size_t taken = client->feed(chunk == 0 ? left : left.substr(0, chunk), now);
        left.remove_prefix(taken);
        const std::size_t before = received.size();
        drain();
        if (taken == 0 && received.size() == before) {
            ADD_FAILURE() << "the client takes nothing and gives nothing";
            return false;
        }
    }
    return true;
}

void Link::settle() {
    bool moved = true;
    for (int rounds = 0; moved && rounds < 1000; ++rounds) {
        moved = carry_to_peer();
        moved = carry_to_client() || moved;
    }
}

bool Link::pass_time() {
    const auto due = client->next_deadline();
    if (!due) return false;
    now = *due;
    client->expire(now);
    return true;
}

}  // namespace atls::tls::testing
