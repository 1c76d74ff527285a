// What the malformed tables share: a BG96 with a host, context 1 up, echo off, and the question whether it still
// answers.
#pragma once

#include <string>

#include "dialects/all.hpp"
#include "support/world.hpp"

namespace atls::test {

class MalformedBench {
public:
    explicit MalformedBench(Pieces pieces = Pieces::whole)
        : world(*dialects::find("BG96"), memory_ports(pieces)), host(world.port("uart1")) {
        say("ATE0\r");
        say("AT+QIACT=1\r");
    }

    Bytes say(BytesView octets) {
        host.send(octets);
        return hear();
    }
    Bytes hear() {
        rested = world.settle() && rested;
        return host.take_received();
    }
    Bytes wait(Duration by) {
        rested = world.advance(by) && rested;
        return host.take_received();
    }
    /// Whatever came before: a line is answered.
    [[nodiscard]] bool alive() { return say("\rAT\r").ends_with("\r\nOK\r\n") && rested; }

    World world;
    HostPort& host;
    bool rested = true;
};

/// ¶ to CR LF.
inline std::string framed(std::string text) {
    static const std::string mark = "¶";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        text.replace(at, mark.size(), "\r\n");
    }
    return text;
}

}  // namespace atls::test
