// unix:PATH: a listening unix socket, one host at a time.
#include "link/kinds.hpp"
#include "link/listen_channel.hpp"

namespace atls::link {

OpenedChannel open_unix(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    auto listener = Listener::unix_at(std::string(rest));
    if (!listener) return listener.error();
    auto url = "unix:" + listener->address();
    return {std::make_unique<ListenChannel>(loop, user, std::move(*listener), std::move(url))};
}

}  // namespace atls::link
