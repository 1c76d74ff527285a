// The GSM modules M10, M66, M85 and M95: another grammar, another bearer. Each table is a topic of this folder.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "at/dialect.hpp"
#include "at/unit.hpp"

namespace atls::dialects {

/// M10, M66, M85, M95.
std::span<const at::Dialect> gsm_modules();

namespace gsm {

inline constexpr std::string_view ssl_note = "GSM SSL";
inline constexpr std::string_view https_note = "GSM HTTPS";
inline constexpr std::string_view at_manual = "M66 AT commands V1.0";

std::span<const at::Command> bearer_commands();  ///< QIFGCNT QICSGP QIREGAPP QIACT QIDEACT QILOCIP QIMUX QISTAT
std::span<const at::Command> tcpip_commands();   ///< QIOPEN QISEND QISACK QICLOSE QISTATE QIMODE QITCFG QIPROMPT QISDE
std::span<const at::Command> receiving_commands();  ///< QIRD QINDI QIHEAD QISHOWRA QISHOWPT QISHOWLA
std::span<const at::Urc> tcpip_urcs();
std::span<const at::Urc> receiving_urcs();
std::span<const at::Command> http_commands();  ///< QHTTPURL QHTTPGET QHTTPPOST QHTTPREAD QHTTPDL QHTTPRSP
std::span<const at::Urc> http_urcs();
std::span<const at::Command> mail_commands();  ///< QSMTPSRV … QSMTPPUT
std::span<const at::Urc> mail_urcs();
std::span<const at::Command> errand_commands();  ///< QPING QNTP
std::span<const at::Urc> errand_urcs();
std::span<const at::Command> name_commands();  ///< QIDNSIP QIDNSCFG QIDNSGIP
std::span<const at::Urc> bearer_urcs();
std::span<const at::Urc> name_urcs();
std::span<const at::Command> ssl_config_commands();  ///< QSSLCFG
std::span<const at::Command> ssl_commands();         ///< QSSLOPEN QSSLCLOSE QSSLSEND QSSLRECV QSSLSTATE
std::span<const at::Urc> ssl_urcs();
std::span<const at::Command> secret_commands();   ///< QSECWRITE QSECREAD QSECDEL
std::span<const at::Command> changed_commands();  ///< CPIN CGACT
std::span<const at::Command> general_commands();
std::span<const std::int64_t> rates();  ///< of AT+IPR
std::span<const at::Urc> general_urcs();
std::span<const at::Command> missing_commands();

// --- the bearer
// -------------------------------------------------------------------------------------------------------

// What AT+QISTAT names, of one of the two contexts.
struct IpInitial {};
struct IpStart {};        ///< registered to the stack
struct IpConfig {};       ///< the activation has been asked for
struct IpInd {};          ///< granted; its interface is coming up
struct IpGprsAct {};      ///< active
struct IpStatus {};       ///< and the address was asked for
struct TcpConnecting {};  ///< this and the next three: of the only connection, with AT+QIMUX=0
struct UdpConnecting {};
struct IpClose {};
struct ConnectOk {};
struct PdpDeact {};  ///< the network took it away, or would not give it
using Bearer = std::variant<IpInitial, IpStart, IpConfig, IpInd, IpGprsAct, IpStatus, TcpConnecting, UdpConnecting,
                            IpClose, ConnectOk, PdpDeact>;

inline constexpr int bearers = 2;

struct Settings {
    std::array<Bearer, bearers> bearer;
    int foreground = 0;        ///< AT+QIFGCNT
    bool many = false;         ///< AT+QIMUX: connections with an index
    bool transparent = false;  ///< AT+QIMODE
    bool by_name = false;      ///< AT+QIDNSIP
    int indication = 0;        ///< AT+QINDI: 0 data is pushed, 1 announced, 2 announced with lengths
    bool head = false;         ///< AT+QIHEAD: pushed data has its length before it …
    bool protocol = false;     ///< AT+QISHOWPT: … and TCP or UDP
    bool sender = false;       ///< AT+QISHOWRA
    bool receiver = false;     ///< AT+QISHOWLA
    bool echo = true;          ///< AT+QISDE
    int prompt = 1;            ///< AT+QIPROMPT
    struct Transfer {
        int retries = 3;
        int wait_tenths = 2;  ///< units of 100 ms
        int octets = 1024;
        bool escape = true;
    } transfer;                ///< AT+QITCFG, for transparent mode
    int mode = 1;              ///< AT+QICSGP: GPRS
    bool ignore_clock = true;  ///< QSSLCFG "ignorertctime"
    int https = 0;             ///< "https"
    int https_context = -1;    ///< "httpsctxi"
    int mail_style = 0;        ///< "smtpstyle"
    int mail_context = -1;     ///< "smtpsctxi"
};
inline Settings& settings(at::Unit& unit) { return unit.state<Settings>(); }

/// The device's number of a GSM context.
constexpr int device_context(int id) { return id + 1; }
inline int foreground(at::Unit& unit) { return device_context(settings(unit).foreground); }
/// The foreground context as it is now: the network may have taken it, or its connection, away since.
Bearer& bearer_now(at::Unit& unit);
/// It has an address.
bool is_active(const Bearer& bearer);
bool any_connection(const modem::Modem& modem);
/// "IP INITIAL"; with connections under an index an active bearer is "IP PROCESSING".
std::string_view state_words(at::Unit& unit);
/// "STATE: IP INITIAL", or its number with ATV0.
std::string state_line(at::Unit& unit, const at::LineProfile& line);
/// Activates the foreground context: it is IpConfig, and then what the network made of it, when `then` makes the
/// answer.
at::Reply activate_then(at::Call& call, std::function<at::Reply(bool active)> then);

// --- SSL
// --------------------------------------------------------------------------------------------------------------

inline constexpr int connections = 6;
inline constexpr std::int64_t longest_send = 1460;
inline constexpr std::int64_t longest_read = 1500;

/// Ends it in an orderly way; then `answer`. A port that holds it in transparent mode is free.
at::Reply close_connection(at::Call& call, int id, std::string answer);
/// Asks for the payload and sends it.
struct Prompting {
    std::optional<std::int64_t> length{};  ///< none: until Ctrl-Z
    bool echo = false;
    at::Collect::Invite invite = at::Collect::Invite::prompt;
    at::Reply sent = at::words("SEND OK");
};
at::Reply send_payload(at::Call& call, int id, Prompting how);
/// OK at once, then CONNECT and the port is the connection's wire, or `failure` makes the answer.
at::Reply open_transparently(at::Call& call, int id, std::function<std::string(modem::Fault)> failure);
/// "TCP" or "UDP".
std::string_view protocol_of(modem::SocketKind kind);
/// "CONNECTED" and its like.
std::string_view state_name(const modem::SocketInfo& socket);
inline constexpr at::Int ssl_context{"ctxindex", 0, 5};
inline constexpr at::Int ssl_connection{"ssid", 0, connections - 1};

// --- errors
// -----------------------------------------------------------------------------------------------------------

/// +CME ERROR numbers that the QSEC commands answer. No public list; by what the numbers mean elsewhere on these
/// modules.
namespace cme {
inline constexpr int memory_full = 20;
inline constexpr int not_found = 22;
inline constexpr int memory_failure = 23;
inline constexpr int invalid_input = 3765;
inline constexpr int exists = 3769;
inline constexpr int http_failed = 3813;  ///< seen where an HTTP command fails
inline constexpr int https_off = 3822;
}  // namespace cme
const at::ErrorMap& errors();

}  // namespace gsm
}  // namespace atls::dialects
