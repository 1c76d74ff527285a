// What AT+QICFG and AT+QISDE set, for TCP, UDP and, where the notes say so, SSL sockets of the LTE families.
#pragma once

#include <cstdint>

namespace atls::dialects::lte {

struct TcpOptions {
    std::int64_t packet_octets = 1024;      ///< transpktsize
    std::int64_t wait_tenths = 2;           ///< transwaittm, units of 100 ms
    bool send_hex = false;                  ///< dataformat, first value
    bool receive_hex = false;               ///< dataformat, second value
    bool comma_before_data = false;         ///< viewmode
    bool length_in_recv = false;            ///< recvind
    std::int64_t retransmit_backoffs = 8;   ///< tcp/retranscfg
    std::int64_t retransmit_timeout = 600;  ///< units of 100 ms
    bool keep_alive = false;                ///< tcp/keepalive
    std::int64_t keep_alive_minutes = 1;
    std::int64_t keep_alive_seconds = 75;  ///< between probes
    std::int64_t keep_alive_probes = 9;
    bool echo_payload = true;  ///< AT+QISDE
};

/// A push URC's most data, octets.
inline constexpr std::size_t push_octets = 1500;
/// The most one send command takes.
inline constexpr std::int64_t send_octets = 1460;

}  // namespace atls::dialects::lte
