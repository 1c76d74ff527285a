// TCP and UDP sockets of the LTE families: QIOPEN, QISEND, QISENDEX, QIRD, QICLOSE, QISTATE, QISWTMD, QIGETERROR.
#include "dialects/lte/tcpip.hpp"

#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcp_options.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr Text service{"service_type", 16, "\"TCP/UDP/TCP LISTENER/UDP SERVICE\""};
constexpr Text host = filled(Text{"IP_address", 255, "\"<IP_address>/<domain_name>\""});
constexpr Int remote_port{"remote_port", 0, 65535, "<remote_port>"};
constexpr Int local_port = opt(Int{"local_port", 0, 65535, "<local_port>"}, Brackets::no);
constexpr Int access = opt(Int{"access_mode", 0, 2}, Brackets::no);
constexpr Int new_access{"access_mode", 0, 2};
constexpr Int send_length = opt(Int{"send_length", 0, send_octets}, Brackets::no);
constexpr Text service_ip = opt(Text{"remoteIP", 39});
constexpr Int service_port = opt(Int{"remote_port", 0, 65535});
constexpr Text hex_string{"hex_string", 512};
constexpr Int read_length = opt(Int{"read_length", 0, push_octets}, Brackets::no);
constexpr Int close_timeout = opt(Int{"timeout", 0, 65535}, Brackets::no);
constexpr Int query_type{"query_type", 0, 1};
constexpr Int queried{"connectID", 0, 16};
constexpr Int most_clients = opt(Int{"tcp_client_maxnum", 0, 11}, Brackets::no);
constexpr Int connect_time = opt(Int{"connect_timeout", 10, 150}, Brackets::no);

using modem::SocketKind;

struct Service {
    std::string_view name;
    SocketKind kind;
};
constexpr Service services[] = {{"TCP", SocketKind::tcp},
                                {"UDP", SocketKind::udp},
                                {"TCP LISTENER", SocketKind::tcp_listener},
                                {"TCP INCOMING", SocketKind::tcp_incoming},
                                {"UDP SERVICE", SocketKind::udp_service}};

std::optional<SocketKind> wanted_kind(const std::string& name) {
    for (const auto& [known, kind] : services) {
        if (kind != SocketKind::tcp_incoming && equal_ignoring_case(name, known)) return kind;
    }
    return std::nullopt;
}

std::string_view name_of(SocketKind kind) {
    for (const auto& known : services) {
        if (known.kind == kind) return known.name;
    }
    return "";
}

bool is_server(SocketKind kind) { return kind == SocketKind::tcp_listener || kind == SocketKind::udp_service; }

// A server names itself by this address, no remote port, and the port it waits at.
bool well_addressed(Call& c, SocketKind kind) {
    if (!is_server(kind)) return c[remote_port] != 0;
    return c[host] == "127.0.0.1" && c[remote_port] == 0 && c.number_or(local_port, 0) != 0;
}

Reply open_tcp(Call& c) {
    const auto kind = wanted_kind(c[service]);
    if (!kind || !well_addressed(c, *kind)) return fault(modem::Fault::bad_parameter);
    const auto mode = static_cast<modem::AccessMode>(c.number_or(access, 0));
    // A service has no peer that a transparent port's octets could go to.
    if (*kind == SocketKind::udp_service && mode == modem::AccessMode::transparent) {
        return fault(modem::Fault::not_supported);
    }
    modem::OpenRequest request;
    request.id = c.number(connect_id);
    request.context = c.number(context_id);
    request.kind = *kind;
    request.host = c[host];
    request.port = static_cast<std::uint16_t>(c[remote_port]);
    request.local_port = static_cast<std::uint16_t>(c.number_or(local_port, 0));
    request.mode = mode;
    request.owner = c.port();
    request.most_incoming = c.number_or(most_clients, request.most_incoming);
    if (c.has(connect_time)) request.network_time = std::chrono::seconds(c[connect_time]);
    return open_socket(c, request);
}

// An SSL connection's id is not open as far as these commands go.
bool open_here(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    return socket && socket->kind != SocketKind::tls;
}

bool is_service(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    return socket && socket->kind == SocketKind::udp_service;
}

Reply count_sent(Call& c, int id) {
    const auto count = c.modem().sockets.sent(id);
    return info(line("+QISEND: ", count.total, ",", count.acknowledged, ",", count.pending));
}

Reply send_tcp(Call& c) {
    const int id = c.number(connect_id);
    if (!open_here(c, id)) return fault(modem::Fault::not_allowed);
    const bool service_send = is_service(c, id);
    const bool addressed = c.has(service_ip) && c.has(service_port);
    if (c.has(send_length) && c[send_length] == 0) return count_sent(c, id);
    // A service's datagrams all need an address, and nothing else takes one.
    if (service_send != addressed || c.has(service_ip) != c.has(service_port))
        return fault(modem::Fault::bad_parameter);
    const TcpOptions& options = c.unit.state<TcpOptions>();
    Prompt prompt;
    if (options.prompt_seconds != 0) prompt.idle = std::chrono::seconds(options.prompt_seconds);
    prompt.ends_line = options.prompt_format != 0;
    if (service_send) {
        if (!is_dotted(c[service_ip]) || c[service_port] == 0) return fault(modem::Fault::bad_parameter);
        prompt.to = {c[service_ip], static_cast<std::uint16_t>(c[service_port])};
    }
    return send_payload(c, id, c.has(send_length) ? std::optional(c[send_length]) : std::nullopt, options.echo_payload,
                        std::move(prompt));
}

Reply test_send(Call& c) { return info(line(c.command.name, ": ", shown(used(c.command.params).first(2)))); }

Reply send_hex(Call& c) {
    const int id = c.number(connect_id);
    const auto octets = from_hex(c[hex_string]);
    if (!octets || octets->empty()) return fault(modem::Fault::bad_parameter);
    if (!open_here(c, id)) return fault(modem::Fault::not_allowed);
    const auto blocked = reachable(c, id);
    if (blocked != modem::Fault::none) return fault(blocked);
    const auto unfit = c.modem().sockets.can_send(id);
    if (unfit != modem::Fault::none) return fault(unfit);
    const auto result = c.modem().sockets.send(id, *octets);
    if (result.outcome == modem::Sockets::Sent::fault) return fault(result.fault);
    if (c.unit.state<TcpOptions>().report_sends) {
        const int full = result.outcome == modem::Sockets::Sent::all ? 0 : 1;
        return info(line("+QISENDEX: ", id, ",", full, ",", c.modem().sockets.room(id)));
    }
    return result.outcome == modem::Sockets::Sent::all ? words("SEND OK") : failed_words("SEND FAIL");
}

Reply read_tcp(Call& c) {
    const int id = c.number(connect_id);
    auto& sockets = c.modem().sockets;
    // Data outlives the id where the module closes with its peer.
    const auto socket = sockets.data_info(id);
    if (!socket || socket->kind == SocketKind::tls || socket->kind == SocketKind::tcp_listener) {
        return fault(modem::Fault::not_allowed);
    }
    const auto unfit = sockets.can_read(id);
    if (unfit != modem::Fault::none) return fault(unfit);
    const int most = c.number_or(read_length, push_octets);
    if (most == 0) {
        const auto count = sockets.received(id);
        return info(line("+QIRD: ", count.total, ",", count.read, ",", count.unread));
    }
    const auto from = sockets.sender(id);
    const Bytes data = sockets.read(id, static_cast<std::size_t>(most));
    if (data.empty()) return info("+QIRD: 0");
    const std::string sender = from ? line(",", quoted(from->ip), ",", from->port) : "";
    // As in a pushed URC, the count is of octets even where they are shown in hexadecimal.
    const bool hex = c.unit.state<TcpOptions>().receive_hex;
    return info(line("+QIRD: ", data.size(), sender, c.line().line_end(), hex ? to_hex(data) : data));
}

// To an SSL connection's id this is as to one that is not open.
Reply close_tcp(Call& c) {
    const auto socket = c.modem().sockets.info(c.number(connect_id));
    if (socket && socket->kind == SocketKind::tls) return ok();
    return close_socket(c, c.number(connect_id),
                        std::chrono::seconds(c.has(close_timeout) ? c[close_timeout] : default_close_seconds),
                        c.unit.state<TcpOptions>().report_closes);
}

std::string state_line(Call& c, const modem::SocketInfo& socket) {
    const int server = socket.kind == SocketKind::tcp_incoming ? socket.listener : socket.id;
    return line("+QISTATE: ", socket.id, ",", quoted(name_of(socket.kind)), ",", quoted(socket.remote_ip), ",",
                socket.remote_port, ",", socket.local_port, ",", static_cast<int>(socket.state), ",", socket.context,
                ",", server, ",", static_cast<int>(socket.mode), ",", quoted(c.unit.port_name(socket.owner)));
}

Reply states(Call& c, std::optional<int> context, std::optional<int> id) {
    std::vector<std::string> lines;
    for (const auto& socket : c.modem().sockets.all()) {
        if (socket.kind == SocketKind::tls) continue;
        if ((!context || socket.context == *context) && (!id || socket.id == *id)) {
            lines.push_back(state_line(c, socket));
        }
    }
    return info(std::move(lines));
}

Reply all_states(Call& c) { return states(c, {}, {}); }

Reply some_states(Call& c) {
    const int number = c.number(queried);
    const auto& profile = c.modem().profile;
    const bool of_context = c[query_type] == 0;
    const bool exists = of_context ? number >= 1 && number <= profile.contexts : number < profile.sockets;
    if (!exists) return fault(modem::Fault::bad_parameter);
    return of_context ? states(c, number, {}) : states(c, {}, number);
}

// TCP, UDP and SSL alike.
Reply switch_mode(Call& c) {
    const int id = c.number(connect_id);
    const auto mode = static_cast<modem::AccessMode>(c.number(new_access));
    const auto blocked = reachable(c, id);
    if (blocked != modem::Fault::none) return fault(blocked);
    // Whatever stops a send stops this, and tells a peer that has closed from an id that is not open.
    const auto unfit = is_service(c, id) ? c.modem().sockets.can_send_to(id) : c.modem().sockets.can_send(id);
    // A caller that is to be transparent waits for just this.
    const bool taken_up = c.modem().sockets.held_by(id) == c.port();
    if (unfit != modem::Fault::none && !taken_up) return fault(unfit);
    const auto refused = c.modem().sockets.set_mode(id, mode, c.port());
    if (refused != modem::Fault::none) return fault(refused);
    return mode == modem::AccessMode::transparent ? Reply(EnterTransparent{id}) : ok();
}

// Per port. It is not a TCP/IP command itself: asking twice answers the same.
Reply show_last_error(Call& c) {
    const int number = c.dialect().errors->number(c.session.last_fault);
    return info(line("+QIGETERROR: ", number, ",", c.dialect().errors->text(number)));
}

constexpr Command ec200_rows[] = {
    {.name = "+QIOPEN",
     .params = {&context_id, &connect_id, &service, &host, &remote_port, &local_port, &access, &most_clients,
                &connect_time},
     .set = open_tcp,
     .errors = Errors::socket,
     .within = 150s,
     .origin = manual(ec200_manual, "2.4.7")},
};

constexpr Command rows[] = {
    {.name = "+QIOPEN",
     .params = {&context_id, &connect_id, &service, &host, &remote_port, &local_port, &access},
     .set = open_tcp,
     .errors = Errors::socket,
     .within = 150s,
     .origin = manual(tcpip_manual, "QIOPEN")},
    {.name = "+QISEND",
     .params = {&connect_id, &send_length, &service_ip, &service_port},
     .set = send_tcp,
     .test = TestForm::handler,
     .test_handler = test_send,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QISEND")},
    {.name = "+QISENDEX",
     .params = {&connect_id, &hex_string},
     .set = send_hex,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QISENDEX")},
    {.name = "+QIRD",
     .params = {&connect_id, &read_length},
     .set = read_tcp,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QIRD")},
    {.name = "+QICLOSE",
     .params = {&connect_id, &close_timeout},
     .set = close_tcp,
     .errors = Errors::socket,
     .within = 10s,
     .origin = manual(tcpip_manual, "QICLOSE")},
    {.name = "+QISTATE",
     .params = {&query_type, &queried},
     .set = some_states,
     .read = all_states,
     .execute = all_states,
     .test = TestForm::only_ok,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QISTATE")},
    {.name = "+QISWTMD",
     .params = {&connect_id, &new_access},
     .set = switch_mode,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QISWTMD")},
    {.name = "+QIGETERROR",
     .execute = show_last_error,
     .test = TestForm::only_ok,
     .origin = manual(tcpip_manual, "QIGETERROR")},
};

template <class Row>
std::vector<Row> joined(std::initializer_list<std::span<const Row>> parts) {
    std::vector<Row> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace

std::span<const Command> socket_commands() { return rows; }
std::span<const Command> ec200_socket_commands() { return ec200_rows; }

std::span<const Command> tcpip_commands() {
    static const auto all = joined<Command>({pdp_commands(), socket_commands(), option_commands(), errand_commands()});
    return all;
}

std::span<const Urc> tcpip_urcs() {
    static const auto all = joined<Urc>({socket_urcs(), errand_urcs()});
    return all;
}

std::span<const Command> ec200_tcpip_commands() {
    static const auto all = joined<Command>(
        {ec200_pdp_commands(), ec200_socket_commands(), ec200_option_commands(), ec200_errand_commands()});
    return all;
}

std::span<const Urc> ec200_tcpip_urcs() {
    static const auto all = joined<Urc>({ec200_socket_urcs(), ec200_pdp_urcs()});
    return all;
}

}  // namespace atls::dialects::lte
