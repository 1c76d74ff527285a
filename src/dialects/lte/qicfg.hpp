// The keys of AT+QICFG that both LTE families have, and what keys are made with.
#pragma once

#include "at/unit.hpp"
#include "dialects/lte/tcp_options.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte::qicfg {

// --- handlers
// ---------------------------------------------------------------------------------------------------------

// A key's setting is what the commands look at, or what the device does.
inline TcpOptions& holder(at::Call& c, const TcpOptions*) { return c.unit.state<TcpOptions>(); }
inline modem::SocketOptions& holder(at::Call& c, const modem::SocketOptions*) { return c.modem().sockets.options; }
template <class Class, class T>
T& setting(at::Call& c, T Class::*member) {
    return holder(c, static_cast<const Class*>(nullptr)).*member;
}

template <class... Values>
at::Reply answer(at::Call& c, Values... values) {
    std::string text = at::line("+QICFG: ", at::quoted(c.key->name));
    ((text += at::line(",", static_cast<std::int64_t>(values))), ...);
    return at::info(std::move(text));
}

template <auto member, const auto& param>
at::Reply set_option(at::Call& c) {
    auto& option = setting(c, member);
    option = static_cast<std::remove_reference_t<decltype(option)>>(c[param]);
    return at::ok();
}

template <auto member>
at::Reply query_option(at::Call& c) {
    return answer(c, setting(c, member));
}

template <auto member, const auto& param>
constexpr at::Key option_key(std::string_view name, at::Origin origin, bool hidden = false) {
    return {name, {&param}, 0, set_option<member, param>, query_option<member>, origin, hidden, nullptr};
}

at::Reply set_packet_size(at::Call& c);
at::Reply set_packet_wait(at::Call& c);
at::Reply set_formats(at::Call& c);
at::Reply query_formats(at::Call& c);
at::Reply query_retransmission(at::Call& c);
/// Keep-alive and retransmission as they are now, for the connections.
void apply_care(at::Call& c);

// --- parameters and keys
// ----------------------------------------------------------------------------------------------

inline constexpr at::Int packet_size{"packetsize", 1, send_octets};
inline constexpr at::Int wait_time{"waittime", 0, 20};
inline constexpr at::Flag send_format{"send_data_format"};
inline constexpr at::Flag receive_format{"recv_data_format"};
inline constexpr at::Flag view_mode{"viewmode"};
inline constexpr at::Flag length_shown{"recv_indicate"};
inline constexpr at::Flag keep_alive{"enable"};
inline constexpr at::Int interval = at::opt(at::Int{"interval_time", 25, 100});
inline constexpr at::Int probes = at::opt(at::Int{"probe_cnt", 3, 10});

inline constexpr at::Origin by_manual = at::manual(tcpip_manual, "QICFG");

/// tcp/keepalive; `idle`, the time without data before the first probe, has each family's own unit and range.
template <const auto& idle>
at::Reply set_keep_alive(at::Call& c) {
    TcpOptions& now = c.unit.state<TcpOptions>();
    now.keep_alive = c[keep_alive] != 0;
    if (c.has(idle)) now.keep_alive_idle = c[idle];
    if (c.has(interval)) now.keep_alive_interval = c[interval];
    if (c.has(probes)) now.keep_alive_probes = c[probes];
    apply_care(c);
    return at::ok();
}

template <const auto& idle>
constexpr at::Key keep_alive_key(at::Handler query, at::Origin origin, bool hidden = false) {
    return {"tcp/keepalive", {&keep_alive, &idle, &interval, &probes}, 0, set_keep_alive<idle>, query, origin, hidden,
            nullptr};
}

inline constexpr at::Key packet_size_key{
    "transpktsize", {&packet_size}, 0,      set_packet_size, query_option<&TcpOptions::packet_octets>,
    by_manual,      false,          nullptr};
inline constexpr at::Key packet_wait_key{
    "transwaittm", {&wait_time}, 0, set_packet_wait, query_option<&TcpOptions::wait_tenths>, by_manual, false, nullptr};
inline constexpr at::Key formats_key{
    "dataformat", {&send_format, &receive_format}, 0, set_formats, query_formats, by_manual, false, nullptr};
inline constexpr at::Key view_key = option_key<&TcpOptions::comma_before_data, view_mode>("viewmode", by_manual);

}  // namespace atls::dialects::lte::qicfg
