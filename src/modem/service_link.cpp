#include "modem/service_link.hpp"

namespace atls::modem {

ServiceLink::ServiceLink(Sockets& sockets, int id, ServiceUser& user) : sockets_(sockets), id_(id), user_(user) {
    sockets_.serve(id, *this);
}

void ServiceLink::open(const Target& target) {
    close();
    OpenRequest request;
    request.id = id_;
    request.context = target.context;
    request.kind = target.ssl_context ? SocketKind::tls : SocketKind::tcp;
    request.host = target.host;
    request.port = target.port;
    request.mode = AccessMode::push;
    request.ssl_context = target.ssl_context.value_or(0);
    request.network_time = target.time;
    request.one_time_for_all = true;
    open_ = true;
    sockets_.open(request);
}

void ServiceLink::close() {
    if (!open_ && !closing_) return;
    open_ = closing_ = false;
    sockets_.close(id_, std::chrono::milliseconds(0));
}

void ServiceLink::close_in_order(std::chrono::seconds time) {
    if (!open_) return;
    open_ = false;
    closing_ = true;
    sockets_.close(id_, time);
}

void ServiceLink::on_event(const Event& event) {
    if (closing_ && (std::holds_alternative<SocketClosedHere>(event) || std::holds_alternative<SocketClosed>(event))) {
        closing_ = false;
        return user_.on_closed();
    }
    if (!open_) return;
    if (const auto* opened = std::get_if<SocketOpened>(&event)) {
        if (opened->fault != Fault::none) open_ = false;
        user_.on_opened(opened->fault);
    } else if (std::holds_alternative<SocketReadable>(event)) {
        user_.on_data();
    } else if (std::holds_alternative<SocketWritable>(event)) {
        user_.on_room();
    } else if (const auto* delivered = std::get_if<SocketDelivered>(&event)) {
        user_.on_delivered(delivered->fault == Fault::none);
    } else if (const auto* closed = std::get_if<SocketClosed>(&event)) {
        const ServiceEnd own = closed->in_order ? ServiceEnd::in_order : ServiceEnd::broken;
        user_.on_ended(closed->by_context ? ServiceEnd::context : own);
    }
}

}  // namespace atls::modem
