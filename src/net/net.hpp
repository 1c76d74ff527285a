// The real network behind modem::Net.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "loop/loop.hpp"
#include "modem/outside.hpp"

namespace atls::net {

struct Settings {
    /// Names that are never asked for, in lower case, with their numeric addresses: --hosts NAME=ADDRESS.
    std::map<std::string, std::vector<std::string>> hosts;
    /// How long one name server is waited for at first; doubled with each further try.
    Duration dns_timeout = std::chrono::seconds(2);
    int dns_tries = 3;
};

/// TCP and UDP sockets, c-ares and ICMP. What it makes must not outlive `loop`; it may outlive the Net.
///
/// UDP: a datagram that the network refuses (too long, port unreachable) is lost, as on the air, and breaks nothing.
std::unique_ptr<modem::Net> over(loop::Loop& loop, Settings settings = {});

}  // namespace atls::net
