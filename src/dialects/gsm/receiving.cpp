// What TCP and UDP connections of the GSM modules receive: pushed to the host (QINDI=0), or announced and read (QIRD).
#include <algorithm>

#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using modem::AccessMode;
using modem::SocketKind;

namespace {

// A pushed piece is no longer than a send.
constexpr std::size_t most_pushed = longest_send;

constexpr Flag context{"id"};
constexpr Int side{"sc", 1, 2};
constexpr Int connection{"sid", 0, connections - 1};
constexpr Int read_length{"len", 1, longest_read};
constexpr Int indication{"method", 0, 2};
constexpr Flag flag{"mode"};

// --- QIRD ---------------------------------------------------------------------------------------------------------

// One CR LF between the data and OK; nothing there, or nothing that is not pushed anyway: only OK.
Reply read_data(Call& c) {
    constexpr int as_client = 1;
    const int id = c.number(connection);
    auto& sockets = c.modem().sockets;
    const auto socket = sockets.data_info(id);
    const bool here = socket && socket->kind != SocketKind::tls && socket->context == device_context(c.number(context));
    if (!here || c[side] != as_client) return error();
    if (sockets.can_read(id) != modem::Fault::none) return ok();
    const Bytes data = sockets.read(id, static_cast<std::size_t>(c[read_length]));
    if (data.empty()) return ok();
    const std::string end = c.line().line_end();
    return words(line("+QIRD: ", socket->remote_ip, ":", socket->remote_port, ",", protocol_of(socket->kind), ",",
                      data.size(), end, data, end, "OK"));
}

// --- settings -----------------------------------------------------------------------------------------------------

Reply show_indication(Call& c) { return info(line("+QINDI: ", settings(c.unit).indication)); }
// Connections that are open follow; what they hold unread is announced, or pushed, anew.
Reply set_indication(Call& c) {
    settings(c.unit).indication = c.number(indication);
    auto& sockets = c.modem().sockets;
    for (const auto& socket : sockets.all()) {
        if (socket.kind == SocketKind::tls || socket.mode == AccessMode::transparent) continue;
        (void)sockets.set_mode(socket.id, c[indication] == 0 ? AccessMode::push : AccessMode::buffer, socket.owner);
    }
    return ok();
}

template <auto member>
Reply show(Call& c) {
    return info(line(c.command.name, ": ", settings(c.unit).*member ? 1 : 0));
}
template <auto member>
Reply set(Call& c) {
    settings(c.unit).*member = c[flag] == 1;
    return ok();
}

// --- URCs ---------------------------------------------------------------------------------------------------------

/// The connection that an event of pushed data is about, if that is how it goes.
std::optional<modem::SocketInfo> pushed_from(const modem::SocketReadable& event, Unit& unit, bool indexed) {
    const bool wanted = event.kind != SocketKind::tls && event.mode == AccessMode::push;
    if (!wanted || settings(unit).many != indexed || unit.modem.sockets.readable(event.id) == 0) return std::nullopt;
    return unit.modem.sockets.data_info(event.id);
}

UrcTexts pushed_at(const modem::SocketReadable& event, Unit& unit) {
    if (!pushed_from(event, unit, true)) return {};
    const Bytes data = unit.modem.sockets.read(event.id, most_pushed);
    const std::string head = line("+RECEIVE: ", event.id, ", ", data.size());
    return {UrcText{head, data, unit.modem.sockets.readable(event.id) > 0}};
}

UrcTexts from_whom(const modem::SocketReadable& event, Unit& unit) {
    const auto socket = pushed_from(event, unit, false);
    if (!socket || !settings(unit).sender) return {};
    return urc(line("RECV FROM:", socket->remote_ip, ":", socket->remote_port));
}

UrcTexts to_whom(const modem::SocketReadable& event, Unit& unit) {
    const auto socket = pushed_from(event, unit, false);
    if (!socket || !settings(unit).receiver) return {};
    return urc(line("TO:", unit.modem.contexts.address(socket->context)));
}

UrcTexts pushed(const modem::SocketReadable& event, Unit& unit) {
    const auto socket = pushed_from(event, unit, false);
    if (!socket || settings(unit).head) return {};
    Bytes data = unit.modem.sockets.read(event.id, most_pushed);
    return {UrcText{{}, std::move(data), unit.modem.sockets.readable(event.id) > 0, true}};
}

// No line end between the length and the data.
UrcTexts pushed_with_length(const modem::SocketReadable& event, Unit& unit) {
    const auto socket = pushed_from(event, unit, false);
    if (!socket || !settings(unit).head) return {};
    const Bytes data = unit.modem.sockets.read(event.id, most_pushed);
    const auto protocol = settings(unit).protocol ? protocol_of(socket->kind) : std::string_view();
    const std::string start = unit.port(unit.showing)->line.line_end();
    return {UrcText{
        {}, line(start, "IPD", data.size(), protocol, ":", data), unit.modem.sockets.readable(event.id) > 0, true}};
}

/// "+QIRDI: 0,1,2", of data that waits to be read.
std::string announcement(const modem::SocketReadable& event, Unit& unit, bool with_lengths) {
    if (event.kind == SocketKind::tls || event.mode != AccessMode::buffer) return {};
    if ((settings(unit).indication == 2) != with_lengths || unit.modem.sockets.readable(event.id) == 0) return {};
    const auto socket = unit.modem.sockets.data_info(event.id);
    return socket ? line("+QIRDI: ", socket->context - 1, ",1,", event.id) : std::string();
}

UrcTexts announced(const modem::SocketReadable& event, Unit& unit) {
    const std::string text = announcement(event, unit, false);
    return text.empty() ? UrcTexts{} : urc(text);
}

// A stream has no packets: as many as its octets would fill.
UrcTexts announced_with_lengths(const modem::SocketReadable& event, Unit& unit) {
    const std::string text = announcement(event, unit, true);
    if (text.empty()) return {};
    const std::size_t total = unit.modem.sockets.readable(event.id);
    const std::size_t packets = (total + most_pushed - 1) / most_pushed;
    return urc(line(text, ",", packets, ",", std::min(total, most_pushed), ",", total));
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

template <auto member>
constexpr Command flag_row(std::string_view name) {
    return {.name = name, .params = {&flag}, .set = set<member>, .read = show<member>, .origin = by_manual(name)};
}

constexpr Command rows[] = {
    {.name = "+QIRD",
     .params = {&context, &side, &connection, &read_length},
     .set = read_data,
     .origin = by_manual("AT+QIRD")},
    {.name = "+QINDI",
     .params = {&indication},
     .set = set_indication,
     .read = show_indication,
     .origin = by_manual("AT+QINDI")},
    flag_row<&Settings::head>("+QIHEAD"),
    flag_row<&Settings::sender>("+QISHOWRA"),
    flag_row<&Settings::protocol>("+QISHOWPT"),
    flag_row<&Settings::receiver>("+QISHOWLA"),
};

constexpr Urc urc_rows[] = {
    on<modem::SocketReadable, from_whom>("RECV FROM:<IP>:<port>", by_manual("AT+QISHOWRA")),
    on<modem::SocketReadable, to_whom>("TO:<IP>", by_manual("AT+QISHOWLA")),
    on<modem::SocketReadable, pushed>("the data received", by_manual("AT+QINDI")),
    on<modem::SocketReadable, pushed_with_length>("IPD<length>[TCP|UDP]: and the data", by_manual("AT+QIHEAD")),
    on<modem::SocketReadable, pushed_at>("+RECEIVE: <index>, <length> and the data", driver("RT-Thread m26")),
    on<modem::SocketReadable, announced>("+QIRDI: <id>,<sc>,<sid>", note(ssl_note, "3.3")),
    on<modem::SocketReadable, announced_with_lengths>("+QIRDI: <id>,<sc>,<sid>,<num>,<len>,<tlen>",
                                                      manual("MC60 AT commands V1.2", "AT+QINDI")),
};

}  // namespace

std::span<const Command> receiving_commands() { return rows; }
std::span<const Urc> receiving_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
