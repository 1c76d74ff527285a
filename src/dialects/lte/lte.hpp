// What the LTE families share: TCP/IP and SSL commands and URCs.
#pragma once

#include <optional>
#include <span>

#include "at/call.hpp"
#include "at/urc.hpp"

namespace atls::dialects::lte {

/// QSSLOPEN QSSLSEND QSSLRECV QSSLCLOSE QSSLSTATE; QSSLCFG is each family's own, from ssl_config.hpp.
std::span<const at::Command> ssl_commands();
/// Parameters that a family may declare differently (at::Declared): QSSLOPEN's and QSSLRECV's.
inline constexpr at::Int ssl_pdp_context{"PDP_ctxID", 1, 16};
inline constexpr at::Int ssl_read_length{"readlen", 0, 1500, "(1-1500)"};
std::span<const at::Urc> ssl_urcs();
/// The BG96's, most of which all share.
std::span<const at::Command> tcpip_commands();
std::span<const at::Urc> tcpip_urcs();
/// What the EC200x and EC800x have differently, to stand before tcpip_commands(); and their further URCs.
std::span<const at::Command> ec200_tcpip_commands();
std::span<const at::Urc> ec200_tcpip_urcs();
/// Their defaults, for Dialect::restore_module.
void ec200_tcp_options(at::Unit& unit);

/// QHTTPCFG.
std::span<const at::Command> http_config();
std::span<const at::Command> ec200_http_config();
/// QHTTPURL QHTTPGET QHTTPPOST QHTTPPUT, their file forms, QHTTPREAD QHTTPREADFILE QHTTPSTOP.
std::span<const at::Command> http_commands();
std::span<const at::Urc> http_urcs();
std::span<const at::Urc> ec200_http_urcs();
inline constexpr at::Int http_context = at::opt(at::Int{"contextID", 1, 16});
/// What the EC200x and EC800x have more: QHTTPGETEX.
std::span<const at::Command> ec200_http_commands();
/// QSMTPCFG QSMTPDST QSMTPSUB QSMTPBODY QSMTPATT QSMTPCLR QSMTPPUT.
std::span<const at::Command> mail_commands();
std::span<const at::Urc> mail_urcs();

/// QMTCFG QMTOPEN QMTCLOSE QMTCONN QMTDISC QMTSUB QMTUNS QMTPUB QMTPUBEX QMTRECV.
std::span<const at::Command> mqtt_config();
std::span<const at::Command> ec200_mqtt_config();
std::span<const at::Command> mqtt_commands();
std::span<const at::Urc> mqtt_urcs();
inline constexpr at::Int mail_context = at::opt(at::Int{"contextID", 1, 16});
inline constexpr at::Int mqtt_context = at::opt(at::Int{"cid", 1, 16});

// --- shared by both kinds of socket ---------------------------------------------------------------------------------

/// not_allowed if another port holds the socket in transparent mode.
modem::Fault reachable(at::Call& call, int id);
/// How long a close waits for the peer when the host does not say.
inline constexpr std::int64_t default_close_seconds = 10;
/// Closes and waits; the port that holds it in transparent mode gets NO CARRIER. `by_urc`: OK at once, and
/// SocketClosedHere comes for this port.
at::Reply close_socket(at::Call& call, int id, std::chrono::milliseconds timeout, bool by_urc = false);
/// OK now, or, in transparent mode, CONNECT or ERROR once the open has ended.
at::Reply open_socket(at::Call& call, const modem::OpenRequest& request);
/// What is only so for some sends.
struct Prompt {
    std::optional<modem::Endpoint> to;  ///< of a UDP service's datagram
    std::optional<Duration> idle;       ///< no octet for so long: ERROR
    bool ends_line = false;
};
/// The prompt and what follows it: SEND OK, SEND FAIL, ERROR; OK after ESC. `length` unset: until 1A.
at::Reply send_payload(at::Call& call, int id, std::optional<std::int64_t> length, bool echo, Prompt prompt = {});
/// A "recv" URC for `event`, pushed data included; `name`: "+QSSLURC" or "+QIURC".
at::UrcTexts received_urc(const modem::SocketReadable& event, at::Unit& unit, std::string_view name);

}  // namespace atls::dialects::lte
