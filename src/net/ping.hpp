// One ICMP echo.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "loop/loop.hpp"
#include "modem/outside.hpp"

namespace atls::net {

using PingDone = std::function<void(Result<modem::PingEcho, modem::NetFailure>)>;

/// Over an ICMP datagram socket (net.ipv4.ping_group_range), else a raw one (CAP_NET_RAW), else not_permitted.
std::unique_ptr<modem::Operation> ping(loop::Loop& loop, const std::string& ip, std::size_t octets, Duration timeout,
                                       PingDone done);

}  // namespace atls::net
