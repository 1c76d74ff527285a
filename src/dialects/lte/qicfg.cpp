// AT+QICFG of the BG96, and AT+QISDE: how TCP and UDP data look on the port.
#include "dialects/lte/qicfg.hpp"

namespace atls::dialects::lte {

using namespace at;

// --- what both families do
// --------------------------------------------------------------------------------------------

namespace qicfg {

namespace {

std::chrono::seconds patience(const TcpOptions& options) {
    if (!options.pauses_double) return std::chrono::seconds(options.retransmissions * options.retransmit_time);
    std::int64_t tenths = 0;
    std::int64_t pause = 10;
    for (std::int64_t i = 0; i <= options.retransmissions; ++i) {
        tenths += std::min(pause, options.retransmit_time);
        pause *= 2;
    }
    return std::chrono::seconds((tenths + 9) / 10);
}

}  // namespace

void apply_care(Call& c) {
    const TcpOptions& now = c.unit.state<TcpOptions>();
    modem::TcpCare care;
    if (now.keep_alive) {
        care.keep_alive = {now.keep_alive_idle * now.keep_alive_unit, std::chrono::seconds(now.keep_alive_interval),
                           static_cast<int>(now.keep_alive_probes)};
    }
    if (now.patience_set) care.give_up_after = patience(now);
    c.modem().sockets.set_care(care);
}

Reply set_packet_size(Call& c) {
    c.modem().sockets.options.packet_octets = static_cast<std::size_t>(c[packet_size]);
    return set_option<&TcpOptions::packet_octets, packet_size>(c);
}

Reply set_packet_wait(Call& c) {
    c.modem().sockets.options.packet_wait = std::chrono::milliseconds(100 * c[wait_time]);
    return set_option<&TcpOptions::wait_tenths, wait_time>(c);
}

Reply set_formats(Call& c) {
    set_option<&TcpOptions::send_hex, send_format>(c);
    return set_option<&TcpOptions::receive_hex, receive_format>(c);
}

Reply query_formats(Call& c) {
    const TcpOptions& now = c.unit.state<TcpOptions>();
    return answer(c, now.send_hex, now.receive_hex);
}

Reply query_retransmission(Call& c) {
    const TcpOptions& now = c.unit.state<TcpOptions>();
    return answer(c, now.retransmissions, now.retransmit_time);
}

}  // namespace qicfg

// --- the BG96
// ---------------------------------------------------------------------------------------------------------

namespace {

using namespace qicfg;

constexpr Int backoffs{"max_backoffs", 3, 20};
constexpr Int longest_wait{"max_rto", 5, 1000};
constexpr Int idle = opt(Int{"idle_time", 1, 120});
constexpr Flag echo{"echo"};

Reply set_retransmission(Call& c) {
    set_option<&TcpOptions::retransmissions, backoffs>(c);
    set_option<&TcpOptions::retransmit_time, longest_wait>(c);
    c.unit.state<TcpOptions>().patience_set = true;
    apply_care(c);
    return ok();
}

Reply query_keep_alive(Call& c) {
    const TcpOptions& now = c.unit.state<TcpOptions>();
    if (!now.keep_alive) return answer(c, 0);
    return answer(c, 1, now.keep_alive_idle, now.keep_alive_interval, now.keep_alive_probes);
}

Reply set_echo(Call& c) { return set_option<&TcpOptions::echo_payload, echo>(c); }

Reply show_echo(Call& c) { return info(line("+QISDE: ", c.unit.state<TcpOptions>().echo_payload ? 1 : 0)); }

constexpr Origin newer = trace("BG95-M3", "QICFG=?, not in the BG96 manual's list");

constexpr Key keys[] = {
    packet_size_key,
    packet_wait_key,
    formats_key,
    view_key,
    {.name = "tcp/retranscfg",
     .params = {&backoffs, &longest_wait},
     .set = set_retransmission,
     .query = query_retransmission,
     .origin = by_manual},
    option_key<&TcpOptions::length_in_recv, length_shown>("recvind", newer, true),
    keep_alive_key<idle>(query_keep_alive, newer, true),
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
