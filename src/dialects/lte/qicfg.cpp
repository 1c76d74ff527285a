// AT+QICFG and AT+QISDE of the LTE families: how TCP and UDP data look on the port.
#include "at/unit.hpp"
#include "dialects/lte/tcp_options.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

constexpr Int packet_size{"packetsize", 1, send_octets};
constexpr Int wait_time{"waittime", 0, 20};
constexpr Flag send_format{"send_data_format"};
constexpr Flag receive_format{"recv_data_format"};
constexpr Flag view_mode{"viewmode"};
constexpr Flag length_shown{"recv_indicate"};
constexpr Int backoffs{"max_backoffs", 3, 20};
constexpr Int longest_wait{"max_rto", 5, 1000};
constexpr Flag keep_alive{"enable"};
constexpr Int idle = opt(Int{"idle_time", 1, 120});
constexpr Int interval = opt(Int{"interval_time", 25, 100});
constexpr Int probes = opt(Int{"probe_cnt", 3, 10});
constexpr Flag echo{"echo"};

TcpOptions& options(Call& c) { return c.unit.state<TcpOptions>(); }

template <class... Values>
Reply answer(Call& c, Values... values) {
    std::string text = line("+QICFG: ", quoted(c.key->name));
    ((text += line(",", static_cast<std::int64_t>(values))), ...);
    return info(std::move(text));
}

template <auto member, const auto& param>
Reply set_option(Call& c) {
    auto& option = options(c).*member;
    option = static_cast<std::remove_reference_t<decltype(option)>>(c[param]);
    return ok();
}

template <auto member>
Reply query_option(Call& c) {
    return answer(c, options(c).*member);
}

template <auto first, const auto& first_param, auto second, const auto& second_param>
Reply set_pair(Call& c) {
    set_option<first, first_param>(c);
    return set_option<second, second_param>(c);
}

template <auto first, auto second>
Reply query_pair(Call& c) {
    return answer(c, options(c).*first, options(c).*second);
}

Reply set_keep_alive(Call& c) {
    TcpOptions& now = options(c);
    now.keep_alive = c[keep_alive] != 0;
    if (c.has(idle)) now.keep_alive_minutes = c[idle];
    if (c.has(interval)) now.keep_alive_seconds = c[interval];
    if (c.has(probes)) now.keep_alive_probes = c[probes];
    return ok();
}

Reply query_keep_alive(Call& c) {
    const TcpOptions& now = options(c);
    if (!now.keep_alive) return answer(c, 0);
    return answer(c, 1, now.keep_alive_minutes, now.keep_alive_seconds, now.keep_alive_probes);
}

Reply set_echo(Call& c) { return set_option<&TcpOptions::echo_payload, echo>(c); }

Reply show_echo(Call& c) { return info(line("+QISDE: ", options(c).echo_payload ? 1 : 0)); }

constexpr Origin by_manual = manual(tcpip_manual, "QICFG");
constexpr Origin newer = trace("BG95-M3", "QICFG=?, not in the BG96 manual's list");

template <auto member, const auto& param>
constexpr Key option_key(std::string_view name, Origin origin, bool hidden) {
    return {name, {&param}, 0, set_option<member, param>, query_option<member>, origin, hidden, nullptr};
}

// Packet size, waiting time, retransmission and keep-alive are kept and shown; the host's network stack has its own.
constexpr Key keys[] = {
    option_key<&TcpOptions::packet_octets, packet_size>("transpktsize", by_manual, false),
    option_key<&TcpOptions::wait_tenths, wait_time>("transwaittm", by_manual, false),
    {"dataformat",
     {&send_format, &receive_format},
     0,
     set_pair<&TcpOptions::send_hex, send_format, &TcpOptions::receive_hex, receive_format>,
     query_pair<&TcpOptions::send_hex, &TcpOptions::receive_hex>,
     by_manual,
     false,
     nullptr},
    option_key<&TcpOptions::comma_before_data, view_mode>("viewmode", by_manual, false),
    {"tcp/retranscfg",
     {&backoffs, &longest_wait},
     0,
     set_pair<&TcpOptions::retransmit_backoffs, backoffs, &TcpOptions::retransmit_timeout, longest_wait>,
     query_pair<&TcpOptions::retransmit_backoffs, &TcpOptions::retransmit_timeout>,
     by_manual,
     false,
     nullptr},
    option_key<&TcpOptions::length_in_recv, length_shown>("recvind", newer, true),
    {"tcp/keepalive",
     {&keep_alive, &idle, &interval, &probes},
     0,
     set_keep_alive,
     query_keep_alive,
     newer,
     true,
     nullptr},
};

constexpr Command rows[] = {
    {.name = "+QICFG", .keys = keys, .errors = Errors::socket, .origin = by_manual},
    {.name = "+QISDE",
     .params = {&echo},
     .set = set_echo,
     .read = show_echo,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QISDE")},
};

}  // namespace

std::span<const Command> option_commands() { return rows; }

}  // namespace atls::dialects::lte
