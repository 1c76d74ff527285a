// What listeners bring in, and what is sent by itself.
#include "modem/socket.hpp"
#include "modem/sockets.hpp"

namespace atls::modem {

// The manual's own examples hand out the highest id first.
std::optional<int> Sockets::free_id() const {
    for (int id = profile_.sockets - 1; id >= 0; --id) {
        if (find(id) == nullptr) return id;
    }
    return std::nullopt;
}

int Sockets::incoming_of(int listener) const {
    int count = 0;
    for (const auto& socket : sockets_) count += socket->holds_id() && socket->request().listener == listener ? 1 : 0;
    return count;
}

void Sockets::incoming(const Socket& listening, Listener& listener, const Endpoint& peer) {
    if (!options.accept_incoming) return;
    const OpenRequest& server = listening.request();
    const auto id = free_id();
    if (!id || incoming_of(server.id) >= server.most_incoming) {
        log_.write(Level::warning, "socket", "a caller at local port " + std::to_string(server.local_port) + " refused",
                   {{"id", std::to_string(server.id)}, {"host", peer.ip}});
        return raise(SocketsFull{server.id, server.owner});
    }
    make_room_for(*id);
    OpenRequest request = server;
    request.id = *id;
    request.kind = SocketKind::tcp_incoming;
    request.host = peer.ip;
    request.port = peer.port;
    request.listener = server.id;
    auto& socket = sockets_.emplace_back(std::make_unique<Socket>(*this, request, ++created_));
    if (!socket->take_caller(listener)) remove(created_);
}

void Sockets::post_incoming(const Socket& socket) {
    later_.run([this, serial = socket.serial()] {
        const Socket* still = by_serial(serial);
        if (still == nullptr) return;
        const OpenRequest& request = still->request();
        events_.on_event(SocketIncoming{request.id, request.owner, request.listener, request.host, request.port});
    });
}

// --- by itself ----------------------------------------------------------------------------------------------------

void Sockets::send_every(int id, std::chrono::seconds period, Bytes octets) {
    if (octets.empty()) {
        repeated_.erase(id);
        return;
    }
    repeated_[id] = {period, std::move(octets), timers_.after(period, [this, id] { send_again(id); })};
}

void Sockets::send_again(int id) {
    auto& again = repeated_.at(id);
    (void)send(id, again.octets);
    again.timer = timers_.after(again.period, [this, id] { send_again(id); });
}

void Sockets::set_care(const TcpCare& care) {
    care_ = care;
    for (const auto& socket : sockets_) socket->set_care(care);
}

}  // namespace atls::modem
