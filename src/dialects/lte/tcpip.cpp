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

// Servers ("TCP LISTENER", "UDP SERVICE", and with them the "incoming" URCs) are not built: ERROR, 555.
std::optional<modem::SocketKind> client_kind(const std::string& name) {
    if (equal_ignoring_case(name, "TCP")) return modem::SocketKind::tcp;
    if (equal_ignoring_case(name, "UDP")) return modem::SocketKind::udp;
    return std::nullopt;
}

modem::Fault refusal(const std::string& name) {
    const bool server = equal_ignoring_case(name, "TCP LISTENER") || equal_ignoring_case(name, "UDP SERVICE");
    return server ? modem::Fault::not_supported : modem::Fault::bad_parameter;
}

Reply open_tcp(Call& c) {
    const auto kind = client_kind(c[service]);
    if (!kind) return fault(refusal(c[service]));
    if (c[remote_port] == 0) return fault(modem::Fault::bad_parameter);
    return open_socket(c, {.id = c.number(connect_id),
                           .context = c.number(context_id),
                           .kind = *kind,
                           .host = c[host],
                           .port = static_cast<std::uint16_t>(c[remote_port]),
                           .local_port = static_cast<std::uint16_t>(c.number_or(local_port, 0)),
                           .mode = static_cast<modem::AccessMode>(c.number_or(access, 0)),
                           .owner = c.port(),
                           .ssl_context = 0});
}

// An SSL connection's id is not open as far as these commands go.
bool open_here(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    return socket && socket->kind != modem::SocketKind::tls;
}

Reply count_sent(Call& c, int id) {
    const auto count = c.modem().sockets.sent(id);
    return info(line("+QISEND: ", count.total, ",", count.acknowledged, ",", count.pending));
}

Reply send_tcp(Call& c) {
    const int id = c.number(connect_id);
    if (!open_here(c, id)) return fault(modem::Fault::not_allowed);
    if (c.has(service_ip) || c.has(service_port)) return fault(modem::Fault::not_supported);
    if (c.has(send_length) && c[send_length] == 0) return count_sent(c, id);
    return send_payload(c, id, c.has(send_length) ? std::optional(c[send_length]) : std::nullopt,
                        c.unit.state<TcpOptions>().echo_payload);
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
    return result.outcome == modem::Sockets::Sent::all ? words("SEND OK") : failed_words("SEND FAIL");
}

Reply read_tcp(Call& c) {
    const int id = c.number(connect_id);
    auto& sockets = c.modem().sockets;
    if (!open_here(c, id)) return fault(modem::Fault::not_allowed);
    const auto unfit = sockets.can_read(id);
    if (unfit != modem::Fault::none) return fault(unfit);
    const int most = c.number_or(read_length, push_octets);
    if (most == 0) {
        const auto count = sockets.received(id);
        return info(line("+QIRD: ", count.total, ",", count.read, ",", count.unread));
    }
    const Bytes data = sockets.read(id, static_cast<std::size_t>(most));
    if (data.empty()) return info("+QIRD: 0");
    // As in a pushed URC, the count is of octets even where they are shown in hexadecimal.
    const bool hex = c.unit.state<TcpOptions>().receive_hex;
    return info(line("+QIRD: ", data.size(), c.line().line_end(), hex ? to_hex(data) : data));
}

Reply close_tcp(Call& c) {
    return close_socket(c, c.number(connect_id),
                        std::chrono::seconds(c.has(close_timeout) ? c[close_timeout] : default_close_seconds));
}

std::string state_line(Call& c, const modem::SocketInfo& socket) {
    return line("+QISTATE: ", socket.id, socket.kind == modem::SocketKind::udp ? ",\"UDP\"," : ",\"TCP\",",
                quoted(socket.remote_ip), ",", socket.remote_port, ",", socket.local_port, ",",
                static_cast<int>(socket.state), ",", socket.context, ",", socket.id, ",", static_cast<int>(socket.mode),
                ",", quoted(c.unit.port_name(socket.owner)));
}

Reply states(Call& c, std::optional<int> context, std::optional<int> id) {
    std::vector<std::string> lines;
    for (const auto& socket : c.modem().sockets.all()) {
        if (socket.kind == modem::SocketKind::tls) continue;
        if ((!context || socket.context == *context) && (!id || socket.id == *id)) {
            lines.push_back(state_line(c, socket));
        }
    }
    return info(std::move(lines));
}

Reply all_states(Call& c) { return states(c, {}, {}); }

Reply some_states(Call& c) {
    const int number = c.number(queried);
    const Int& range = c[query_type] == 0 ? context_id : connect_id;
    if (number < range.lowest || number > range.highest) return fault(modem::Fault::bad_parameter);
    return c[query_type] == 0 ? states(c, number, {}) : states(c, {}, number);
}

// TCP, UDP and SSL alike.
Reply switch_mode(Call& c) {
    const int id = c.number(connect_id);
    const auto mode = static_cast<modem::AccessMode>(c.number(new_access));
    const auto blocked = reachable(c, id);
    if (blocked != modem::Fault::none) return fault(blocked);
    // Whatever stops a send stops this, and tells a peer that has closed from an id that is not open.
    const auto unfit = c.modem().sockets.can_send(id);
    if (unfit != modem::Fault::none) return fault(unfit);
    const auto refused = c.modem().sockets.set_mode(id, mode, c.port());
    if (refused != modem::Fault::none) return fault(refused);
    return mode == modem::AccessMode::transparent ? Reply(EnterTransparent{id}) : ok();
}

// Per port. It is not a TCP/IP command itself: asking twice answers the same.
Reply show_last_error(Call& c) {
    const int number = c.dialect().errors->number(c.session.last_fault);
    return info(line("+QIGETERROR: ", number, ",", c.dialect().errors->text(number)));
}

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

std::span<const Command> tcpip_commands() {
    static const auto all = joined<Command>({pdp_commands(), socket_commands(), option_commands(), errand_commands()});
    return all;
}

std::span<const Urc> tcpip_urcs() {
    static const auto all = joined<Urc>({socket_urcs(), errand_urcs()});
    return all;
}

}  // namespace atls::dialects::lte
