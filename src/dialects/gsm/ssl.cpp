// SSL connections of the GSM modules: QSSLOPEN, QSSLCLOSE, QSSLSEND, QSSLRECV, QSSLSTATE and their URCs.
#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;
using modem::Fault;
using modem::SocketKind;

namespace {

constexpr int default_open_seconds = 90;

constexpr Text host = filled(Text{"ipaddr/domainname", 255});
constexpr Int port{"port", 1, 65535, "<port>"};
constexpr Int mode{"connectmode", 0, 1, "<connectmode>"};
constexpr Int timeout = opt(Int{"timeout", 10, 300, "<timeout>"});
constexpr Flag close_type = opt(Flag{"closetype"});
constexpr Int length = opt(Int{"length", 1, longest_send});
constexpr Flag context{"cid"};
constexpr Int read_length{"length", 1, longest_read};

int id_of(Call& c) { return c.number(ssl_connection); }

bool open_here(Call& c) {
    const auto socket = c.modem().sockets.info(id_of(c));
    return socket && socket->kind == SocketKind::tls;
}

// --- open
// -------------------------------------------------------------------------------------------------------------

int code_of(Fault fault) {
    constexpr int failed = -1;
    constexpr int occupied = -2;
    if (fault == Fault::none) return 0;
    return fault == Fault::id_in_use ? occupied : failed;
}

std::string outcome(int id, Fault fault) { return line("+QSSLOPEN: ", id, ",", code_of(fault)); }

Reply open_ssl(Call& c) {
    const Settings& now = settings(c.unit);
    if (!now.many || !is_active(bearer_now(c.unit))) return error();
    c.modem().ssl_contexts[c.number(ssl_context)].ignore_clock = now.ignore_clock;
    const bool transparent = c[mode] == 1;
    modem::OpenRequest request;
    request.id = id_of(c);
    request.context = device_context(now.foreground);
    request.kind = SocketKind::tls;
    request.host = c[host];
    request.port = static_cast<std::uint16_t>(c[port]);
    request.mode = transparent ? modem::AccessMode::transparent : modem::AccessMode::buffer;
    request.owner = c.port();
    request.ssl_context = c.number(ssl_context);
    request.network_time = std::chrono::seconds(c.number_or(timeout, default_open_seconds));
    request.one_time_for_all = true;
    c.modem().sockets.open(request);
    if (!transparent) return ok();
    return open_transparently(c, request.id, [id = request.id](Fault fault) { return outcome(id, fault); });
}

Reply close_ssl(Call& c) {
    if (!open_here(c)) return error();
    return close_connection(c, id_of(c), line(id_of(c), ", CLOSE OK"));
}

// --- data
// -------------------------------------------------------------------------------------------------------------

Reply send_ssl(Call& c) {
    if (!open_here(c)) return error();
    Prompting how;
    if (c.has(length)) how.length = c[length];
    return send_payload(c, id_of(c), std::move(how));
}

// One CR LF between the data and OK; nothing there: only OK. What came before the peer closed stays readable.
Reply receive_ssl(Call& c) {
    auto& sockets = c.modem().sockets;
    const int id = id_of(c);
    const auto socket = sockets.data_info(id);
    if (c[context] != settings(c.unit).foreground || !socket || socket->kind != SocketKind::tls) return error();
    if (sockets.can_read(id) != Fault::none) return error();
    const Bytes data = sockets.read(id, static_cast<std::size_t>(c[read_length]));
    if (data.empty()) return ok();
    const std::string end = c.line().line_end();
    return words(
        line("+QSSLRECV: ", socket->remote_ip, ":", socket->remote_port, ",TCP,", data.size(), end, data, end, "OK"));
}

// --- state
// ------------------------------------------------------------------------------------------------------------

std::string socket_line(const modem::Sockets& sockets, int id) {
    const auto socket = sockets.info(id);
    if (!socket) return line("+QSSLSTATE: ", id, ",\"\",\"\",0,\"INITIAL\",0");
    return line("+QSSLSTATE: ", id, ",", quoted(protocol_of(socket->kind)), ",", quoted(socket->remote_ip), ",",
                socket->remote_port, ",", quoted(state_name(*socket)), ",", socket->kind == SocketKind::tls ? 1 : 0);
}

// The bearer's state is a block of its own: an empty line between.
Reply show_states(Call& c) {
    std::vector<std::string> lines{line("+QSSLSTATE: ", state_words(c.unit)), ""};
    for (int id = 0; id < connections; ++id) lines.push_back(socket_line(c.modem().sockets, id));
    return info(std::move(lines));
}

Reply nothing_to_read(Call&) { return ok(); }

// --- URCs
// -------------------------------------------------------------------------------------------------------------

UrcTexts opened(const modem::SocketOpened& event, Unit&) {
    if (event.kind != SocketKind::tls || event.mode == modem::AccessMode::transparent) return {};
    return urc(outcome(event.id, event.fault));
}

UrcTexts received(const modem::SocketReadable& event, Unit& unit) {
    const auto socket = unit.modem.sockets.data_info(event.id);
    if (event.kind != SocketKind::tls || !socket || unit.modem.sockets.readable(event.id) == 0) return {};
    return urc(line("+QSSLURC: \"recv\",", socket->context - 1, ",", event.id));
}

UrcTexts closed(const modem::SocketClosed& event, Unit&) {
    return event.kind == SocketKind::tls ? urc(line("+QSSLURC: \"closed\",", event.id)) : UrcTexts{};
}

constexpr Command rows[] = {
    {.name = "+QSSLOPEN",
     .params = {&ssl_connection, &ssl_context, &host, &port, &mode, &timeout},
     .set = open_ssl,
     .read = nothing_to_read,
     .test = TestForm::handler,
     .test_handler =
         [](Call&) {
             return info("+QSSLOPEN: <ssid>,<ctxindex>,<ipaddr/domainname>,<port>,<connectmode>[,<timeout>]");
         },
     .within = 300s,
     .origin = note(ssl_note, "2.2.2")},
    {.name = "+QSSLCLOSE",
     .params = {&ssl_connection, &close_type},
     .set = close_ssl,
     .read = nothing_to_read,
     .within = 10s,
     .origin = note(ssl_note, "2.2.3")},
    {.name = "+QSSLSEND",
     .params = {&ssl_connection, &length},
     .set = send_ssl,
     .read = nothing_to_read,
     .origin = note(ssl_note, "2.2.4")},
    {.name = "+QSSLRECV",
     .params = {&context, &ssl_connection, &read_length},
     .set = receive_ssl,
     .origin = note(ssl_note, "2.2.5")},
    {.name = "+QSSLSTATE",
     .read = nothing_to_read,
     .execute = show_states,
     .test = TestForm::only_ok,
     .origin = note(ssl_note, "2.2.6")},
};

constexpr Urc urc_rows[] = {
    on<modem::SocketOpened, opened>("+QSSLOPEN: <ssid>,<connectcode>", note(ssl_note, "2.2.2")),
    on<modem::SocketReadable, received>("+QSSLURC: \"recv\",<cid>,<ssid>", note(ssl_note, "2.2.10.1")),
    on<modem::SocketClosed, closed>("+QSSLURC: \"closed\",<ssid>", note(ssl_note, "2.2.10.2")),
};

}  // namespace

std::span<const Command> ssl_commands() { return rows; }
std::span<const Urc> ssl_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
