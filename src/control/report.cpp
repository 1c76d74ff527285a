#include "control/report.hpp"

#include <algorithm>

#include "control/moment.hpp"

namespace atls::control {

namespace {

const char* words_of(modem::Registration registration) {
    switch (registration) {
        case modem::Registration::idle:
            return "not registered";
        case modem::Registration::home:
            return "registered, home network";
        case modem::Registration::searching:
            return "searching";
        case modem::Registration::denied:
            return "registration denied";
        case modem::Registration::unknown:
            return "unknown";
        case modem::Registration::roaming:
            return "registered, roaming";
    }
    return "";
}

const char* words_of(modem::Sim sim) {
    switch (sim) {
        case modem::Sim::ready:
            return "ready";
        case modem::Sim::pin_wanted:
            return "waits for its PIN";
        case modem::Sim::absent:
            return "absent";
    }
    return "";
}

const char* words_of(modem::SocketKind kind) {
    switch (kind) {
        case modem::SocketKind::tcp:
            return "tcp";
        case modem::SocketKind::udp:
            return "udp";
        case modem::SocketKind::tls:
            return "tls";
        case modem::SocketKind::tcp_listener:
            return "tcp listener";
        case modem::SocketKind::tcp_incoming:
            return "tcp incoming";
        case modem::SocketKind::udp_service:
            return "udp service";
    }
    return "";
}

const char* words_of(modem::SocketState state) {
    switch (state) {
        case modem::SocketState::initial:
            return "initial";
        case modem::SocketState::opening:
            return "opening";
        case modem::SocketState::connected:
            return "connected";
        case modem::SocketState::listening:
            return "listening";
        case modem::SocketState::closing:
            return "closed or closing";
    }
    return "";
}

const char* words_of(modem::AccessMode mode) {
    switch (mode) {
        case modem::AccessMode::buffer:
            return "buffer";
        case modem::AccessMode::push:
            return "push";
        case modem::AccessMode::transparent:
            return "transparent";
    }
    return "";
}

std::string clock_line(const modem::Clock& clock) {
    std::string zone = std::to_string(clock.zone_quarters());
    if (clock.zone_quarters() >= 0) zone.insert(0, "+");
    return "clock " + control::words_of(clock.utc()) + ", zone " + zone + " quarters of an hour, from " +
           clock.origin() + "\n";
}

std::string context_lines(const modem::Modem& modem) {
    std::string text;
    for (int context = 1; context <= modem.profile.contexts; ++context) {
        const bool active = modem.contexts.active(context);
        if (!active && !modem.contexts.configured(context)) continue;
        text += "pdp " + std::to_string(context) + " apn \"" + modem.contexts.settings(context).apn + "\", " +
                (active ? "active, address " + modem.contexts.address(context) : "inactive") + "\n";
    }
    return text;
}

std::string port_lines(at::Unit& unit) {
    std::string text;
    const auto urc_ports = unit.urc_ports();
    for (std::size_t id = 0; id < unit.ports(); ++id) {
        at::Session& port = *unit.port(static_cast<modem::PortId>(id));
        const char* mode = "commands";
        if (port.in_data_mode()) {
            mode = "transparent data";
        } else if (port.in_data_phase()) {
            mode = "a command's data";
        }
        text += "port " + port.name() + ": " + mode +
                (std::count(urc_ports.begin(), urc_ports.end(), &port) > 0 ? ", urcport" : "") + "\n";
    }
    return text;
}

}  // namespace

std::string status_of(at::Unit& unit) {
    const modem::Modem& modem = unit.modem;
    const modem::Network& network = modem.network;
    const modem::Signal& signal = network.signal();
    std::string text = "module " + unit.dialect.name + ", firmware " + modem.profile.revision + "\n";
    text += "imei " + modem.identity.imei + ", imsi " + modem.identity.imsi + ", iccid " + modem.identity.iccid + "\n";
    text += std::string("power ") + (modem.powered() ? "on" : "off") + "\n";
    text +=
        std::string("network ") + words_of(network.registration()) + (network.attached() ? ", attached" : "") + "\n";
    text += std::string("sim ") + words_of(network.sim()) + "\n";
    text += "signal " + std::to_string(signal.rssi) + "," + std::to_string(signal.bit_errors) + "\n";
    text += clock_line(modem.clock) + context_lines(modem) + port_lines(unit);
    text += "sockets " + std::to_string(modem.sockets.all().size()) + "\n";
    return text;
}

std::string sockets_of(at::Unit& unit) {
    std::string text;
    for (const modem::SocketInfo& socket : unit.modem.sockets.all()) {
        text += std::to_string(socket.id) + " " + words_of(socket.kind) + " " + socket.remote_ip + " port " +
                std::to_string(socket.remote_port) + ", " + words_of(socket.state) + ", " + words_of(socket.mode) +
                " mode, context " + std::to_string(socket.context) + ", opened by " + unit.port_name(socket.owner);
        const std::string cause = unit.modem.sockets.cause(socket.id);
        text += (cause.empty() ? "" : ": " + cause) + "\n";
    }
    return text;
}

}  // namespace atls::control
