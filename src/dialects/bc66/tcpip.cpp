// TCP and UDP sockets of the BC66: QIOPEN, QICLOSE, QISTATE, QISEND, QISENDEX, QIRD, QISWTMD, QICFG and their URCs.
#include "dialects/bc66/bc66.hpp"

namespace atls::dialects::bc66 {

using namespace at;
using namespace std::chrono_literals;
using modem::Fault;
using modem::SocketKind;

namespace {

constexpr std::int64_t longest_inline = 1024;
constexpr std::int64_t longest_hex = 512;
constexpr std::int64_t longest_read = 512;
// A pushed URC carries what a read would; not stated.
constexpr std::size_t most_a_urc = 512;
// How long SEND FAIL is put off; not stated.
constexpr auto send_time = 60s;
constexpr auto connect_time = 60s;
constexpr auto close_time = 10s;

constexpr Int context{"contextID", 1, 3};
constexpr Int connection{"connectID", 0, 4};
constexpr Text service{"service_type", 8, "\"TCP/UDP\""};
constexpr Text host = filled(Text{"IP_address", 150, "\"<IP_address>/<domain_name>\""});
constexpr Int remote_port{"remote_port", 1, 65535, "<remote_port>"};
constexpr Int local_port = opt(Int{"local_port", 0, 65535, "<local_port>"}, Brackets::no);
constexpr Int access = opt(Int{"access_mode", 0, 1, "(0-1)"}, Brackets::no);
constexpr Int protocol = opt(Int{"protocol_type", 0, 1, "(0-1)"});
constexpr Int new_access{"access_mode", 0, 1};
constexpr Int send_length{"send_length", 0, longest_inline};
constexpr Text inline_data = opt(Text{"data", 2 * longest_inline});
constexpr Int hex_length{"send_length", 1, longest_hex};
constexpr Text hex_data{"hex_string", 2 * longest_hex};
constexpr Int read_length{"read_length", 1, longest_read};
constexpr Flag query_type{"query_type"};
constexpr Int queried{"contextID", 0, 4};
constexpr Flag send_format = opt(Flag{"send_data_format"});
constexpr Flag receive_format = opt(Flag{"recv_data_format"});
constexpr Flag view = opt(Flag{"view_mode"});
constexpr Flag length_shown = opt(Flag{"show_length"});

// --- AT+QICFG: kept in NV at once
// -------------------------------------------------------------------------------------

constexpr const char* formats_option = "QICFG/dataformat";
constexpr const char* view_option = "QICFG/viewmode";
constexpr const char* length_option = "QICFG/showlength";

std::string formats(const modem::Modem& modem) { return modem.option(formats_option, "0,0"); }
bool sends_hex(const modem::Modem& modem) { return formats(modem).front() == '1'; }
bool receives_hex(const modem::Modem& modem) { return formats(modem).back() == '1'; }
bool comma_before_data(const modem::Modem& modem) { return modem.option(view_option, "0") == "1"; }
bool shows_length(const modem::Modem& modem) { return modem.option(length_option, "0") == "1"; }

Reply show_setting(Call& c, const std::string& value) {
    return info(line("+QICFG: ", quoted(c.key->name), ",", value));
}

Reply set_formats(Call& c) {
    if (!c.has(send_format) || !c.has(receive_format)) return fault(Fault::bad_parameter);
    c.modem().set_option(formats_option, line(c[send_format], ",", c[receive_format]), true);
    return ok();
}
Reply query_formats(Call& c) { return show_setting(c, formats(c.modem())); }
Reply set_view(Call& c) {
    c.modem().set_option(view_option, std::to_string(c[view]), true);
    return ok();
}
Reply query_view(Call& c) { return show_setting(c, c.modem().option(view_option, "0")); }
Reply set_length(Call& c) {
    c.modem().set_option(length_option, std::to_string(c[length_shown]), true);
    return ok();
}
Reply query_length(Call& c) { return show_setting(c, c.modem().option(length_option, "0")); }

// --- sockets
// ----------------------------------------------------------------------------------------------------------

Reply open_socket(Call& c) {
    const bool tcp = equal_ignoring_case(c[service], "TCP");
    if (!tcp && !equal_ignoring_case(c[service], "UDP")) return fault(Fault::bad_parameter);
    modem::OpenRequest request;
    request.id = c.number(connection);
    request.context = c.number(context);
    request.kind = tcp ? SocketKind::tcp : SocketKind::udp;
    request.host = c[host];
    request.port = static_cast<std::uint16_t>(c[remote_port]);
    request.local_port = static_cast<std::uint16_t>(c.number_or(local_port, 0));
    request.mode = static_cast<modem::AccessMode>(c.number_or(access, 0));
    request.owner = c.port();
    request.network_time = connect_time;
    c.modem().sockets.open(request);
    return ok();
}

// An SSL connection's id is not open as far as these commands go.
std::optional<modem::SocketInfo> open_here(Call& c) {
    const auto socket = c.modem().sockets.info(c.number(connection));
    return socket && socket->kind != SocketKind::tls ? socket : std::nullopt;
}

Reply close_socket(Call& c) {
    const auto socket = c.modem().sockets.info(c.number(connection));
    if (socket && socket->kind == SocketKind::tls) return fault(Fault::not_allowed);
    c.modem().sockets.close(c.number(connection), close_time, c.port());
    return ok();
}

Reply deliver(at::Unit& unit, int id, BytesView octets) {
    return fault(unit.modem.sockets.deliver(id, octets, send_time));
}

Reply send_checked(Call& c, std::int64_t length, const std::string& text, bool hex) {
    const auto octets = hex ? from_hex(text) : std::optional(Bytes(text));
    if (!octets || octets->size() != static_cast<std::size_t>(length)) return fault(Fault::bad_parameter);
    return deliver(c.unit, c.number(connection), *octets);
}

Reply send_data(Call& c) {
    if (!open_here(c)) return fault(Fault::not_allowed);
    const int id = c.number(connection);
    const bool hex = sends_hex(c.modem());
    if (c[send_length] == 0) {
        const auto count = c.modem().sockets.sent(id);
        return info(line("+QISEND: ", count.total, ",", count.acknowledged, ",", count.pending));
    }
    if (const auto unfit = c.modem().sockets.can_send(id); unfit != Fault::none) return fault(unfit);
    if (c.has(inline_data)) return send_checked(c, c[send_length], c[inline_data], hex);
    Collect collect;
    collect.limit = static_cast<std::size_t>(c[send_length]) * (hex ? 2 : 1);
    collect.done = [&unit = c.unit, id, hex](Collected got) {
        const auto octets = hex ? from_hex(got.data) : std::optional(std::move(got.data));
        return octets ? deliver(unit, id, *octets) : fault(Fault::bad_parameter);
    };
    return collect;
}

Reply send_hex(Call& c) {
    if (!open_here(c)) return fault(Fault::not_allowed);
    return send_checked(c, c[hex_length], c[hex_data], true);
}

Reply read_data(Call& c) {
    const int id = c.number(connection);
    auto& sockets = c.modem().sockets;
    if (!open_here(c)) return fault(Fault::not_allowed);
    if (const auto unfit = sockets.can_read(id); unfit != Fault::none) return fault(unfit);
    const Bytes data = sockets.read(id, static_cast<std::size_t>(c[read_length]));
    if (data.empty()) return info("+QIRD: 0");
    const std::string left = shows_length(c.modem()) ? line(",", sockets.readable(id)) : "";
    const std::string seam = comma_before_data(c.modem()) ? "," : c.line().line_end();
    return info(line("+QIRD: ", data.size(), left, seam, receives_hex(c.modem()) ? to_hex(data) : data));
}

Reply switch_mode(Call& c) {
    if (!open_here(c)) return fault(Fault::not_allowed);
    return fault(
        c.modem().sockets.set_mode(c.number(connection), static_cast<modem::AccessMode>(c[new_access]), c.port()));
}

int state_number(modem::SocketState state) {
    constexpr int closing = 3;
    return state == modem::SocketState::closing ? closing : static_cast<int>(state);
}

Reply states(Call& c, std::optional<int> of_context, std::optional<int> id) {
    std::vector<std::string> lines;
    for (const auto& one : c.modem().sockets.all()) {
        const bool wanted = (!of_context || one.context == *of_context) && (!id || one.id == *id);
        if (one.kind == SocketKind::tls || !wanted) continue;
        lines.push_back(line("+QISTATE: ", one.id, ",", quoted(one.kind == SocketKind::tcp ? "TCP" : "UDP"), ",",
                             quoted(one.remote_ip), ",", one.remote_port, ",", one.local_port, ",",
                             state_number(one.state), ",", one.context, ",", static_cast<int>(one.mode)));
    }
    return info(std::move(lines));
}

Reply all_states(Call& c) { return states(c, {}, {}); }
Reply some_states(Call& c) {
    return c[query_type] == 0 ? states(c, c.number(queried), {}) : states(c, {}, c.number(queried));
}

// --- URCs
// -------------------------------------------------------------------------------------------------------------

bool is_tls(SocketKind kind) { return kind == SocketKind::tls; }

UrcTexts opened(const modem::SocketOpened& event, Unit& unit) {
    if (is_tls(event.kind)) return {};
    return urc(line("+QIOPEN: ", event.id, ",", unit.dialect.errors->number(event.fault)));
}

UrcTexts sent(const modem::SocketDelivered& event, Unit&) {
    return !is_tls(event.kind) && event.fault == Fault::none ? urc("SEND OK") : UrcTexts{};
}

UrcTexts not_sent(const modem::SocketDelivered& event, Unit&) {
    return !is_tls(event.kind) && event.fault != Fault::none ? urc("SEND FAIL") : UrcTexts{};
}

UrcTexts closed_here(const modem::SocketClosedHere& event, Unit&) {
    return !is_tls(event.kind) && event.port ? urc("CLOSE OK") : UrcTexts{};
}

UrcTexts announced(const modem::SocketReadable& event, Unit& unit) {
    const std::size_t unread = unit.modem.sockets.readable(event.id);
    if (is_tls(event.kind) || event.mode != modem::AccessMode::buffer || unread == 0) return {};
    return urc(line("+QIURC: \"recv\",", event.id, shows_length(unit.modem) ? line(",", unread) : ""));
}

UrcTexts pushed(const modem::SocketReadable& event, Unit& unit) {
    if (is_tls(event.kind) || event.mode != modem::AccessMode::push) return {};
    auto& sockets = unit.modem.sockets;
    const Bytes data = sockets.read(event.id, most_a_urc);
    if (data.empty()) return {};
    const std::string head = line("+QIURC: \"recv\",", event.id, ",", data.size());
    const Bytes body = receives_hex(unit.modem) ? to_hex(data) : data;
    const bool more = sockets.readable(event.id) > 0;
    if (comma_before_data(unit.modem)) return {UrcText{line(head, ",", body), {}, more}};
    return {UrcText{head, body, more}};
}

UrcTexts closed(const modem::SocketClosed& event, Unit&) {
    return is_tls(event.kind) ? UrcTexts{} : urc(line("+QIURC: \"closed\",", event.id));
}

constexpr Origin by_manual(std::string_view clause) { return manual(tcpip_manual, clause); }
constexpr Origin prompted = driver("RT-Thread bc26", "QISEND with a prompt, QISEND=<id>,0");

constexpr Key keys[] = {
    {.name = "dataformat", .params = {&send_format, &receive_format}, .set = set_formats, .query = query_formats},
    {.name = "viewmode", .params = {&view}, .set = set_view, .query = query_view},
    {.name = "showlength", .params = {&length_shown}, .set = set_length, .query = query_length},
};

constexpr Command rows[] = {
    {.name = "+QIOPEN",
     .params = {&context, &connection, &service, &host, &remote_port, &local_port, &access, &protocol},
     .set = open_socket,
     .errors = Errors::socket,
     .within = connect_time,
     .origin = by_manual("QIOPEN")},
    {.name = "+QICLOSE",
     .params = {&connection},
     .set = close_socket,
     .errors = Errors::socket,
     .within = close_time,
     .origin = by_manual("QICLOSE")},
    {.name = "+QISTATE",
     .params = {&query_type, &queried},
     .set = some_states,
     .read = all_states,
     .test = TestForm::only_ok,
     .errors = Errors::socket,
     .origin = by_manual("QISTATE")},
    {.name = "+QISEND",
     .params = {&connection, &send_length, &inline_data},
     .set = send_data,
     .errors = Errors::socket,
     .origin = prompted},
    {.name = "+QISENDEX",
     .params = {&connection, &hex_length, &hex_data},
     .set = send_hex,
     .errors = Errors::socket,
     .origin = by_manual("QISENDEX")},
    {.name = "+QIRD",
     .params = {&connection, &read_length},
     .set = read_data,
     .errors = Errors::socket,
     .origin = by_manual("QIRD")},
    {.name = "+QISWTMD",
     .params = {&connection, &new_access},
     .set = switch_mode,
     .errors = Errors::socket,
     .origin = by_manual("QISWTMD")},
    {.name = "+QICFG", .keys = keys, .errors = Errors::socket, .origin = by_manual("QICFG")},
};

constexpr Urc urc_rows[] = {
    on<modem::SocketOpened, opened>("+QIOPEN: <connectID>,<err>", by_manual("QIOPEN")),
    on<modem::SocketDelivered, sent>("SEND OK", by_manual("QISEND")),
    on<modem::SocketDelivered, not_sent>("SEND FAIL", by_manual("QISEND")),
    on<modem::SocketClosedHere, closed_here>("CLOSE OK", by_manual("QICLOSE")),
    on<modem::SocketReadable, announced>("+QIURC: \"recv\",<connectID>[,<length>]", by_manual("URCs")),
    on<modem::SocketReadable, pushed>("+QIURC: \"recv\",<connectID>,<length> and data", by_manual("URCs")),
    on<modem::SocketClosed, closed>("+QIURC: \"closed\",<connectID>", by_manual("URCs")),
};

}  // namespace

std::span<const Command> socket_commands() { return rows; }
std::span<const Urc> socket_urcs() { return urc_rows; }

}  // namespace atls::dialects::bc66
