// The GSM modules M10, M66, M85 and M95: another grammar, another bearer. Each table is a topic of this folder.
#pragma once

#include <array>
#include <cstdint>
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

std::span<const at::Command> bearer_commands();  ///< QIFGCNT … QIDEACT QILOCIP QISTAT QISTATE
std::span<const at::Command> name_commands();    ///< QIDNSIP QIDNSCFG QIDNSGIP
std::span<const at::Urc> bearer_urcs();
std::span<const at::Urc> name_urcs();
std::span<const at::Command> ssl_config_commands();  ///< QSSLCFG
std::span<const at::Command> ssl_commands();         ///< QSSLOPEN QSSLCLOSE QSSLSEND QSSLRECV QSSLSTATE
std::span<const at::Urc> ssl_urcs();
std::span<const at::Command> secret_commands();  ///< QSECWRITE QSECREAD QSECDEL
std::span<const at::Command> pin_commands();     ///< CPIN
std::span<const at::Command> general_commands();
std::span<const at::Urc> general_urcs();
std::span<const at::Command> missing_commands();

// --- the bearer
// -------------------------------------------------------------------------------------------------------

// What AT+QISTAT names, of one of the two contexts.
struct IpInitial {};
struct IpStart {};    ///< registered to the stack
struct IpConfig {};   ///< the activation has been asked for
struct IpGprsAct {};  ///< active
struct IpStatus {};   ///< and the address was asked for
struct PdpDeact {};   ///< the network took it away, or would not give it
using Bearer = std::variant<IpInitial, IpStart, IpConfig, IpGprsAct, IpStatus, PdpDeact>;

inline constexpr int bearers = 2;

struct Settings {
    std::array<Bearer, bearers> bearer;
    int foreground = 0;        ///< AT+QIFGCNT
    bool many = false;         ///< AT+QIMUX: connections with an index
    bool by_name = false;      ///< AT+QIDNSIP
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
/// The foreground context as it is now: the network may have taken it away since.
Bearer& bearer_now(at::Unit& unit);
bool is_active(const Bearer& bearer);
/// "IP INITIAL"; with connections under an index an active bearer is "IP PROCESSING".
std::string_view state_words(at::Unit& unit);

// --- SSL
// --------------------------------------------------------------------------------------------------------------

inline constexpr int connections = 6;
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
}  // namespace cme
const at::ErrorMap& errors();

}  // namespace gsm
}  // namespace atls::dialects
