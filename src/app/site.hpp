// What all modems of a process share: the loop, time, the network, the log.
#pragma once

#include <memory>
#include <utility>

#include "app/clockwork.hpp"
#include "app/timed_net.hpp"
#include "base/log.hpp"
#include "loop/loop.hpp"
#include "net/net.hpp"

namespace atls::app {

struct Site {
    Site(loop::Loop& on_loop, Log& to_log, net::Settings network)
        : loop(on_loop),
          log(to_log),
          clockwork(on_loop),
          sockets(net::over(on_loop, std::move(network))),
          net(*sockets, clockwork) {}
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    loop::Loop& loop;
    Log& log;
    Clockwork clockwork;
    std::unique_ptr<modem::Net> sockets;
    TimedNet net;
};

}  // namespace atls::app
