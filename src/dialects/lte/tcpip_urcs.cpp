// What TCP and UDP sockets and PDP contexts of the LTE families report unasked.
#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

bool is_tls(modem::SocketKind kind) { return kind == modem::SocketKind::tls; }

UrcTexts opened(const modem::SocketOpened& event, Unit& unit) {
    if (is_tls(event.kind) || event.mode == modem::AccessMode::transparent) return {};
    return urc(line("+QIOPEN: ", event.id, ",", unit.dialect.errors->number(event.fault)));
}

template <modem::AccessMode mode>
UrcTexts received(const modem::SocketReadable& event, Unit& unit) {
    return !is_tls(event.kind) && event.mode == mode ? received_urc(event, unit, "+QIURC") : UrcTexts{};
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
    on<modem::SocketClosed, closed>("+QIURC: \"closed\",<connectID>", by_manual),
    on<modem::ContextLost, context_lost>("+QIURC: \"pdpdeact\",<contextID>", by_manual),
};

}  // namespace

std::span<const Urc> socket_urcs() { return rows; }

}  // namespace atls::dialects::lte
