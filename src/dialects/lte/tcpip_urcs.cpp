// What TCP and UDP sockets and PDP contexts of the LTE families report unasked.
#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

bool is_tls(modem::SocketKind kind) { return kind == modem::SocketKind::tls; }

UrcTexts opened(const modem::SocketOpened& event, Unit& unit) {
    const bool connects = event.kind != modem::SocketKind::tcp_listener;
    if (is_tls(event.kind) || (connects && event.mode == modem::AccessMode::transparent)) return {};
    return urc(line("+QIOPEN: ", event.id, ",", unit.dialect.errors->number(event.fault)));
}

template <modem::AccessMode mode>
UrcTexts received(const modem::SocketReadable& event, Unit& unit) {
    const bool addressed = event.kind == modem::SocketKind::udp_service && mode == modem::AccessMode::push;
    return !is_tls(event.kind) && !addressed && event.mode == mode ? received_urc(event, unit, "+QIURC") : UrcTexts{};
}

UrcTexts datagram(const modem::SocketReadable& event, Unit& unit) {
    const bool pushed = event.kind == modem::SocketKind::udp_service && event.mode == modem::AccessMode::push;
    return pushed ? received_urc(event, unit, "+QIURC") : UrcTexts{};
}

UrcTexts incoming(const modem::SocketIncoming& event, Unit&) {
    return urc(
        line("+QIURC: \"incoming\",", event.id, ",", event.listener, ",", quoted(event.ip), ",", event.remote_port));
}

UrcTexts incoming_full(const modem::SocketsFull&, Unit&) { return urc("+QIURC: \"incoming full\""); }

UrcTexts send_report(const modem::SocketSent& event, Unit&) {
    return urc(line("+QISEND: ", event.id, ",", event.taken ? 0 : 1, ",", event.octets));
}

UrcTexts closed_here(const modem::SocketClosedHere& event, Unit&) {
    return event.port ? urc(line("+QIURC: \"closed\",", event.id)) : UrcTexts{};
}

UrcTexts closed(const modem::SocketClosed& event, Unit&) {
    return is_tls(event.kind) ? UrcTexts{} : urc(line("+QIURC: \"closed\",", event.id));
}

UrcTexts context_lost(const modem::ContextLost& event, Unit&) {
    return urc(line("+QIURC: \"pdpdeact\",", event.context));
}

constexpr Origin by_manual = manual(tcpip_manual, "URCs");

constexpr Urc rows[] = {
    on<modem::SocketOpened, opened>("+QIOPEN: <connectID>,<err>", manual(tcpip_manual, "QIOPEN")),
    on<modem::SocketReadable, received<modem::AccessMode::buffer>>("+QIURC: \"recv\",<connectID>", by_manual),
    on<modem::SocketReadable, received<modem::AccessMode::push>>("+QIURC: \"recv\",<connectID>,<length>", by_manual),
    on<modem::SocketReadable, datagram>("+QIURC: \"recv\",<connectID>,<length>,<remoteIP>,<remote_port>", by_manual),
    on<modem::SocketIncoming, incoming>("+QIURC: \"incoming\",<connectID>,<serverID>,<remoteIP>,<remote_port>",
                                        by_manual),
    on<modem::SocketsFull, incoming_full>("+QIURC: \"incoming full\"", by_manual),
    on<modem::SocketClosed, closed>("+QIURC: \"closed\",<connectID>", by_manual),
    on<modem::ContextLost, context_lost>("+QIURC: \"pdpdeact\",<contextID>", by_manual),
};

constexpr Urc ec200_rows[] = {
    on<modem::SocketSent, send_report>("+QISEND: <connectID>,<status>,<octets>", driver("esp-ml307", "sendinfo 1")),
    on<modem::SocketClosedHere, closed_here>("+QIURC: \"closed\",<connectID> after QICLOSE with close/mode 1",
                                             manual(ec200_manual, "2.4.8")),
};

}  // namespace

std::span<const Urc> socket_urcs() { return rows; }
std::span<const Urc> ec200_socket_urcs() { return ec200_rows; }

}  // namespace atls::dialects::lte
