#include "app/settled.hpp"

#include <algorithm>

namespace atls::app {

bool settled(at::Session& session, const modem::Modem& modem) {
    if (session.in_data_phase()) return true;
    // A waiting command takes no input; otherwise a CR outside a line is dropped without a trace.
    if (session.feed("\r") == 0) return false;
    if (modem.errands.pinging() || modem.errands.fetching_time()) return false;
    const auto sockets = modem.sockets.all();
    return std::none_of(sockets.begin(), sockets.end(),
                        [](const modem::SocketInfo& socket) { return socket.state == modem::SocketState::opening; });
}

}  // namespace atls::app
