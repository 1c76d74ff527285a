// SSL connections of the BC66: QSSLOPEN, QSSLSEND, QSSLCLOSE and their URCs. What came of a command is a line behind
// its OK; data comes in URCs only.
#include "dialects/bc66/bc66.hpp"
#include "dialects/rows.hpp"

namespace atls::dialects::bc66 {

using namespace at;
using namespace std::chrono_literals;
using modem::Fault;
using modem::SocketKind;

namespace {

constexpr std::size_t longest_send = 1460;
constexpr std::size_t longest_hex_send = 730;
constexpr std::size_t most_a_urc = 1300;
constexpr std::size_t most_a_hex_urc = 650;
// The note gives the command 300 ms.
constexpr auto close_time = 300ms;

constexpr Text host = filled(Text{"host_name", 255, "<host_name>"});
constexpr Int port{"port", 1, 65535, "<port>"};
constexpr Flag mode{"connect_mode"};
constexpr Int length = opt(Int{"send_length", 1, longest_send});

// The note's chapter 4.
int number_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return 0;
        case Fault::unknown:
        case Fault::no_memory:
        case Fault::internal:
            return -1;
        case Fault::create_failed:
        case Fault::bind_failed:
        case Fault::write_failed:
        case Fault::read_failed:
        case Fault::context_inactive:
        case Fault::context_failed:
        case Fault::name_not_resolved:
        case Fault::connect_failed:
        case Fault::peer_closed:
        case Fault::context_lost:
            return -2;
        case Fault::server_certificate:
            return -3;
        case Fault::own_credentials:
            return -4;
        case Fault::no_common_suite:
            return -5;
        case Fault::id_in_use:
        case Fault::busy:
        case Fault::port_busy:
        case Fault::not_allowed:
            return -6;
        case Fault::timed_out:
            return -7;
        case Fault::bad_parameter:
        case Fault::not_supported:
        case Fault::cancelled:
        case Fault::apn_missing:
        case Fault::handshake_failed:
            return -9;
    }
    return -9;
}

std::string outcome(std::string_view command, int id, Fault fault) {
    return line(command, ": 1,", id, ",", number_of(fault));
}

int connection_of(Call& c) { return c.number(ssl_connection); }

bool open_here(Call& c) {
    const auto socket = c.modem().sockets.info(connection_of(c));
    return context_works(c[ssl_context]) && socket && socket->kind == SocketKind::tls;
}

Reply open_ssl(Call& c) {
    // The note: only context 1 and the non-transparent mode work.
    if (!context_works(c[ssl_context]) || c[mode] != 0) return error();
    const int id = connection_of(c);
    modem::OpenRequest request;
    request.id = id;
    request.context = default_context;
    request.kind = SocketKind::tls;
    request.host = c[host];
    request.port = static_cast<std::uint16_t>(c[port]);
    request.mode = modem::AccessMode::push;
    request.owner = c.port();
    request.ssl_context = id;
    request.network_time = ssl_options(c.unit, id).timeout;
    request.one_time_for_all = true;
    c.modem().sockets.open(request);
    return ok();
}

// In hexadecimal the host types two digits an octet.
Reply send_ssl(Call& c) {
    const int id = connection_of(c);
    if (!open_here(c) || c.modem().sockets.can_send(id) != Fault::none) return error();
    const bool hex = ssl_options(c.unit, id).send_hex;
    const std::size_t most = hex ? longest_hex_send : longest_send;
    const std::size_t octets = c.has(length) ? static_cast<std::size_t>(c[length]) : most;
    if (octets > most) return error();
    Collect collect;
    collect.limit = hex ? 2 * octets : octets;
    collect.control_z = !c.has(length);
    collect.done = [&unit = c.unit, id, hex](Collected got) {
        if (got.end == End::cancelled) return ok();
        const auto data = hex ? from_hex(got.data) : std::optional(std::move(got.data));
        if (!data) return error();
        const Fault refused = unit.modem.sockets.deliver(id, *data, ssl_options(unit, id).timeout);
        return refused == Fault::none ? ok() : error();
    };
    return collect;
}

Reply close_ssl(Call& c) {
    if (!open_here(c)) return error();
    c.modem().sockets.close(connection_of(c), close_time, c.port());
    return ok();
}

Reply nothing_to_read(Call&) { return ok(); }

// --- URCs
// -------------------------------------------------------------------------------------------------------------

UrcTexts opened(const modem::SocketOpened& event, Unit&) {
    return event.kind == SocketKind::tls ? urc(outcome("+QSSLOPEN", event.id, event.fault)) : UrcTexts{};
}

UrcTexts delivered(const modem::SocketDelivered& event, Unit&) {
    return event.kind == SocketKind::tls ? urc(outcome("+QSSLSEND", event.id, event.fault)) : UrcTexts{};
}

UrcTexts closed_here(const modem::SocketClosedHere& event, Unit&) {
    const bool told = event.kind == SocketKind::tls && event.port;
    return told ? urc(outcome("+QSSLCLOSE", event.id, Fault::none)) : UrcTexts{};
}

UrcTexts received(const modem::SocketReadable& event, Unit& unit) {
    if (event.kind != SocketKind::tls) return {};
    const bool hex = ssl_options(unit, event.id).receive_hex;
    auto& sockets = unit.modem.sockets;
    const Bytes data = sockets.read(event.id, hex ? most_a_hex_urc : most_a_urc);
    if (data.empty()) return {};
    std::string text =
        line("+QSSLURC: \"recv\",1,", event.id, ",", data.size(), ",", quoted(hex ? to_hex(data) : data));
    return {UrcText{std::move(text), {}, sockets.readable(event.id) > 0}};
}

UrcTexts closed(const modem::SocketClosed& event, Unit&) {
    return event.kind == SocketKind::tls ? urc(line("+QSSLURC: \"closed\",1,", event.id)) : UrcTexts{};
}

constexpr Command rows[] = {
    {.name = "+QSSLOPEN",
     .params = {&ssl_context, &ssl_connection, &host, &port, &mode},
     .set = open_ssl,
     .read = nothing_to_read,
     .within = 300s,
     .origin = note(ssl_note, "2.2.2")},
    {.name = "+QSSLSEND",
     .params = {&ssl_context, &ssl_connection, &length},
     .set = send_ssl,
     .read = nothing_to_read,
     .within = 300s,
     .origin = note(ssl_note, "2.2.3")},
    {.name = "+QSSLCLOSE",
     .params = {&ssl_context, &ssl_connection},
     .set = close_ssl,
     .read = nothing_to_read,
     .origin = note(ssl_note, "2.2.4")},
};

constexpr Urc urc_rows[] = {
    on<modem::SocketOpened, opened>("+QSSLOPEN: <contextID>,<connectID>,<err>", note(ssl_note, "2.2.2")),
    on<modem::SocketDelivered, delivered>("+QSSLSEND: <contextID>,<connectID>,<err>", note(ssl_note, "2.2.3")),
    on<modem::SocketClosedHere, closed_here>("+QSSLCLOSE: <contextID>,<connectID>,<err>", note(ssl_note, "2.2.4")),
    on<modem::SocketReadable, received>("+QSSLURC: \"recv\",<contextID>,<connectID>,<length>,\"<data>\"",
                                        note(ssl_note, "2.3.1")),
    on<modem::SocketClosed, closed>("+QSSLURC: \"closed\",<contextID>,<connectID>", note(ssl_note, "2.3.2")),
};

}  // namespace

std::span<const Command> ssl_commands() { return rows; }
std::span<const Urc> ssl_urcs() { return urc_rows; }

}  // namespace atls::dialects::bc66
