// Sockets that wait for peers: a TCP listener, a UDP socket without a fixed peer.
#pragma once

#include <memory>

#include "loop/loop.hpp"
#include "modem/outside.hpp"

namespace atls::net {

Result<std::unique_ptr<modem::Listener>, modem::NetFailure> listen(loop::Loop& loop, const modem::Endpoint& local,
                                                                   modem::ListenerUser& user);
Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> bind(loop::Loop& loop, const modem::Endpoint& local,
                                                                       modem::DatagramUser& user);

}  // namespace atls::net
