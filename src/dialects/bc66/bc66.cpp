#include "dialects/bc66/bc66.hpp"

#include "dialects/hayes/hayes.hpp"
#include "dialects/lte/tcpip.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/rows.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects {

namespace {

using namespace at;
using namespace std::chrono_literals;

struct Identity {
    std::string_view name;
    std::string_view model;
    std::string_view revision;
};
// The NA's revision is invented by the shape of its sibling's, which was seen on a module.
constexpr Identity identities[] = {
    {"BC66", "Quectel_BC66", "BC66NBR01A06"},
    {"BC66-NA", "Quectel_BC66-NA", "BC66NANBR01A06"},
};

// --- what it has of the shared tables
// ---------------------------------------------------------------------------------

std::span<const Command> basic_rows() {
    static const auto rows = picked(hayes::commands(), {"E", "I", "&W", "+CMEE"});
    return rows;
}

std::span<const Command> network_rows() {
    static const auto rows = [] {
        auto all = picked(threegpp::commands(), {"+CGMM", "+CIMI", "+CPIN", "+CEREG", "+COPS", "+CSQ", "+CGATT",
                                                 "+CPSMS", "+CEDRXS", "+CTZR", "+CCLK"});
        all.back().set = nullptr;  // the network sets the clock, the host only reads it
        return all;
    }();
    return rows;
}

std::span<const Command> card_rows() {
    static const auto rows = picked(quectel::general_commands(), {"+QCCID"});
    return rows;
}

std::span<const Command> errand_rows() {
    static const auto rows = [] {
        auto all = picked(lte::errand_commands(), {"+QIDNSCFG", "+QIDNSGIP", "+QNTP", "+QPING"});
        all.back().params[4] = &lte::ping_octets;
        return all;
    }();
    return rows;
}

std::span<const Command> last_error_row() {
    static const auto rows = picked(lte::socket_commands(), {"+QIGETERROR"});
    return rows;
}

std::span<const Urc> start_urcs() {
    static const auto rows = picked(quectel::urcs(), {"RDY", "+CFUN: <fun>", "+CPIN: <code>"});
    return rows;
}

std::span<const Urc> network_urcs() {
    static const auto rows = picked(threegpp::urcs(), {"+CEREG: <stat>", "+CEREG: <stat>,\"<tac>\",\"<ci>\",<AcT>",
                                                       "+CTZV: <tz>", "+CTZE: <tz>,<dst>,<time>"});
    return rows;
}

std::span<const Urc> errand_urcs() {
    static const auto rows =
        picked(lte::errand_urcs(), {"+QIURC: \"dnsgip\",<err>,<IP_count>,<DNS_ttl>", "+QIURC: \"dnsgip\",<hostIPaddr>",
                                    "+QPING: <result>,<IP_address>,<bytes>,<time>,<ttl>",
                                    "+QPING: <finresult>,<sent>,<rcvd>,<lost>,<min>,<max>,<avg>"});
    return rows;
}

constexpr Part missing[] = {
    {"+QIURC: \"recv\",<connectID>,\"buff full\"", manual(bc66::tcpip_manual, "URCs")},
    {"AT+QBAND", manual(bc66::at_manual)},
    {"AT+QENG", manual(bc66::at_manual)},
    {"AT+QLOCKF", manual(bc66::at_manual)},
};

// --- the module
// -------------------------------------------------------------------------------------------------------

void set_profile(modem::Profile& profile, const Identity& identity) {
    profile.manufacturer = "Quectel_Ltd";
    profile.model = identity.model;
    profile.revision = identity.revision;
    profile.long_revision = identity.revision;
    profile.contexts = 15;
    profile.sockets = bc66::ssl_connections;
    profile.ssl_contexts = bc66::ssl_connections;
    profile.tls_gives_id_back = true;
    profile.own_credentials_demanded = true;
    profile.psk_over_datagrams_only = false;
    profile.lowest_ssl_version = 1;
    profile.suites = {0x003D, 0x0035, 0x003C, 0x002F, 0x000A};
    profile.psk_suites = {0x00AF, 0x008D, 0x00AE, 0x008C, 0x008B};
    profile.default_context = bc66::default_context;
    profile.radio_release = 20s;
    profile.access_technology = 9;
    profile.technologies = {9};
}

Dialect bc66_module(const Identity& identity) {
    Dialect d;
    d.name = identity.name;
    d.family = "bc66";
    d.documents =
        "BC66&BC66-NA SSL Application Note V1.0; what it leans on by the manuals of the BC26, which runs on the same "
        "platform";
    set_profile(d.profile, identity);
    d.factory.error_reports = 0;
    d.factory.rate = 0;
    d.tables = {bc66::ssl_config_commands(),
                bc66::ssl_commands(),
                bc66::socket_commands(),
                last_error_row(),
                errand_rows(),
                bc66::pdn_commands(),
                bc66::radio_commands(),
                bc66::general_commands(),
                network_rows(),
                card_rows(),
                basic_rows()};
    d.urcs = {bc66::ssl_urcs(), bc66::socket_urcs(), errand_urcs(),        bc66::pdn_urcs(),
              network_urcs(),   bc66::radio_urcs(),  bc66::general_urcs(), start_urcs()};
    d.declared = {
        {&lte::context_id, Int{"contextID", 1, 3}},
        {&threegpp::evolved_level, opt(Int{"n", 0, 5}, Brackets::no)},
    };
    d.siblings = {
        {"BG96 TCP/IP V1.0", manual(bc66::tcpip_manual)},
        {"BG96 AT commands", manual(bc66::at_manual)},
        {"BG96MAR02A07M1G", manual(bc66::at_manual)},
        {"BG96", trace("BC66NBR01A06")},
    };
    d.missing_parts = {missing};
    d.errors = &quectel::errors();
    d.quirks.line_feed_ends_line = 1;
    d.quirks.one_command_a_line = 1;
    d.quirks.longest_line = 3072;
    d.quirks.blank_before_card_number = 0;
    d.ports = {"uart1"};
    d.urc_port = "uart1";
    d.rates = bc66::rates();
    d.restore_module = {hayes::load_stored_reports, bc66::load_sleep, bc66::load_default_connection};
    d.restore_port = {hayes::load_stored_profile, bc66::load_rate};
    return d;
}

}  // namespace

std::span<const at::Dialect> bc66_modules() {
    static const auto modules = modules_of(identities, bc66_module);
    return modules;
}

}  // namespace atls::dialects
