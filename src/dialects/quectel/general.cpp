// Status and power: QGMR QCCID QINISTAT QSIMSTAT QCSQ QNWINFO QSPN QLTS QSCLK QPOWD.
#include "dialects/quectel/general.hpp"

#include "at/unit.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::quectel {

using namespace at;
using namespace std::chrono_literals;

bool sim_state_reported(const modem::Modem& modem) { return modem.option("QSIMSTAT", "0") == "1"; }

namespace {

constexpr Flag report = opt(Flag{"enable"}, Brackets::no);
constexpr Flag sleep = opt(Flag{"n"}, Brackets::no);
constexpr Flag normally = opt(Flag{"n"}, Brackets::no);
constexpr Int time_kind = opt(Int{"mode", 0, 2}, Brackets::no);

Reply show_long_revision(Call& c) { return info(c.modem().profile.long_revision); }

Reply show_card_number(Call& c) {
    if (auto refusal = threegpp::without_sim(c)) return *refusal;
    return info(line(c.quirks().blank_before_card_number != 0 ? "+QCCID: " : "+QCCID:", c.modem().identity.iccid));
}

// The sum of 1 CPIN ready, 2 messages ready, 4 phonebook ready; here they come together.
Reply show_sim_progress(Call& c) { return info(threegpp::without_unlocked_sim(c) ? "+QINISTAT: 0" : "+QINISTAT: 7"); }

Reply show_sim_state(Call& c) {
    return info(
        line("+QSIMSTAT: ", sim_state_reported(c.modem()) ? 1 : 0, ",", c.modem().network.sim_inserted() ? 1 : 0));
}
Reply report_sim_state(Call& c) {
    c.modem().set_option("QSIMSTAT", std::to_string(c[report]), false);
    return ok();
}

// 27.007 AcT to the names that QCSQ and QNWINFO print.
std::string_view technology_name(int technology) {
    switch (technology) {
        case 0:
            return "GSM";
        case 3:
            return "EDGE";
        case 8:
            return "CAT-M1";
        case 9:
            return "CAT-NB1";
        default:
            return "LTE";
    }
}

Reply show_signal(Call& c) {
    const auto& network = c.modem().network;
    if (!network.registered()) return info("+QCSQ: \"NOSERVICE\"");
    const auto& signal = network.signal();
    const std::string start =
        line("+QCSQ: ", quoted(technology_name(network.access_technology())), ",", signal.rssi_dbm);
    if (network.access_technology() == 0) return info(start);
    return info(line(start, ",", signal.rsrp_dbm, ",", signal.sinr, ",", signal.rsrq_db));
}

Reply list_signal_kinds(Call& c) {
    std::string kinds = "+QCSQ: \"NOSERVICE\"";
    for (const int technology : c.modem().profile.technologies) kinds += "," + quoted(technology_name(technology));
    return info(std::move(kinds));
}

Reply show_network(Call& c) {
    const auto& network = c.modem().network;
    if (!network.registered()) return info("+QNWINFO: No Service");
    const auto& cell = network.operator_info();
    const int technology = network.access_technology();
    const std::string_view name = technology == 7 ? "FDD LTE" : technology_name(technology);
    return info(line("+QNWINFO: ", quoted(name), ",", quoted(cell.numeric), ",", quoted(cell.band), ",", cell.channel));
}

Reply show_network_name(Call& c) {
    const auto& network = c.modem().network;
    if (!network.registered()) return cme_error(threegpp::cme::no_network_service);
    const auto& one = network.operator_info();
    return info(line("+QSPN: ", quoted(one.long_name), ",", quoted(one.short_name), ",\"\",0,", quoted(one.numeric)));
}

// 0: when network time last came; 1: UTC now; 2: local time now, both counted on from there, whatever the clock was
// set to since. The zone is shown each time.
Reply show_network_time(Call& c) {
    const auto& clock = c.modem().clock;
    const auto came = clock.network_time();
    if (!came) return info("+QLTS: \"\"");
    const int kind = c.number_or(time_kind, 0);
    const int zone = clock.network_zone_quarters();
    WallTime shown = kind == 0 ? *came : clock.network_time_now();
    if (kind == 2) shown = threegpp::local_time(shown, zone);
    return info(
        line("+QLTS: \"", threegpp::time_text(shown, threegpp::Year::four_digits), threegpp::zone_text(zone), ",0\""));
}

Reply show_sleep(Call& c) { return info(line("+QSCLK: ", c.modem().option("QSCLK", "0"))); }
Reply set_sleep(Call& c) {
    c.modem().set_option("QSCLK", std::to_string(c[sleep]), false);
    return ok();
}

Reply power_down(Call& c) {
    c.session.after_result([&modem = c.modem()] { modem.power_off(); });
    return ok();
}

// What the network granted: nothing.
Reply show_granted_psm(Call& c) { return info(line("+QPSMS: ", threegpp::psm_mode(c.modem()), ",,,,")); }

constexpr Origin by_manual(std::string_view clause) { return manual("BG96 AT commands", clause); }

constexpr Command rows[] = {
    {.name = "+QGMR", .execute = show_long_revision, .errors = Errors::general, .origin = trace("BG96", "QGMR")},
    {.name = "+QCCID", .execute = show_card_number, .errors = Errors::general, .origin = by_manual("AT+QCCID")},
    {.name = "+QINISTAT",
     .execute = show_sim_progress,
     .test = TestForm::handler,
     .test_handler = [](Call&) { return info("+QINISTAT: (0-7)"); },
     .errors = Errors::general,
     .origin = trace("BG96", "QINISTAT")},
    {.name = "+QSIMSTAT",
     .params = {&report},
     .set = report_sim_state,
     .read = show_sim_state,
     .errors = Errors::general,
     .origin = by_manual("AT+QSIMSTAT")},
    {.name = "+QCSQ",
     .execute = show_signal,
     .test = TestForm::handler,
     .test_handler = list_signal_kinds,
     .errors = Errors::general,
     .origin = by_manual("AT+QCSQ")},
    {.name = "+QNWINFO",
     .execute = show_network,
     .errors = Errors::general,
     .origin = trace("BG96MAR02A07M1G", "QNWINFO")},
    {.name = "+QSPN",
     .read = show_network_name,
     .execute = show_network_name,
     .errors = Errors::general,
     .origin = driver("BG96 hosts", "QSPN?; the line by sibling modules")},
    {.name = "+QLTS",
     .params = {&time_kind},
     .set = show_network_time,
     .execute = show_network_time,
     .errors = Errors::general,
     .origin = by_manual("AT+QLTS")},
    {.name = "+QSCLK",
     .params = {&sleep},
     .set = set_sleep,
     .read = show_sleep,
     .errors = Errors::general,
     .origin = by_manual("AT+QSCLK")},
    {.name = "+QPSMS",
     .read = show_granted_psm,
     .test = TestForm::none,
     .errors = Errors::general,
     .origin = driver("FreeRTOS BG96", "QPSMS?")},
    {.name = "+QPOWD",
     .params = {&normally},
     .set = power_down,
     .execute = power_down,
     .errors = Errors::general,
     .origin = by_manual("AT+QPOWD")},
};

template <class... Spans>
std::vector<Command> joined(Spans... parts) {
    std::vector<Command> all;
    (all.insert(all.end(), parts.begin(), parts.end()), ...);
    return all;
}

}  // namespace

std::span<const Command> status_commands() { return rows; }

std::span<const Command> general_commands() {
    static const auto all = joined(status_commands(), setting_commands(), extended_settings(), missing_commands());
    return all;
}

std::span<const Command> lte_general_commands() {
    static const auto all = joined(status_commands(), setting_commands(), lte_extended_settings(), missing_commands());
    return all;
}

}  // namespace atls::dialects::quectel
