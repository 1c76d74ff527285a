// The BC66 and BC66-NA: NB-IoT modules with a grammar of their own. Each table is a topic of this folder.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string_view>

#include "at/dialect.hpp"
#include "at/unit.hpp"

namespace atls::dialects {

/// BC66, BC66-NA.
std::span<const at::Dialect> bc66_modules();

namespace bc66 {

inline constexpr std::string_view ssl_note = "BC66&BC66-NA SSL";
/// The sibling on the same platform whose manuals are public.
inline constexpr std::string_view at_manual = "BC26 AT commands V1.0";
inline constexpr std::string_view tcpip_manual = "BC26 TCP/IP V1.0";

/// The PDN connection that comes up with the registration; the only one that sockets can use.
inline constexpr int default_context = 1;

std::span<const at::Command> ssl_commands();  ///< QSSLCFG QSSLOPEN QSSLSEND QSSLCLOSE
std::span<const at::Urc> ssl_urcs();
std::span<const at::Command> socket_commands();  ///< QIOPEN … QISWTMD QICFG
std::span<const at::Urc> socket_urcs();
std::span<const at::Command> pdn_commands();  ///< QCGDEFCONT QGACT CGDCONT CGPADDR QIPADDR
std::span<const at::Urc> pdn_urcs();
std::span<const at::Command> radio_commands();  ///< CSCON CESQ QNBIOTEVENT QNBIOTRAI
std::span<const at::Urc> radio_urcs();
std::span<const at::Command> general_commands();  ///< identity, functionality, sleep, power
std::span<const at::Urc> general_urcs();

std::span<const std::int64_t> rates();  ///< of AT+IPR
/// For Dialect::restore_module: what AT+QCGDEFCONT stored, and the AT+QSCLK of a start.
void load_default_connection(at::Unit& unit);
void load_sleep(at::Unit& unit);
/// For Dialect::restore_port: what AT+IPR stored.
void load_rate(at::Unit& unit, at::Session& session);

// --- SSL
// --------------------------------------------------------------------------------------------------------------

inline constexpr int ssl_connections = 6;

/// AT+QSSLCFG's settings that are not the TLS engine's, one set a connectID.
struct SslOptions {
    struct One {
        std::chrono::seconds timeout{90};
        bool send_hex = false;
        bool receive_hex = false;
    };
    std::map<int, One> by_id;
};
inline const SslOptions::One& ssl_options(at::Unit& unit, int id) { return unit.state<SslOptions>().by_id[id]; }

std::span<const at::Command> ssl_config_commands();

/// The note's context and connection indexes; of the contexts only the first works.
inline constexpr at::Int ssl_context{"contextID", 1, 3};
inline constexpr at::Int ssl_connection{"connectID", 0, ssl_connections - 1};
constexpr bool context_works(std::int64_t context) { return context == 1; }

}  // namespace bc66
}  // namespace atls::dialects
