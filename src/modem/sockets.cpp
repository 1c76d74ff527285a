#include "modem/sockets.hpp"

#include <algorithm>

#include "modem/socket.hpp"

namespace atls::modem {

Sockets::Sockets(const Profile& profile, Contexts& contexts, std::map<int, SslContext>& ssl_contexts, Clock& clock,
                 Net& net, Files& ufs, Timers& timers, EventSink& events, Log& log)
    : profile_(profile),
      contexts_(contexts),
      ssl_contexts_(ssl_contexts),
      clock_(clock),
      net_(net),
      ufs_(ufs),
      timers_(timers),
      events_(events),
      log_(log),
      later_(timers) {}

Sockets::~Sockets() = default;

// --- finding ------------------------------------------------------------------------------------------------------

Socket* Sockets::find(int id) const {
    for (const auto& socket : sockets_) {
        if (socket->request().id == id && socket->holds_id()) return socket.get();
    }
    return nullptr;
}

Socket* Sockets::find_data(int id) const {
    for (const auto& socket : sockets_) {
        if (socket->request().id == id && !socket->gone()) return socket.get();
    }
    return nullptr;
}

Socket* Sockets::by_serial(std::uint64_t serial) const {
    for (const auto& socket : sockets_) {
        if (socket->serial() == serial && !socket->gone()) return socket.get();
    }
    return nullptr;
}

void Sockets::remove(std::uint64_t serial) {
    std::erase_if(sockets_, [&](const auto& socket) { return socket->serial() == serial; });
}

// Of an id given back what is left over goes.
void Sockets::make_room_for(int id) {
    if (const Socket* left_over = find_data(id)) remove(left_over->serial());
    causes_.erase(id);
}

// --- what the host asks for ---------------------------------------------------------------------------------------

void Sockets::open(const OpenRequest& request) {
    Fault fault = Fault::none;
    if (!services_.contains(request.id) && (request.id < 0 || request.id >= profile_.sockets)) {
        fault = Fault::bad_parameter;
    }
    if (find(request.id) != nullptr) fault = Fault::id_in_use;
    if (fault != Fault::none) {
        const std::string id = std::to_string(request.id);
        log_.write(Level::warning, "socket",
                   "socket " + id + " not opened: " + (fault == Fault::id_in_use ? "the id is in use" : "no such id"),
                   {{"id", id}, {"host", request.host}, {"code", std::string(name_of(fault))}});
        raise(SocketOpened{request.id, request.owner, request.kind, request.mode, fault});
        return;
    }
    make_room_for(request.id);
    auto& socket = sockets_.emplace_back(std::make_unique<Socket>(*this, request, ++created_));
    socket->start();
}

Sockets::SendResult Sockets::send(int id, BytesView octets) {
    Socket* socket = find(id);
    return socket == nullptr ? SendResult{Sent::fault, Fault::not_allowed} : socket->send(octets);
}

Fault Sockets::deliver(int id, BytesView octets, std::chrono::seconds timeout) {
    Socket* socket = find(id);
    return socket == nullptr ? Fault::not_allowed : socket->deliver(octets, timeout);
}

Fault Sockets::can_send(int id) const {
    const Socket* socket = find(id);
    return socket == nullptr ? Fault::not_allowed : socket->can_send();
}

Sockets::SendResult Sockets::send_to(int id, const Endpoint& to, BytesView datagram) {
    Socket* socket = find(id);
    return socket == nullptr ? SendResult{Sent::fault, Fault::not_allowed} : socket->send_to(to, datagram);
}

Fault Sockets::can_send_to(int id) const {
    const Socket* socket = find(id);
    return socket == nullptr ? Fault::not_allowed : socket->can_send_to();
}

std::size_t Sockets::room(int id) const {
    const Socket* socket = find(id);
    return socket == nullptr ? 0 : socket->room();
}

std::size_t Sockets::stream(int id, BytesView octets) {
    Socket* socket = find(id);
    return socket == nullptr ? octets.size() : socket->stream(octets, Socket::Limit::buffer);
}

void Sockets::stream_all(int id, BytesView octets) {
    Socket* socket = find(id);
    if (socket != nullptr && !octets.empty()) (void)socket->stream(octets, Socket::Limit::none);
}

Bytes Sockets::read(int id, std::size_t most) {
    Socket* socket = find_data(id);
    if (socket == nullptr) return {};
    Bytes octets = socket->read(most);
    if (!socket->holds_id() && socket->readable() == 0) remove(socket->serial());
    return octets;
}

std::size_t Sockets::readable(int id) const {
    const Socket* socket = find_data(id);
    return socket == nullptr ? 0 : socket->readable();
}

std::optional<Endpoint> Sockets::sender(int id) const {
    const Socket* socket = find_data(id);
    return socket == nullptr ? std::nullopt : socket->sender();
}

std::optional<SocketInfo> Sockets::data_info(int id) const {
    const Socket* socket = find_data(id);
    if (socket == nullptr) return std::nullopt;
    return socket->info();
}

Fault Sockets::can_read(int id) const {
    const Socket* socket = find_data(id);
    return socket == nullptr ? Fault::not_allowed : socket->can_read();
}

ReceiveCount Sockets::received(int id) const {
    const Socket* socket = find_data(id);
    return socket == nullptr ? ReceiveCount{} : socket->received();
}

SendCount Sockets::sent(int id) const {
    const Socket* socket = find(id);
    return socket == nullptr ? SendCount{} : socket->sent();
}

void Sockets::close(int id, std::chrono::milliseconds timeout, std::optional<PortId> report) {
    if (Socket* socket = find(id)) {
        socket->close(timeout, report);
    } else {
        raise(SocketClosedHere{id, report});
    }
}

Fault Sockets::set_mode(int id, AccessMode mode, PortId port) {
    Socket* socket = find(id);
    return socket == nullptr ? Fault::not_allowed : socket->set_mode(mode, port);
}

std::optional<int> Sockets::latest_transparent(PortId port) const {
    const Socket* latest = nullptr;
    for (const auto& socket : sockets_) {
        if (!socket->connected() || socket->made_transparent() == 0 || socket->transparent_port() != port) continue;
        if (latest == nullptr || socket->made_transparent() > latest->made_transparent()) latest = socket.get();
    }
    if (latest == nullptr) return std::nullopt;
    return latest->request().id;
}

std::optional<PortId> Sockets::held_by(int id) const {
    const Socket* socket = find(id);
    if (socket == nullptr || !socket->connected() || socket->request().mode != AccessMode::transparent) {
        return std::nullopt;
    }
    return socket->request().owner;
}

bool Sockets::exists(int id) const { return find(id) != nullptr; }

std::optional<SocketInfo> Sockets::info(int id) const {
    const Socket* socket = find(id);
    if (socket == nullptr) return std::nullopt;
    return socket->info();
}

std::vector<SocketInfo> Sockets::all() const {
    std::vector<SocketInfo> list;
    for (const auto& socket : sockets_) {
        if (socket->holds_id() && socket->request().id < first_service) list.push_back(socket->info());
    }
    std::sort(list.begin(), list.end(), [](const SocketInfo& a, const SocketInfo& b) { return a.id < b.id; });
    return list;
}

std::string Sockets::cause(int id) const {
    const auto found = causes_.find(id);
    return found == causes_.end() ? std::string() : found->second;
}

bool Sockets::secure(int id, int ssl_context) {
    Socket* socket = find(id);
    return socket != nullptr && socket->secure(ssl_context);
}

// --- what happens to them -----------------------------------------------------------------------------------------

void Sockets::context_gone(int context, bool lost) {
    std::vector<std::uint64_t> silent;
    for (const auto& socket : sockets_) {
        if (socket->request().context != context || socket->gone()) continue;
        // A service has to hear of it in any case: nobody else tells the host.
        if (lost || socket->request().id >= first_service) {
            socket->context_lost();
        } else {
            socket->leave();
            if (!socket->gone()) silent.push_back(socket->serial());
        }
    }
    for (const std::uint64_t serial : silent) remove(serial);
}

void Sockets::reset_by_peer(int id) {
    if (Socket* socket = find(id)) socket->break_now({NetError::reset, "connection reset by peer (by request)"});
}

void Sockets::drop_all() {
    later_.clear();
    sockets_.clear();
    causes_.clear();
    repeated_.clear();
    failing_.clear();
    options = {};
    care_ = {};
}

// --- what they tell -----------------------------------------------------------------------------------------------

void Sockets::raise(Event event) {
    later_.run([this, event = std::move(event)] {
        const auto id = std::visit(
            [](const auto& what) {
                if constexpr (requires { what.id; }) return what.id;
                return -1;
            },
            event);
        tell(id, event);
    });
}

void Sockets::tell(int id, const Event& event) const {
    const auto service = services_.find(id);
    (service == services_.end() ? events_ : *service->second).on_event(event);
}

void Sockets::post_opened(const Socket& socket, Fault fault) {
    later_.run([this, serial = socket.serial(), fault] { deliver_opened(serial, fault); });
}

void Sockets::post_readable(const Socket& socket) {
    later_.run([this, serial = socket.serial()] { deliver_readable(serial); });
}

void Sockets::post_writable(const Socket& socket) {
    later_.run([this, serial = socket.serial()] {
        const Socket* still = by_serial(serial);
        if (still == nullptr) return;
        tell(still->request().id, SocketWritable{still->request().id, still->request().owner});
    });
}

void Sockets::post_closed(const Socket& socket, bool by_context) {
    later_.run([this, serial = socket.serial(), by_context] { deliver_closed(serial, by_context); });
}

void Sockets::post_closed_here(const Socket& socket) {
    const SocketClosedHere event{socket.request().id, socket.report_close_to(), socket.request().kind};
    later_.run([this, serial = socket.serial(), event] {
        remove(serial);
        tell(event.id, event);
    });
}

void Sockets::deliver_opened(std::uint64_t serial, Fault fault) {
    const Socket* socket = by_serial(serial);
    if (socket == nullptr) return;
    const OpenRequest& request = socket->request();
    const SocketOpened event{request.id, request.owner, request.kind, request.mode, fault};
    const bool awaited = request.mode == AccessMode::transparent && request.kind != SocketKind::tcp_listener;
    const bool keep = profile_.keeps_failed(request.kind) && !awaited;
    if (fault != Fault::none && (!keep || event.id >= first_service)) remove(serial);
    tell(event.id, event);
}

void Sockets::deliver_readable(std::uint64_t serial) {
    Socket* socket = by_serial(serial);
    // Read in the meantime: the next data is announced anew.
    if (socket == nullptr || !socket->take_announcement()) return;
    const OpenRequest& request = socket->request();
    tell(request.id, SocketReadable{request.id, request.owner, request.kind, request.mode});
}

void Sockets::deliver_closed(std::uint64_t serial, bool by_context) {
    Socket* socket = by_serial(serial);
    if (socket == nullptr) return;
    const OpenRequest& request = socket->request();
    const SocketClosed event{request.id,   request.owner, request.kind,
                             request.mode, by_context,    socket->ended_in_order()};
    const bool tcp = request.kind == SocketKind::tcp || request.kind == SocketKind::tcp_incoming;
    const bool goes_too = options.close_with_peer && tcp && !by_context;
    if (!profile_.keeps_closed(request.kind) || goes_too) {
        socket->release();
        if (socket->readable() == 0) remove(serial);
    }
    tell(event.id, event);
}

}  // namespace atls::modem
