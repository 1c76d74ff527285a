// TCP and UDP connections of the GSM modules: opening, sending, closing, their states. One space of indexes with SSL.
#include "dialects/lte/tcpip.hpp"

#include <array>

#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;
using modem::Fault;
using modem::SocketKind;

// --- shared with SSL ----------------------------------------------------------------------------------------------

namespace {
constexpr auto close_time = 10s;
}  // namespace

Reply close_connection(Call& c, int id, std::string answer) {
    const auto holder = c.modem().sockets.held_by(id);
    if (holder && *holder != c.port()) c.unit.port(*holder)->carrier_lost(id);
    c.modem().sockets.close(id, close_time);
    return when<modem::SocketClosedHere>([id](const auto& closed) { return closed.id == id; },
                                         [answer = std::move(answer)](const auto&) { return words(answer); });
}

Reply send_payload(Call& c, int id, Prompting how) {
    if (c.modem().sockets.can_send(id) != Fault::none) return error();
    Collect collect;
    collect.invite = how.invite;
    collect.limit = static_cast<std::size_t>(how.length.value_or(longest_send));
    collect.control_z = !how.length.has_value();
    collect.echo = how.echo;
    collect.done = [&sockets = c.modem().sockets, id, good = std::move(how.sent)](Collected got) {
        if (got.end == End::cancelled) return ok();
        switch (sockets.send(id, got.data).outcome) {
            case modem::Sockets::Sent::all:
                return good;
            case modem::Sockets::Sent::no_room:
                return failed_words("SEND FAIL");
            case modem::Sockets::Sent::fault:
                return error();
        }
        return error();
    };
    return collect;
}

Reply open_transparently(Call& c, int id, std::function<std::string(Fault)> failure) {
    Reply reply = when<modem::SocketOpened>(
        [id, asking = c.port()](const auto& opened) { return opened.id == id && opened.port == asking; },
        [id, failure = std::move(failure)](const auto& opened) {
            return opened.fault == Fault::none ? Reply(EnterTransparent{id}) : words(failure(opened.fault));
        });
    return std::move(reply).with(c.line().verbose ? "OK" : "0");
}

std::string_view protocol_of(SocketKind kind) { return kind == SocketKind::udp ? "UDP" : "TCP"; }

std::string_view state_name(const modem::SocketInfo& socket) {
    switch (socket.state) {
        case modem::SocketState::initial:
            return "INITIAL";
        case modem::SocketState::opening:
            return "CONNECTING";
        case modem::SocketState::connected:
        case modem::SocketState::listening:
            return "CONNECTED";
        case modem::SocketState::closing:
            return "CLOSING";
    }
    return "CLOSED";
}

namespace {

constexpr auto open_time = 75s;
constexpr std::string_view service_names = "(\"TCP\",\"UDP\"),(<IP_address>,<domain_name>),<port>";

// With QIMUX=1 an index comes before the others: four arguments, else three.
constexpr Text index_or_mode{"[<index>,]<mode>", 8};
constexpr Text mode_or_host{"<IP_address>/<domain_name>", 255};
constexpr Text host_or_port{"<port>", 255};
constexpr Text last_port = unlisted(opt(Text{"port", 5}));
constexpr Int connection{"index", 0, connections - 1};
constexpr Int port{"port", 1, 65535};
constexpr Int index_or_length = opt(Int{"index", 0, longest_send});
constexpr Int length = opt(Int{"length", 1, longest_send});
constexpr Flag transparent{"mode"};
constexpr Int prompt{"send_prompt", 0, 3};
constexpr Flag echo{"echo"};
constexpr Int retries{"nmRetry", 0, 5};
constexpr Int wait_tenths{"waitTm", 0, 100};
constexpr Int packet_octets{"sendSz", 1, longest_send};
constexpr Flag escape{"esc"};

bool many(Call& c) { return settings(c.unit).many; }

// --- open ---------------------------------------------------------------------------------------------------------

std::optional<std::int64_t> number(const Int& param, const std::string& text) {
    const auto value = check(param, Argument{text, false, true});
    return value ? std::optional(value->number) : std::nullopt;
}

struct Target {
    int id = 0;
    SocketKind kind = SocketKind::tcp;
    std::string host;
    std::uint16_t port = 0;
};

std::optional<Target> target_of(Call& c) {
    std::array<std::string, 3> rest{c[index_or_mode], c[mode_or_host], c[host_or_port]};
    Target target;
    if (many(c) != c.has(last_port)) return std::nullopt;
    if (many(c)) {
        const auto id = number(connection, rest[0]);
        if (!id) return std::nullopt;
        target.id = static_cast<int>(*id);
        rest = {c[mode_or_host], c[host_or_port], c[last_port]};
    }
    const bool tcp = equal_ignoring_case(rest[0], "TCP");
    const auto remote = number(port, rest[2]);
    if ((!tcp && !equal_ignoring_case(rest[0], "UDP")) || rest[1].empty() || !remote) return std::nullopt;
    // AT+QIDNSIP=0: the host is given as an address, and a name is none.
    if (!settings(c.unit).by_name && !lte::is_dotted(rest[1])) return std::nullopt;
    target.kind = tcp ? SocketKind::tcp : SocketKind::udp;
    target.host = rest[1];
    target.port = static_cast<std::uint16_t>(*remote);
    return target;
}

std::string outcome(bool indexed, int id, Fault fault) {
    std::string_view what = "CONNECT FAIL";
    if (fault == Fault::none) what = "CONNECT OK";
    if (fault == Fault::id_in_use) what = "ALREADY CONNECT";
    return indexed ? line(id, ", ", what) : std::string(what);
}

Reply connect(Call& c, const Target& target) {
    const Settings& now = settings(c.unit);
    modem::OpenRequest request;
    request.id = target.id;
    request.context = foreground(c.unit);
    request.kind = target.kind;
    request.host = target.host;
    request.port = target.port;
    request.mode = now.indication == 0 ? modem::AccessMode::push : modem::AccessMode::buffer;
    if (now.transparent) request.mode = modem::AccessMode::transparent;
    request.owner = c.port();
    request.network_time = open_time;
    if (!now.many) {
        bearer_now(c.unit) = target.kind == SocketKind::udp ? Bearer(UdpConnecting{}) : Bearer(TcpConnecting{});
    }
    c.modem().sockets.open(request);
    if (!now.transparent) return ok();
    return open_transparently(c, target.id, [](Fault fault) { return outcome(false, 0, fault); });
}

/// What QIOPEN may do as things are.
enum class Start : std::uint8_t { refused, already, connects, activates };
struct WhatToDo {
    bool without_address;  ///< QILOCIP need not have been asked
    Start operator()(const IpInitial&) const { return Start::activates; }
    Start operator()(const IpStart&) const { return Start::refused; }
    Start operator()(const IpConfig&) const { return Start::refused; }
    Start operator()(const IpInd&) const { return Start::refused; }
    Start operator()(const IpGprsAct&) const { return without_address ? Start::connects : Start::refused; }
    Start operator()(const IpStatus&) const { return Start::connects; }
    Start operator()(const TcpConnecting&) const { return Start::already; }
    Start operator()(const UdpConnecting&) const { return Start::already; }
    Start operator()(const IpClose&) const { return Start::connects; }
    Start operator()(const ConnectOk&) const { return Start::already; }
    Start operator()(const PdpDeact&) const { return Start::refused; }
};

Reply open_socket(Call& c) {
    const auto target = target_of(c);
    if (!target) return error();
    switch (std::visit(WhatToDo{c.quirks().address_asked_first == 0}, bearer_now(c.unit))) {
        case Start::refused:
            return error();
        case Start::already:
            return words(outcome(false, 0, Fault::id_in_use)).with(c.line().verbose ? "OK" : "0");
        case Start::connects:
            return connect(c, *target);
        case Start::activates:
            // It registers and activates by itself.
            return activate_then(c, [call = c, target = *target](bool active) mutable {
                if (!active) return words(outcome(many(call), target.id, Fault::context_inactive)).with("OK");
                bearer_now(call.unit) = IpStatus{};
                return connect(call, target);
            });
    }
    return error();
}

Reply list_open(Call& c) { return info(line("+QIOPEN: ", many(c) ? "(0-5)," : "", service_names)); }

// --- the connection that a command means --------------------------------------------------------------------------

/// A TCP or UDP connection that holds its index.
std::optional<modem::SocketInfo> socket_at(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    return socket && socket->kind != SocketKind::tls ? socket : std::nullopt;
}

// --- send ---------------------------------------------------------------------------------------------------------

Reply send_on(Call& c, int id, std::optional<std::int64_t> octets) {
    if (!socket_at(c, id)) return error();
    const Settings& now = settings(c.unit);
    constexpr int no_prompt = 0;
    constexpr int neither = 2;
    constexpr int with_index = 3;
    Prompting how;
    how.length = octets;
    how.echo = now.echo;
    if (now.prompt == no_prompt || now.prompt == neither) how.invite = Collect::Invite::silence;
    if (now.prompt == neither) how.sent = silent();
    if (now.prompt == with_index) how.sent = words(line(id, ", SEND OK"));
    return send_payload(c, id, std::move(how));
}

Reply send(Call& c) {
    const bool given = c.has(index_or_length);
    if (!many(c)) {
        if (c.has(length) || (given && c[index_or_length] == 0)) return error();
        return send_on(c, 0, given ? std::optional(c[index_or_length]) : std::nullopt);
    }
    if (!given || c[index_or_length] >= connections) return error();
    return send_on(c, c.number(index_or_length), c.has(length) ? std::optional(c[length]) : std::nullopt);
}
Reply send_without_index(Call& c) { return many(c) ? error() : send_on(c, 0, {}); }

Reply count(Call& c, int id) {
    if (!socket_at(c, id)) return error();
    const auto sent = c.modem().sockets.sent(id);
    return info(line("+QISACK: ", sent.total, ", ", sent.acknowledged, ", ", sent.pending));
}
Reply count_at(Call& c) { return many(c) ? count(c, c.number(connection)) : error(); }
Reply count_only(Call& c) { return many(c) ? error() : count(c, 0); }

// --- close, state -------------------------------------------------------------------------------------------------

Reply close_at(Call& c) {
    const int id = c.number(connection);
    if (!many(c) || !socket_at(c, id)) return error();
    return close_connection(c, id, line(id, ", CLOSE OK"));
}
Reply close_only(Call& c) {
    if (many(c) || !socket_at(c, 0)) return error();
    return close_connection(c, 0, "CLOSE OK");
}

std::string socket_line(Call& c, int id) {
    const auto socket = c.modem().sockets.info(id);
    if (!socket) return line("+QISTATE: ", id, ",\"\",\"\",0,\"INITIAL\"");
    return line("+QISTATE: ", id, ",", quoted(protocol_of(socket->kind)), ",", quoted(socket->remote_ip), ",",
                socket->remote_port, ",", quoted(state_name(*socket)));
}

Reply show_states(Call& c) {
    const std::string good = c.line().verbose ? "OK" : "0";
    if (!many(c)) return words(state_line(c.unit, c.line())).with(good);
    std::vector<std::string> lines{good, "", state_line(c.unit, c.line()), ""};
    for (int id = 0; id < connections; ++id) lines.push_back(socket_line(c, id));
    return info(std::move(lines));
}

// --- settings -----------------------------------------------------------------------------------------------------

Reply show_mode(Call& c) { return info(line("+QIMODE: ", settings(c.unit).transparent ? 1 : 0)); }
Reply set_mode(Call& c) {
    if (many(c) && c[transparent] == 1) return error();
    settings(c.unit).transparent = c[transparent] == 1;
    return ok();
}

Reply show_prompt(Call& c) { return info(line("+QIPROMPT: ", settings(c.unit).prompt)); }
Reply set_prompt(Call& c) {
    settings(c.unit).prompt = c.number(prompt);
    return ok();
}

Reply show_echo(Call& c) { return info(line("+QISDE: ", settings(c.unit).echo ? 1 : 0)); }
Reply set_echo(Call& c) {
    settings(c.unit).echo = c[echo] == 1;
    return ok();
}

Reply show_transfer(Call& c) {
    const auto& now = settings(c.unit).transfer;
    return info(line("+QITCFG: ", now.retries, ",", now.wait_tenths, ",", now.octets, ",", now.escape ? 1 : 0));
}
// The network stack repeats by itself, as often as it sees fit: the first is kept and shown.
Reply set_transfer(Call& c) {
    if (many(c)) return error();
    settings(c.unit).transfer = {c.number(retries), c.number(wait_tenths), c.number(packet_octets), c[escape] == 1};
    auto& options = c.modem().sockets.options;
    options.packet_octets = static_cast<std::size_t>(c[packet_octets]);
    options.packet_wait = std::chrono::milliseconds(100 * c[wait_tenths]);
    return ok();
}

// --- URCs ---------------------------------------------------------------------------------------------------------

bool is_opening(const modem::SocketOpened& event) {
    return event.kind != SocketKind::tls && event.mode != modem::AccessMode::transparent;
}

UrcTexts opened(const modem::SocketOpened& event, Unit& unit) {
    if (!is_opening(event) || settings(unit).many) return {};
    return urc(outcome(false, 0, event.fault));
}
UrcTexts opened_at(const modem::SocketOpened& event, Unit& unit) {
    if (!is_opening(event) || !settings(unit).many) return {};
    return urc(outcome(true, event.id, event.fault));
}

UrcTexts closed(const modem::SocketClosed& event, Unit& unit) {
    return event.kind != SocketKind::tls && !settings(unit).many ? urc("CLOSED") : UrcTexts{};
}
UrcTexts closed_at(const modem::SocketClosed& event, Unit& unit) {
    return event.kind != SocketKind::tls && settings(unit).many ? urc(line(event.id, ", CLOSED")) : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+QIOPEN",
     .params = {&index_or_mode, &mode_or_host, &host_or_port, &last_port},
     .set = open_socket,
     .test = TestForm::handler,
     .test_handler = list_open,
     .within = 150s + open_time,
     .origin = by_manual("AT+QIOPEN")},
    {.name = "+QISEND",
     .params = {&index_or_length, &length},
     .set = send,
     .execute = send_without_index,
     .test = TestForm::handler,
     .test_handler = [](Call& c) { return info(many(c) ? "+QISEND: (0-5)[,(1-1460)]" : "+QISEND: (1-1460)"); },
     .origin = by_manual("AT+QISEND")},
    {.name = "+QISACK",
     .params = {&connection},
     .set = count_at,
     .execute = count_only,
     .origin = by_manual("AT+QISACK")},
    {.name = "+QICLOSE",
     .params = {&connection},
     .set = close_at,
     .execute = close_only,
     .within = close_time,
     .origin = by_manual("AT+QICLOSE")},
    {.name = "+QISTATE", .execute = show_states, .test = TestForm::only_ok, .origin = by_manual("AT+QISTATE")},
    {.name = "+QIMODE", .params = {&transparent}, .set = set_mode, .read = show_mode, .origin = by_manual("AT+QIMODE")},
    {.name = "+QITCFG",
     .params = {&retries, &wait_tenths, &packet_octets, &escape},
     .set = set_transfer,
     .read = show_transfer,
     .origin = by_manual("AT+QITCFG")},
    {.name = "+QIPROMPT",
     .params = {&prompt},
     .set = set_prompt,
     .read = show_prompt,
     .origin = by_manual("AT+QIPROMPT")},
    {.name = "+QISDE", .params = {&echo}, .set = set_echo, .read = show_echo, .origin = by_manual("AT+QISDE")},
};

constexpr Urc urc_rows[] = {
    on<modem::SocketOpened, opened>("CONNECT OK, CONNECT FAIL", by_manual("AT+QIOPEN")),
    on<modem::SocketOpened, opened_at>("<index>, CONNECT OK, CONNECT FAIL, ALREADY CONNECT", trace("M95", "QIOPEN")),
    on<modem::SocketClosed, closed>("CLOSED", by_manual("AT+QIOPEN")),
    on<modem::SocketClosed, closed_at>("<index>, CLOSED", trace("M95", "QIOPEN")),
};

}  // namespace

std::span<const Command> tcpip_commands() { return rows; }
std::span<const Urc> tcpip_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
