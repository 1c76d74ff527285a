// tcp:HOST:PORT: listens, one host at a time.
#include "link/kinds.hpp"
#include "link/listen_channel.hpp"
#include "loop/address.hpp"

namespace atls::link {

OpenedChannel open_tcp(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    const auto where = loop::split_host_and_port(rest);
    if (!where) return LinkFailure{"expected tcp:ADDRESS:PORT, port 0 for any"};
    auto listener = Listener::tcp(where->host, where->port);
    if (!listener) return listener.error();
    auto url = "tcp:" + listener->address();
    return {std::make_unique<ListenChannel>(loop, user, std::move(*listener), std::move(url))};
}

}  // namespace atls::link
