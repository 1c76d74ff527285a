// A session on a small dialect made for tests: one row for each kind of reply, one URC for each kind of event.
#pragma once

#include <string>

#include "support/world.hpp"

namespace atls::at::test {

/// +OK +INFO +FINAL=n +WAIT +PROMPT[=n] +UPLOAD=n[,every] +DOWN=n[,escape] +TRANS=id +OPEN=id +KEYS=… E Q V &D &C O
const Dialect& bench_dialect();

class Bench {
public:
    explicit Bench(atls::test::Pieces pieces = atls::test::Pieces::whole);

    /// What comes back once nothing moves any more.
    Bytes say(BytesView octets);
    /// With the echo, and CR, dealt with.
    Bytes ask(const std::string& line);
    Bytes wait(Duration by);
    /// What came without the host doing anything.
    Bytes hear();
    void raise(const modem::Event& event) { session.notify(event); }
    bool offer(const modem::Event& event) { return session.offer(event); }
    /// Socket `id` to the echo server, open.
    void open(int id);

    [[nodiscard]] atls::test::FakePeer& peer() { return world.net.last_peer(); }

    atls::test::World world;
    atls::test::HostPort& host;
    Session& session;
};

inline constexpr int awaited_context = 7;  ///< +WAIT waits for its deactivation

}  // namespace atls::at::test
