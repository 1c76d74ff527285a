// A Client and a TlsPeer joined by memory, for every test of the engine.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

#include "support/pki.hpp"
#include "support/tls_peer.hpp"
#include "tls/client.hpp"

namespace atls::tls::testing {

inline constexpr WallTime module_clock{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

/// TLS 1.0 to 1.2 with every suite but PSK; the server's certificate is not looked at.
Settings usual();
/// usual(), and the server must present a chain to one of the test roots, valid now, for echo.example.
Settings strict();
std::shared_ptr<const Credentials> trust(const std::string& roots);
std::shared_ptr<const Credentials> trust_and_own(const Bytes& certificate, const Bytes& key);

struct Link {
    std::unique_ptr<Client> client;
    test::TlsPeer peer;
    Time now{};
    std::size_t chunk = 0;  ///< octets a feed to the client, 0: all there are
    /// Datagrams for which it returns true are lost; `number` counts both directions together from 0.
    std::function<bool(int number)> lose;
    int datagrams = 0;

    Link(Settings settings, test::PeerOptions options);
    Link(Settings settings, const test::PeerContext& context);

    /// Carries everything both ways until nothing moves. What the client decrypts goes to `received`.
    void settle();
    /// Lets time pass to the client's next deadline; false if it has none.
    bool pass_time();
    [[nodiscard]] bool open() const { return client->state() == State::open && peer.handshake_done(); }

    Bytes received;

private:
    bool carry_to_peer();
    bool carry_to_client();
    void drain();
};

std::unique_ptr<Client> make(Settings settings, Time now = Time{});

}  // namespace atls::tls::testing
