// TCP and UDP sockets as the modem sees them.
#pragma once

#include <memory>

#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "modem/outside.hpp"

namespace atls::net {

std::unique_ptr<modem::Connection> connect(loop::Loop& loop, modem::Transport transport, const modem::Endpoint& remote,
                                           std::uint16_t local_port, modem::ConnectionUser& user);
/// A TCP connection that a listener accepted.
std::unique_ptr<modem::Connection> adopt(loop::Loop& loop, loop::Fd connected, const modem::Endpoint& remote,
                                         modem::ConnectionUser& user);

}  // namespace atls::net
