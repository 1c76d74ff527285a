#include "at/urc.hpp"

namespace atls::at {

bool same_subject(const modem::Event& a, const modem::Event& b) {
    if (a.index() != b.index()) return false;
    if (const auto* x = std::get_if<modem::SocketReadable>(&a)) return x->id == std::get<modem::SocketReadable>(b).id;
    if (const auto* x = std::get_if<modem::RegistrationChanged>(&a)) {
        return x->domain == std::get<modem::RegistrationChanged>(b).domain;
    }
    return std::holds_alternative<modem::SignalChanged>(a) || std::holds_alternative<modem::SimChanged>(a) ||
           std::holds_alternative<modem::ZoneChanged>(a);
}

bool gone_with_socket(const modem::Event& event, int id) {
    if (const auto* opened = std::get_if<modem::SocketOpened>(&event)) {
        return opened->id == id && opened->fault != modem::Fault::id_in_use;
    }
    if (const auto* readable = std::get_if<modem::SocketReadable>(&event)) return readable->id == id;
    const auto* closed = std::get_if<modem::SocketClosed>(&event);
    return closed != nullptr && closed->id == id;
}

}  // namespace atls::at
