// Names on the GSM modules: QIDNSIP, QIDNSCFG, QIDNSGIP.
#include "dialects/gsm/gsm.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr Flag by_name{"mode"};
constexpr Text primary{"pri_dns", 15};
constexpr Text secondary = opt(Text{"sec_dns", 15});
constexpr Text host = filled(Text{"domain_name", 255});

Reply show_kind(Call& c) { return info(line("+QIDNSIP: ", settings(c.unit).by_name ? 1 : 0)); }
Reply set_kind(Call& c) {
    settings(c.unit).by_name = c[by_name] == 1;
    return ok();
}

std::string shown(const std::string& server) { return server.empty() ? "0.0.0.0" : server; }

Reply show_servers(Call& c) {
    const auto now = c.modem().contexts.name_servers(foreground(c.unit));
    return info(std::vector<std::string>{"PrimaryDns: " + shown(now[0]), "SecondaryDns: " + shown(now[1])});
}
Reply set_servers(Call& c) {
    if (!lte::is_dotted(c[primary]) || (c.has(secondary) && !lte::is_dotted(c[secondary]))) return error();
    c.modem().contexts.set_name_servers(foreground(c.unit), c[primary], c[secondary]);
    return ok();
}

// The manual's own numbers.
int number_of(modem::Fault fault) {
    switch (fault) {
        case modem::Fault::context_inactive:
            return 6;  // no configuration
        case modem::Fault::timed_out:
            return 5;
        case modem::Fault::name_not_resolved:
            return 4;  // no server
        default:
            return 3;  // network error
    }
}

Reply resolve(Call& c) {
    c.modem().errands.resolve(c.port(), foreground(c.unit), c[host]);
    return ok();
}

UrcTexts resolved(const modem::NameResolved& event, Unit&) {
    return event.fault == modem::Fault::none ? urc(event.addresses.front()) : UrcTexts{};
}

UrcTexts not_resolved(const modem::NameResolved& event, Unit& unit) {
    if (event.fault == modem::Fault::none) return {};
    return {UrcText{line("ERROR: ", number_of(event.fault)), {}, false},
            UrcText{state_line(unit, unit.port(unit.showing)->line), {}, false}};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+QIDNSIP", .params = {&by_name}, .set = set_kind, .read = show_kind, .origin = by_manual("AT+QIDNSIP")},
    {.name = "+QIDNSCFG",
     .params = {&primary, &secondary},
     .set = set_servers,
     .read = show_servers,
     .origin = by_manual("AT+QIDNSCFG")},
    {.name = "+QIDNSGIP", .params = {&host}, .set = resolve, .within = 14s, .origin = by_manual("AT+QIDNSGIP")},
};

constexpr Urc urc_rows[] = {
    on<modem::NameResolved, resolved>("<IP_address> after QIDNSGIP", by_manual("AT+QIDNSGIP")),
    on<modem::NameResolved, not_resolved>("ERROR: <err>, STATE: <state> after QIDNSGIP", by_manual("AT+QIDNSGIP")),
};

}  // namespace

std::span<const Command> name_commands() { return rows; }
std::span<const Urc> name_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
