// Identity, functionality, rate, sleep and power of the BC66, where they differ from the other families'.
#include <array>

#include "dialects/bc66/bc66.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::bc66 {

using namespace at;
using namespace std::chrono_literals;
using modem::Functionality;
using modem::Sleep;

namespace {

constexpr Duration off_for_restart = 2s;

constexpr Int serial_kind = opt(Int{"snt", 0, 3}, Brackets::no);
constexpr std::array<std::int64_t, 4> functionalities{0, 1, 4, 7};
constexpr Int functionality{"fun", functionalities};
constexpr Int reset = opt(Int{"rst", 0, 2}, Brackets::no);
constexpr std::array<std::int64_t, 14> all_rates{0,     110,   300,   1200,   2400,   4800,   9600,
                                                 19200, 38400, 57600, 115200, 230400, 460800, 921600};
constexpr Int rate{"rate", all_rates,
                   "(4800,9600,115200),(110,300,1200,2400,4800,9600,19200,38400,57600,115200,230400,460800,921600)"};
constexpr Int sleep_mode{"n", 0, 2};
constexpr Int power_mode{"n", 0, 0, "(0)"};
constexpr Int restart_mode{"n", 1, 1, "(1)"};
constexpr Flag wake_report{"enable"};

// --- identity
// ---------------------------------------------------------------------------------------------------------

// The second line is the profile's model; the third names the chip set.
Reply show_manufacturer(Call& c) {
    const auto& profile = c.modem().profile;
    return info(std::vector<std::string>{profile.manufacturer, profile.model, "Revision: MTK_2625"});
}
Reply show_revision(Call& c) { return info(line("Revision: ", c.modem().profile.revision)); }

// 128 bits; what is in them is the maker's business.
Reply show_serial(Call& c) { return info(to_hex(c.modem().identity.imei + "0")); }

Reply show_serial_of_kind(Call& c) {
    constexpr std::string_view software_version = "01";
    const std::string& imei = c.modem().identity.imei;
    switch (c.number_or(serial_kind, 0)) {
        case 1:
            return info(line("+CGSN: ", imei));
        case 2:
            return info(line("+CGSN: ", imei.substr(0, imei.size() - 1), software_version));
        case 3:
            return info(line("+CGSN: ", software_version));
        default:
            return show_serial(c);
    }
}

// --- functionality, restart
// -------------------------------------------------------------------------------------------

Reply show_functionality(Call& c) { return info(line("+CFUN: ", static_cast<int>(c.modem().network.functionality()))); }

// What rst 2 stores is what a start sets anyway.
Reply set_functionality(Call& c) {
    if (c.number_or(reset, 0) == 1) {
        c.session.after_result([&modem = c.modem()] { modem.reset(off_for_restart); });
        return ok();
    }
    threegpp::set_functionality(c.unit, static_cast<Functionality>(c[functionality]));
    return ok();
}

Reply restart(Call& c) {
    c.session.after_result([&modem = c.modem()] { modem.restart(off_for_restart); });
    return silent();
}

Reply power_down(Call& c) {
    c.session.after_result([&modem = c.modem()] { modem.power_off(); });
    return ok();
}

// --- rate
// -------------------------------------------------------------------------------------------------------------

constexpr const char* rate_option = "IPR";

Reply show_rate(Call& c) { return info(line("+IPR: ", c.line().rate)); }

// 0 is autobaud, which follows the host: nothing changes.
Reply set_rate(Call& c) {
    c.line().rate = c[rate];
    c.modem().set_option(rate_option, std::to_string(c[rate]), true);
    c.session.set_rate_after_result(static_cast<unsigned>(c[rate]));
    return ok();
}

// --- sleep
// ------------------------------------------------------------------------------------------------------------

constexpr const char* sleep_option = "QSCLK";
constexpr const char* wake_option = "QATWAKEUP";
// Light and deep.
constexpr const char* default_sleep = "1";

Sleep deepest(const std::string& mode) {
    if (mode == "1") return Sleep::deep;
    return mode == "2" ? Sleep::light : Sleep::awake;
}

Reply show_sleep(Call& c) { return info(line("+QSCLK: ", c.modem().option(sleep_option, default_sleep))); }
Reply set_sleep(Call& c) {
    const std::string mode = std::to_string(c[sleep_mode]);
    c.modem().set_option(sleep_option, mode, false);
    c.modem().sleeper.allow(deepest(mode));
    return ok();
}

Reply show_wake_report(Call& c) { return info(line("+QATWAKEUP: ", c.modem().option(wake_option, "0"))); }
Reply set_wake_report(Call& c) {
    c.modem().set_option(wake_option, std::to_string(c[wake_report]), false);
    return ok();
}

// --- URCs
// -------------------------------------------------------------------------------------------------------------

UrcTexts woken(const modem::SleepChanged& event, Unit& unit) {
    const bool told = event.before == Sleep::deep && unit.modem.option(wake_option, "0") == "1";
    return told ? urc("+QATWAKEUP") : UrcTexts{};
}

// Local time with two digits of the year, unlike the LTE modules.
UrcTexts time_fetched(const modem::TimeFetched& event, Unit& unit) {
    if (event.fault != modem::Fault::none) return urc(line("+QNTP: ", unit.dialect.errors->number(event.fault)));
    const WallTime local = threegpp::local_time(event.utc, event.zone_quarters);
    return urc(line("+QNTP: 0,", quoted(threegpp::time_text(local, threegpp::Year::two_digits) +
                                        threegpp::zone_text(event.zone_quarters))));
}

// As a BC66 prints it at 115200 before its firmware runs.
constexpr std::string_view rom_log =
    "F1: 0000 0000\r\nV0: 0000 0000 [0001]\r\n00: 0006 000C\r\n01: 0000 0000\r\nU0: 0000 0001 [0000]\r\n"
    "T0: 0000 00B4\r\nLeaving the BROM";

UrcTexts rom_speaks(const modem::Booting& event, Unit& unit) {
    const bool shown = event.step == modem::BootStep::ready && unit.quirks.rom_log_at_boot != 0;
    return shown ? urc(std::string(rom_log)) : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+CGMI", .execute = show_manufacturer, .errors = Errors::general, .origin = by_manual("AT+CGMI")},
    {.name = "+CGMR", .execute = show_revision, .errors = Errors::general, .origin = by_manual("AT+CGMR")},
    {.name = "+CGSN",
     .params = {&serial_kind},
     .set = show_serial_of_kind,
     .execute = show_serial,
     .errors = Errors::general,
     .origin = by_manual("AT+CGSN")},
    {.name = "+CFUN",
     .params = {&functionality, &reset},
     .set = set_functionality,
     .read = show_functionality,
     .errors = Errors::general,
     .within = 85s,
     .origin = by_manual("AT+CFUN")},
    {.name = "+IPR", .params = {&rate}, .set = set_rate, .read = show_rate, .origin = by_manual("AT+IPR")},
    {.name = "+QSCLK",
     .params = {&sleep_mode},
     .set = set_sleep,
     .read = show_sleep,
     .errors = Errors::general,
     .origin = note(ssl_note, "3.1")},
    {.name = "+QATWAKEUP",
     .params = {&wake_report},
     .set = set_wake_report,
     .read = show_wake_report,
     .errors = Errors::general,
     .origin = by_manual("AT+QATWAKEUP")},
    {.name = "+QPOWD",
     .params = {&power_mode},
     .set = power_down,
     .errors = Errors::general,
     .origin = by_manual("AT+QPOWD")},
    {.name = "+QRST",
     .params = {&restart_mode},
     .set = restart,
     .errors = Errors::general,
     .origin = by_manual("AT+QRST")},
};

constexpr Urc urc_rows[] = {
    on<modem::Booting, rom_speaks>("F1: 0000 0000 … Leaving the BROM", trace("BC66NBR01A06", "power-on")),
    on<modem::TimeFetched, time_fetched>("+QNTP: <err>,<time>", manual(tcpip_manual, "QNTP")),
    on<modem::SleepChanged, woken>("+QATWAKEUP", by_manual("AT+QATWAKEUP")),
};

}  // namespace

std::span<const Command> general_commands() { return rows; }
std::span<const Urc> general_urcs() { return urc_rows; }

std::span<const std::int64_t> rates() { return all_rates; }

void load_rate(Unit& unit, Session& session) {
    const std::string stored = unit.modem.option(rate_option, "0");
    for (const auto known : all_rates) {
        if (std::to_string(known) == stored) session.line.rate = known;
    }
}

void load_sleep(Unit& unit) { unit.modem.sleeper.allow(deepest(default_sleep)); }

}  // namespace atls::dialects::bc66
