#include "dialects/gsm/gsm.hpp"

#include "dialects/hayes/hayes.hpp"
#include "dialects/quectel/files.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/rows.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects {

namespace {

using namespace at;

struct Identity {
    std::string_view name;
    std::string_view model;
    std::string_view revision;
};
// M66 and M95 as seen on modules; the others by their shape.
constexpr Identity identities[] = {
    {"M10", "Quectel_M10", "M10R08A04"},
    {"M66", "Quectel_M66", "M66FAR01A12BT"},
    {"M85", "Quectel_M85", "M85FAR01A06"},
    {"M95", "Quectel_M95", "M95FAR03A04"},
};

// --- what they have of the shared tables
// ------------------------------------------------------------------------------

std::span<const Command> basic_rows() {
    static const auto rows = picked(
        hayes::commands(), {"E", "Q", "V", "X", "&C", "&D", "&F", "Z", "&W", "I", "H", "O", "S", "D", "A", "+CMEE"});
    return rows;
}

std::span<const Command> network_rows() {
    static const auto rows = [] {
        auto all = picked(threegpp::commands(),
                          {"+CGMM", "+GMM", "+GSN", "+CIMI", "+CREG", "+CGREG", "+COPS", "+CSQ", "+CGATT", "+CGDCONT",
                           "+CGPADDR", "+CMUX", "+CCLK", "+CFUN", "+CSCS", "+CTZR", "+CGSN"});
        all.back().set = nullptr;
        all.back().params = {};
        return all;
    }();
    return rows;
}

std::span<const Command> card_rows() {
    static const auto rows = picked(quectel::general_commands(), {"+QSIMSTAT", "+QSPN", "+QLTS"});
    return rows;
}

std::span<const Urc> start_urcs() {
    static const auto rows =
        picked(quectel::urcs(), {"RDY", "+CFUN: <fun>", "+QSIMSTAT: <enable>,<inserted_status>", "+CPIN: <code>"});
    return rows;
}

std::span<const Urc> network_urcs() {
    static const auto rows = picked(
        threegpp::urcs(), {"+CREG: <stat>", "+CREG: <stat>,\"<lac>\",\"<ci>\",<AcT>", "+CGREG: <stat>",
                           "+CGREG: <stat>,\"<lac>\",\"<ci>\",<AcT>", "+CTZV: <tz>", "+CTZE: <tz>,<dst>,<time>"});
    return rows;
}

// --- the module
// -------------------------------------------------------------------------------------------------------

void set_profile(modem::Profile& profile, const Identity& identity) {
    profile.manufacturer = "Quectel_Ltd";
    profile.model = identity.model;
    profile.revision = identity.revision;
    profile.long_revision = identity.revision;
    profile.contexts = gsm::bearers;
    profile.active_contexts = gsm::bearers;
    profile.sockets = gsm::connections;
    profile.ssl_contexts = 6;
    profile.nvram_octets = 8192;
    profile.ram_octets = 102'400;
    profile.keep_id_after_failed_open = false;
    profile.keep_id_after_peer_close = false;
    profile.suites = {0x003D, 0x0035, 0x002F, 0x000A, 0x0005, 0x0004};
    profile.access_technology = 0;
    profile.technologies = {0};
}

// What is pushed and what is announced.
modem::AccessMode mode_after_transparent(Unit& unit, modem::SocketKind kind) {
    const bool pushes = kind != modem::SocketKind::tls && gsm::settings(unit).indication == 0;
    return pushes ? modem::AccessMode::push : modem::AccessMode::buffer;
}

Dialect gsm_module(const Identity& identity) {
    Dialect d;
    d.name = identity.name;
    d.family = "gsm";
    d.documents =
        "GSM SSL and GSM HTTPS Application Notes; what they lean on by the M66 AT commands manual and hosts in use";
    set_profile(d.profile, identity);
    d.factory.dtr_action = 0;
    d.factory.completion = 60;
    d.tables = {gsm::ssl_config_commands(),
                gsm::ssl_commands(),
                gsm::secret_commands(),
                gsm::bearer_commands(),
                gsm::tcpip_commands(),
                gsm::receiving_commands(),
                gsm::errand_commands(),
                gsm::http_commands(),
                gsm::mail_commands(),
                quectel::file_commands(),
                gsm::name_commands(),
                gsm::changed_commands(),
                gsm::general_commands(),
                network_rows(),
                card_rows(),
                basic_rows(),
                gsm::missing_commands()};
    d.urcs = {gsm::ssl_urcs(),  gsm::tcpip_urcs(),   gsm::receiving_urcs(), gsm::bearer_urcs(),
              gsm::name_urcs(), gsm::errand_urcs(),  gsm::http_urcs(),      gsm::mail_urcs(),
              start_urcs(),     gsm::general_urcs(), network_urcs()};
    d.close_is_urc_in_transparent = true;
    d.mode_after_transparent = mode_after_transparent;
    d.siblings = {
        {"BG96 AT commands", manual(gsm::at_manual)},
        {"BG96MAR02A07M1G", manual(gsm::at_manual)},
        {"BG96", trace("M66")},
        {quectel::file_manual, guess("FILE as on the vendor's other modules")},
    };
    d.errors = &gsm::errors();
    d.quirks.longest_line = 256;
    d.quirks.escape_before_ms = 500;
    d.quirks.escape_after_ms = 500;
    d.quirks.escape_gap_ms = 20;
    d.ports = {"uart1"};
    d.urc_port = "uart1";
    d.stores_whole_profile = true;
    d.rates = gsm::rates();
    d.restore_module = {hayes::load_stored_reports};
    d.restore_port = {hayes::load_stored_profile};
    return d;
}

}  // namespace

std::span<const at::Dialect> gsm_modules() {
    static const auto modules = modules_of(identities, gsm_module);
    return modules;
}

}  // namespace atls::dialects
