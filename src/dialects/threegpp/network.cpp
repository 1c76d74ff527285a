// Registration, operator and signal by 27.007: CREG CGREG CEREG COPS CSQ, and the registration URCs.
#include "at/unit.hpp"
#include "dialects/threegpp/reports.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;
using namespace std::chrono_literals;
using modem::Domain;
using modem::Registration;

namespace {

constexpr Int level_of_report = opt(Int{"n", 0, 2}, Brackets::no);
constexpr Int level_with_psm = opt(Int{"n", levels_with_psm, "(0-2,4)"}, Brackets::no);
constexpr Int mode{"mode", 0, 4};
constexpr Int format = opt(Int{"format", 0, 2});
constexpr Text oper = opt(Text{"oper", 32});
constexpr Int technology = opt(Int{"AcT", 0, 9});

// PSM is not built: both timers read as deactivated (24.008 10.5.7.3, 10.5.7.4a).
constexpr std::string_view no_psm_timers = ",,,\"11100000\",\"11100000\"";

int stat(const modem::Network& network, Domain domain) {
    const bool detached = domain != Domain::circuit && network.registered() && !network.attached();
    return detached ? 0 : static_cast<int>(network.registration());
}

std::string status(const Unit& unit, Domain domain, int level) {
    const auto& network = unit.modem.network;
    const auto& cell = network.operator_info();
    const int now = stat(network, domain);
    std::string text = std::to_string(now);
    const bool registered = now == 1 || now == 5;
    if (level < 2 || !registered) return text;
    text += line(",", quoted(cell.area), ",", quoted(cell.cell), ",", network.access_technology());
    if (level >= 4 && domain == Domain::evolved) text += no_psm_timers;
    return text;
}

template <Domain domain>
Reply show_registration(Call& c) {
    const int level = c.unit.state<Reports>().level(domain);
    return info(line(c.command.name, ": ", level, ",", status(c.unit, domain, level)));
}

template <Domain domain, const Int& level>
Reply report_registration(Call& c) {
    auto& reports = c.unit.state<Reports>();
    reports.level(domain) = c.number_or(level, 0);
    reports.begin(domain, status(c.unit, domain, reports.level(domain)));
    return ok();
}

// One URC a change of what it tells: a new cell is no news at n=1.
template <Domain domain, bool located>
UrcTexts registration_changed(const modem::RegistrationChanged& event, Unit& unit, std::string_view name) {
    auto& reports = unit.state<Reports>();
    const int level = reports.level(domain);
    if (event.domain != domain || level == 0 || located != (level >= 2)) return {};
    std::string now = status(unit, domain, level);
    const bool on_all = unit.urc_ports().size() > 1;
    if (now == reports.shown(domain, unit.showing)) return {};
    reports.tell(domain, unit.showing, now, on_all);
    return urc(line(name, ": ", now));
}

template <bool located>
UrcTexts circuit_changed(const modem::RegistrationChanged& event, Unit& unit) {
    return registration_changed<Domain::circuit, located>(event, unit, "+CREG");
}
template <bool located>
UrcTexts packet_changed(const modem::RegistrationChanged& event, Unit& unit) {
    return registration_changed<Domain::packet, located>(event, unit, "+CGREG");
}
template <bool located>
UrcTexts evolved_changed(const modem::RegistrationChanged& event, Unit& unit) {
    return registration_changed<Domain::evolved, located>(event, unit, "+CEREG");
}

const std::string& name_in(int wanted, const modem::Operator& one) {
    if (wanted == 0) return one.long_name;
    return wanted == 1 ? one.short_name : one.numeric;
}

Reply show_operator(Call& c) {
    const auto& network = c.modem().network;
    const auto& reports = c.unit.state<Reports>();
    const int now = network.deregistered_by_host() ? 2 : reports.operator_mode;
    if (!network.registered()) return info(line("+COPS: ", now));
    return info(line("+COPS: ", now, ",", reports.operator_format, ",",
                     quoted(name_in(reports.operator_format, network.operator_info())), ",",
                     network.access_technology()));
}

bool radio_off(const modem::Network& network) { return network.functionality() != modem::Functionality::full; }

Reply list_operators(Call& c) {
    const auto& network = c.modem().network;
    if (radio_off(network)) return cme_error(cme::operation_not_allowed);
    const auto& one = network.operator_info();
    int found = 0;  // 27.007 <stat>: 1 available, 2 current, 3 forbidden
    if (network.deregistered_by_host() || !network.sim_inserted()) found = 1;
    if (network.registered()) found = 2;
    if (network.registration() == Registration::denied) found = 3;
    const std::string entry = found == 0 ? std::string()
                                         : line("(", found, ",", quoted(one.long_name), ",", quoted(one.short_name),
                                                ",", quoted(one.numeric), ",", network.access_technology(), ")");
    return info(line("+COPS: ", entry, ",,(0,1,2,3,4),(0,1,2)"));
}

Reply choose_operator(Call& c) {
    auto& network = c.modem().network;
    auto& reports = c.unit.state<Reports>();
    const auto wanted = c[mode];
    if (wanted == 3 && !c.has(format)) return cme_error(cme::incorrect_parameters);
    if (wanted == 3) {
        reports.operator_format = c.number(format);
        return ok();
    }
    if (auto refusal = without_unlocked_sim(c)) return *refusal;
    const bool by_name = wanted == 1 || wanted == 4;
    if (by_name && !c.has(oper)) return cme_error(cme::incorrect_parameters);
    const bool known = c[oper] == name_in(c.number_or(format, reports.operator_format), network.operator_info());
    if (wanted == 1 && !known) return cme_error(cme::no_network_service);
    if (c.has(format)) reports.operator_format = c.number(format);
    if (wanted != 2) reports.operator_mode = static_cast<int>(wanted);
    network.set_deregistered(wanted == 2);
    return ok();
}

Reply show_signal(Call& c) {
    const auto& network = c.modem().network;
    // Neither searching nor refused nor told to leave: there is no cell to hear.
    const bool no_cell = network.registration() == Registration::idle && network.sim() == modem::Sim::ready &&
                         !network.deregistered_by_host();
    if (radio_off(network) || no_cell) return info("+CSQ: 99,99");
    return info(line("+CSQ: ", network.signal().rssi, ",", network.signal().bit_errors));
}

Reply list_signal_values(Call&) { return info("+CSQ: (0-31,99),(0-7,99)"); }

template <Domain domain, const Int& level>
constexpr Command registration_row(std::string_view name) {
    return {.name = name,
            .params = {&level},
            .set = report_registration<domain, level>,
            .read = show_registration<domain>,
            .errors = Errors::general,
            .origin = manual("BG96 AT commands", name)};
}

constexpr Command rows[] = {
    registration_row<Domain::circuit, level_of_report>("+CREG"),
    registration_row<Domain::packet, level_with_psm>("+CGREG"),
    registration_row<Domain::evolved, evolved_level>("+CEREG"),
    {.name = "+COPS",
     .params = {&mode, &format, &oper, &technology},
     .set = choose_operator,
     .read = show_operator,
     .test = TestForm::handler,
     .test_handler = list_operators,
     .errors = Errors::general,
     .within = 180s,
     .origin = trace("BG96MAR02A07M1G", "COPS=?")},
    {.name = "+CSQ",
     .execute = show_signal,
     .test = TestForm::handler,
     .test_handler = list_signal_values,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+CSQ")},
};

constexpr Origin urc_origin = manual("BG96 AT commands", "AT+CREG, AT+CGREG, AT+CEREG");
constexpr Urc urc_rows[] = {
    on<modem::RegistrationChanged, circuit_changed<false>>("+CREG: <stat>", urc_origin),
    on<modem::RegistrationChanged, circuit_changed<true>>("+CREG: <stat>,\"<lac>\",\"<ci>\",<AcT>", urc_origin),
    on<modem::RegistrationChanged, packet_changed<false>>("+CGREG: <stat>", urc_origin),
    on<modem::RegistrationChanged, packet_changed<true>>("+CGREG: <stat>,\"<lac>\",\"<ci>\",<AcT>", urc_origin),
    on<modem::RegistrationChanged, evolved_changed<false>>("+CEREG: <stat>", urc_origin),
    on<modem::RegistrationChanged, evolved_changed<true>>("+CEREG: <stat>,\"<tac>\",\"<ci>\",<AcT>", urc_origin),
};

}  // namespace

std::span<const Command> network_commands() { return rows; }
std::span<const Urc> network_urcs() { return urc_rows; }

}  // namespace atls::dialects::threegpp
