// What AT+QICFG and AT+QISDE set, for TCP, UDP and, where the notes say so, SSL sockets of the LTE families.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace atls::dialects::lte {

/// Made as the BG96 has it; ec200_tcp_options() turns it into that family's.
struct TcpOptions {
    std::int64_t packet_octets = 1024;   ///< transpktsize
    std::int64_t wait_tenths = 2;        ///< transwaittm, units of 100 ms
    bool send_hex = false;               ///< dataformat, first value
    bool receive_hex = false;            ///< dataformat, second value
    bool comma_before_data = false;      ///< viewmode
    bool length_in_recv = false;         ///< recvind
    std::int64_t retransmissions = 8;    ///< tcp/retranscfg
    std::int64_t retransmit_time = 600;  ///< the longest pause, units of 100 ms; each pause, seconds, if none doubles
    bool pauses_double = true;           ///< from a second up to the longest; else all are alike
    bool patience_set = false;           ///< tcp/retranscfg was given: until then the network stack has its own
    bool keep_alive = false;             ///< tcp/keepalive
    std::int64_t keep_alive_idle = 1;    ///< in keep_alive_unit
    std::chrono::seconds keep_alive_unit{60};
    std::int64_t keep_alive_interval = 75;
    std::int64_t keep_alive_probes = 9;
    bool echo_payload = true;  ///< AT+QISDE

    // EC200x, EC800x
    bool report_sends = false;        ///< sendinfo
    bool report_closes = false;       ///< close/mode
    std::int64_t prompt_seconds = 0;  ///< qisend/timeout; 0: the prompt waits for ever
    std::int64_t prompt_format = 0;   ///< formatcfg
    std::int64_t udp_send_mode = 0;   ///< udp/sendmode
    std::int64_t quick_recycle = 0;   ///< tcp/twrecycle
    struct Retry {
        std::int64_t count = 4;
        std::int64_t seconds = 0;
    };
    /// pdp/retry: deactivation on 4G and 2G, activation on 4G and 2G.
    std::array<Retry, 4> retries{Retry{4, 6}, Retry{4, 5}, Retry{4, 8}, Retry{4, 10}};
    struct AutoSend {
        std::int64_t period = 0;
        std::string hex{};
    };
    std::map<int, AutoSend> auto_sends;  ///< send/auto, by id
    std::map<int, std::string> ignored;  ///< recv/ignore, by id, as hexadecimal
    std::set<int> addresses_wanted;      ///< contexts whose +QIACTEX shall show the address
};

/// A push URC's most data, octets.
inline constexpr std::size_t push_octets = 1500;
/// The most one send command takes.
inline constexpr std::int64_t send_octets = 1460;

}  // namespace atls::dialects::lte
