// The parts that lte::tcpip_commands() and lte::tcpip_urcs() are put together from, and the parameters they share.
#pragma once

#include <span>

#include "at/command.hpp"
#include "at/urc.hpp"

namespace atls::dialects::lte {

inline constexpr at::Int context_id{"contextID", 1, 16};
inline constexpr at::Int connect_id{"connectID", 0, 11};
inline constexpr std::string_view tcpip_manual = "BG96 TCP/IP V1.0";

std::span<const at::Command> pdp_commands();     ///< QICSGP QIACT QIDEACT
std::span<const at::Command> socket_commands();  ///< QIOPEN … QISWTMD QIGETERROR
std::span<const at::Command> option_commands();  ///< QICFG QISDE
std::span<const at::Command> errand_commands();  ///< QIDNSCFG QIDNSGIP QPING QNTP
std::span<const at::Urc> socket_urcs();
std::span<const at::Urc> errand_urcs();

}  // namespace atls::dialects::lte
