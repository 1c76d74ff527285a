// The parts that lte::tcpip_commands() and lte::tcpip_urcs() are put together from, and the parameters they share.
#pragma once

#include <span>

#include "at/command.hpp"
#include "at/urc.hpp"

namespace atls::dialects::lte {

inline constexpr at::Int context_id{"contextID", 1, 16};
inline constexpr at::Int connect_id{"connectID", 0, 11};
inline constexpr std::string_view tcpip_manual = "BG96 TCP/IP V1.0";
inline constexpr std::string_view ec200_manual = "EC200U&EG915U TCP/IP V1.1";

/// Octets of a ping, for modules whose QPING has them.
inline constexpr at::Int ping_octets = at::opt(at::Int{"size", 32, 200}, at::Brackets::no);

/// A dotted quad.
bool is_dotted(std::string_view text);

std::span<const at::Command> pdp_commands();     ///< QICSGP QIACT QIDEACT
std::span<const at::Command> socket_commands();  ///< QIOPEN … QISWTMD QIGETERROR
std::span<const at::Command> option_commands();  ///< QICFG QISDE
std::span<const at::Command> errand_commands();  ///< QIDNSCFG QIDNSGIP QPING QNTP
std::span<const at::Urc> socket_urcs();
std::span<const at::Urc> errand_urcs();

// What the EC200x and EC800x have differently.
std::span<const at::Command> ec200_pdp_commands();     ///< QIACT QIACTEX QIDEACTEX
std::span<const at::Command> ec200_socket_commands();  ///< QIOPEN
std::span<const at::Command> ec200_option_commands();  ///< QICFG
std::span<const at::Command> ec200_errand_commands();  ///< QNTP
std::span<const at::Urc> ec200_socket_urcs();
std::span<const at::Urc> ec200_pdp_urcs();

}  // namespace atls::dialects::lte
