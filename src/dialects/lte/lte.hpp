// What the LTE families share: TCP/IP and SSL commands and URCs.
#pragma once

#include <optional>
#include <span>

#include "at/call.hpp"
#include "at/urc.hpp"

namespace atls::dialects::lte {

std::span<const at::Command> ssl_commands();
std::span<const at::Urc> ssl_urcs();
std::span<const at::Command> tcpip_commands();
std::span<const at::Urc> tcpip_urcs();

// --- shared by both kinds of socket ---------------------------------------------------------------------------------

/// not_allowed if another port holds the socket in transparent mode.
modem::Fault reachable(at::Call& call, int id);
/// Closes and waits; the port that holds it in transparent mode gets NO CARRIER. Default timeout 10 s.
at::Reply close_socket(at::Call& call, int id, std::optional<std::int64_t> seconds);
/// OK now, or, in transparent mode, CONNECT or ERROR once the open has ended.
at::Reply open_socket(at::Call& call, const modem::OpenRequest& request);
/// The prompt and what follows it: SEND OK, SEND FAIL, ERROR; OK after ESC. `length` unset: until 1A.
at::Reply send_payload(at::Call& call, int id, std::optional<std::int64_t> length, bool echo);
/// A "recv" URC for `event`, pushed data included; `name`: "+QSSLURC" or "+QIURC".
at::UrcTexts received_urc(const modem::SocketReadable& event, at::Unit& unit, std::string_view name);

}  // namespace atls::dialects::lte
