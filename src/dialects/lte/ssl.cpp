// SSL sockets of the LTE families: QSSLOPEN, QSSLSEND, QSSLRECV, QSSLCLOSE, QSSLSTATE and their URCs.
#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcp_options.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr const Int& pdp = ssl_pdp_context;
constexpr const Int& most = ssl_read_length;
constexpr std::int64_t default_read = 1500;
constexpr Int ssl{"SSL_ctxID", 0, 5};
constexpr Int client{"clientID", 0, 11};
constexpr Text host = filled(Text{"serveraddr"});
constexpr Int port{"server_port", 0, 65535, "<server_port>"};
constexpr Int access = opt(Int{"access_mode", 0, 2});
constexpr Int length = opt(Int{"sendlen", 1, send_octets});
constexpr Int close_timeout = opt(Int{"close_timeout", 0, 65535}, Brackets::no);
constexpr Int query_or_id{"clientID", 0, 11};
constexpr Int queried_id = opt(Int{"clientID", 0, 11});

Reply open_ssl(Call& c) {
    return open_socket(c, {.id = c.number(client),
                           .context = c.number(pdp),
                           .kind = modem::SocketKind::tls,
                           .host = c[host],
                           .port = static_cast<std::uint16_t>(c[port]),
                           .local_port = 0,
                           .mode = static_cast<modem::AccessMode>(c.number_or(access, 0)),
                           .owner = c.port(),
                           .ssl_context = c.number(ssl)});
}

// The id of a TCP or UDP socket is not open as far as these commands go.
bool open_here(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    return socket && socket->kind == modem::SocketKind::tls;
}

// SSL payload is never echoed: no echo switch is known to touch it.
Reply send_ssl(Call& c) {
    if (!open_here(c, c.number(client))) return fault(modem::Fault::not_allowed);
    return send_payload(c, c.number(client), c.has(length) ? std::optional(c[length]) : std::nullopt, false);
}

Reply receive_ssl(Call& c) {
    const int id = c.number(client);
    auto& sockets = c.modem().sockets;
    if (!open_here(c, id)) return fault(modem::Fault::not_allowed);
    const auto unfit = sockets.can_read(id);
    if (unfit != modem::Fault::none) return fault(unfit);
    if (c.has(most) && c[most] == 0) {
        if (c.quirks().recv_length_zero_counts == 0) return fault(modem::Fault::bad_parameter);
        const auto count = sockets.received(id);
        return info(line("+QSSLRECV: ", count.total, ",", count.read, ",", count.unread));
    }
    const Bytes data = sockets.read(id, static_cast<std::size_t>(c.has(most) ? c[most] : default_read));
    if (data.empty()) return info("+QSSLRECV: 0");
    const bool hex = c.unit.state<TcpOptions>().receive_hex;
    return info(line("+QSSLRECV: ", data.size(), c.line().line_end(), hex ? to_hex(data) : data));
}

// Seconds, or milliseconds where the socket's context says so ("closetimemode"). Drivers close all ids before they
// begin; another's TCP socket stays.
Reply close_ssl(Call& c) {
    const std::int64_t time = c.has(close_timeout) ? c[close_timeout] : default_close_seconds;
    const auto socket = c.modem().sockets.info(c.number(client));
    if (socket && socket->kind != modem::SocketKind::tls) return ok();
    const auto& contexts = c.modem().ssl_contexts;
    const auto context = socket ? contexts.find(socket->ssl_context) : contexts.end();
    const bool in_milliseconds = context != contexts.end() && context->second.close_time_mode != 0;
    return close_socket(c, c.number(client), std::chrono::milliseconds(in_milliseconds ? time : time * 1000));
}

std::string state_line(Call& c, const modem::SocketInfo& socket) {
    const int local_port = c.quirks().state_shows_local_port != 0 ? socket.local_port : 0;
    return line("+QSSLSTATE: ", socket.id, ",\"SSLClient\",", quoted(socket.remote_ip), ",", socket.remote_port, ",",
                local_port, ",", static_cast<int>(socket.state), ",", socket.context, ",", socket.id, ",",
                static_cast<int>(socket.mode), ",", quoted(c.unit.port_name(socket.owner)), ",", socket.ssl_context);
}

Reply states(Call& c, std::optional<int> only) {
    std::vector<std::string> lines;
    for (const auto& socket : c.modem().sockets.all()) {
        if (socket.kind == modem::SocketKind::tls && (!only || socket.id == *only))
            lines.push_back(state_line(c, socket));
    }
    return info(std::move(lines));
}

Reply all_states(Call& c) { return states(c, {}); }

// =<clientID>, and =1,<clientID> as QISTATE has it: three drivers ask so.
Reply one_state(Call& c) {
    if (!c.has(queried_id)) return states(c, c.number(query_or_id));
    if (c[query_or_id] != 1) return fault(modem::Fault::bad_parameter);
    return states(c, c.number(queried_id));
}

UrcTexts opened(const modem::SocketOpened& event, Unit& unit) {
    if (event.kind != modem::SocketKind::tls || event.mode == modem::AccessMode::transparent) return {};
    return urc(line("+QSSLOPEN: ", event.id, ",", unit.dialect.errors->number(event.fault)));
}

UrcTexts received(const modem::SocketReadable& event, Unit& unit) {
    return event.kind == modem::SocketKind::tls && event.mode == modem::AccessMode::buffer
               ? received_urc(event, unit, "+QSSLURC")
               : UrcTexts{};
}

UrcTexts pushed(const modem::SocketReadable& event, Unit& unit) {
    return event.kind == modem::SocketKind::tls && event.mode == modem::AccessMode::push
               ? received_urc(event, unit, "+QSSLURC")
               : UrcTexts{};
}

UrcTexts closed(const modem::SocketClosed& event, Unit&) {
    return event.kind == modem::SocketKind::tls ? urc(line("+QSSLURC: \"closed\",", event.id)) : UrcTexts{};
}

constexpr Command rows[] = {
    {.name = "+QSSLOPEN",
     .params = {&pdp, &ssl, &client, &host, &port, &access},
     .set = open_ssl,
     .errors = Errors::socket,
     .within = 450s,
     .origin = note("BG96 SSL", "2.1.2")},
    {.name = "+QSSLSEND",
     .params = {&client, &length},
     .set = send_ssl,
     .errors = Errors::socket,
     .origin = note("BG96 SSL", "2.1.3")},
    {.name = "+QSSLRECV",
     .params = {&client, &most},
     .set = receive_ssl,
     .errors = Errors::socket,
     .origin = note("BG96 SSL", "2.1.4")},
    {.name = "+QSSLCLOSE",
     .params = {&client, &close_timeout},
     .set = close_ssl,
     .errors = Errors::socket,
     .within = 10s,
     .origin = note("BG96 SSL", "2.1.5")},
    {.name = "+QSSLSTATE",
     .params = {&query_or_id, &queried_id},
     .set = one_state,
     .read = all_states,
     .execute = all_states,
     .test = TestForm::only_ok,
     .errors = Errors::socket,
     .origin = note("BG96 SSL", "2.1.6")},
};

constexpr Urc urc_rows[] = {
    on<modem::SocketOpened, opened>("+QSSLOPEN: <clientID>,<err>", note("BG96 SSL", "2.1.2")),
    on<modem::SocketReadable, received>("+QSSLURC: \"recv\",<clientID>", note("BG96 SSL", "2.2.1")),
    on<modem::SocketReadable, pushed>("+QSSLURC: \"recv\",<clientID>,<length>", note("BG96 SSL", "2.2.1")),
    on<modem::SocketClosed, closed>("+QSSLURC: \"closed\",<clientID>", note("BG96 SSL", "2.2.2")),
};

}  // namespace

std::span<const Command> ssl_commands() { return rows; }
std::span<const Urc> ssl_urcs() { return urc_rows; }

}  // namespace atls::dialects::lte
