// Names to addresses, through the module's own servers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loop/loop.hpp"
#include "modem/outside.hpp"
#include "net/net.hpp"

namespace atls::net {

using ResolveDone = std::function<void(Result<modem::Resolved, modem::NetFailure>)>;

/// In this order: numeric; Settings::hosts; localhost; the host's hosts file; the servers. IPv4 addresses, or if there
/// is none IPv6. `servers`: numeric, each may have a port ("127.0.0.1:5353").
std::unique_ptr<modem::Operation> resolve(loop::Loop& loop, const Settings& settings, const std::string& name,
                                          const std::vector<std::string>& servers, ResolveDone done);

}  // namespace atls::net
