// TCP and UDP sockets as the modem sees them.
#pragma once

#include <memory>

#include "loop/loop.hpp"
#include "modem/outside.hpp"

namespace atls::net {

std::unique_ptr<modem::Connection> connect(loop::Loop& loop, modem::Transport transport, const modem::Endpoint& remote,
                                           std::uint16_t local_port, modem::ConnectionUser& user);

}  // namespace atls::net
