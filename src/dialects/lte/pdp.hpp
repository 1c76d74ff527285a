// What AT+QICSGP of both LTE families starts with.
#pragma once

#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte::pdp {

/// The manual of a BG96 lists (1,2); a real one prints (1-3).
inline constexpr at::Int type = at::opt(at::Int{"context_type", 1, 3}, at::Brackets::no);
inline constexpr at::Text apn = at::opt(at::Text{"APN", 127}, at::Brackets::no);
inline constexpr at::Text user = at::opt(at::Text{"username", 127}, at::Brackets::no);
inline constexpr at::Text password = at::opt(at::Text{"password", 127}, at::Brackets::no);

/// AT+QICSGP=<contextID> alone.
at::Reply show_settings(at::Call& c);
/// The rest, with an authentication (0 none, 1 PAP, 2 CHAP) that is checked already.
at::Reply configure(at::Call& c, int authentication);

}  // namespace atls::dialects::lte::pdp
