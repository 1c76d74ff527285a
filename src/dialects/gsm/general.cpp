// Identity, SIM, rate and power of the GSM modules, where they differ from the LTE families'.
#include <array>

#include "dialects/gsm/gsm.hpp"
#include "dialects/rows.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;
using modem::BootStep;

namespace {

constexpr std::array<std::int64_t, 15> all_rates{0,    75,    150,   300,   600,   1200,  2400,  4800,
                                                 9600, 14400, 19200, 28800, 38400, 57600, 115200};
constexpr Int rate{"rate", all_rates, "(),(0,75,150,300,600,1200,2400,4800,9600,14400,19200,28800,38400,57600,115200)"};
constexpr Int by_host{"dce_by_dte", 0, 2, "(0-2)"};
constexpr Int by_module = opt(Int{"dte_by_dce", 0, 2, "(0-2)"}, Brackets::no);
constexpr Int format{"format", 1, 6, "(1-6)"};
constexpr Int parity = opt(Int{"parity", 0, 3, "(0-3)"}, Brackets::no);
constexpr Text pin = filled(Text{"pin", 8});
constexpr Int sleep_mode{"n", 0, 2};
constexpr Flag power_mode{"n"};
constexpr Flag active{"state"};
constexpr Int context{"cid", 1, bearers};
constexpr Int zone_update{"n", 0, 4};
constexpr Flag kept{"mode"};
constexpr Int only_zero = unlisted(opt(Int{"value", 0, 0}));

Reply show_manufacturer(Call& c) {
    const auto& profile = c.modem().profile;
    return info(std::vector<std::string>{profile.manufacturer, profile.model, "Revision: MTK 0828"});
}
Reply show_revision(Call& c) { return info(line("Revision: ", c.modem().profile.revision)); }

Reply show_card_number(Call& c) {
    if (auto refusal = threegpp::without_sim(c)) return *refusal;
    return info(c.modem().identity.iccid);
}

Reply show_sim_progress(Call& c) { return info(threegpp::without_unlocked_sim(c) ? "+QINISTAT: 0" : "+QINISTAT: 3"); }

// The state first, then OK: the LTE modules have it the other way round.
Reply enter_pin(Call& c) {
    if (auto refusal = threegpp::wrong_pin(c, c[pin])) return *refusal;
    c.modem().network.set_sim(modem::Sim::ready);
    return info("+CPIN: READY");
}

Reply show_rate(Call& c) { return info(line("+IPR: ", c.line().rate)); }
// 0 is autobaud, which follows the host.
Reply set_rate(Call& c) {
    if (c.session.name().starts_with("cmux")) return error();
    c.line().rate = c[rate];
    c.session.set_rate_after_result(static_cast<unsigned>(c[rate]));
    return ok();
}

Reply show_flow(Call& c) { return info(line("+IFC: ", c.line().flow_in, ",", c.line().flow_out)); }
Reply set_flow(Call& c) {
    c.line().flow_in = c.number(by_host);
    c.line().flow_out = c.number_or(by_module, c.line().flow_out);
    c.session.after_result([&session = c.session] { session.apply_signals(); });
    return ok();
}

Reply show_format(Call& c) { return info(line("+ICF: ", c.line().format, ",", c.line().parity)); }
Reply set_format(Call& c) {
    c.line().format = c.number(format);
    c.line().parity = c.number_or(parity, c.line().parity);
    c.session.after_result([&session = c.session] { session.apply_format(); });
    return ok();
}

// Kept and shown; these modules' sleep follows the DTR pin.
Reply show_sleep(Call& c) { return info(line("+QSCLK: ", c.modem().option("QSCLK", "0"))); }
Reply set_sleep(Call& c) {
    c.modem().set_option("QSCLK", std::to_string(c[sleep_mode]), false);
    return ok();
}

// 1 says so and no OK; 0, at once, says only OK.
Reply power_down(Call& c) {
    c.session.after_result([&modem = c.modem()] { modem.power_off(); });
    return c[power_mode] == 1 ? words("NORMAL POWER DOWN") : ok();
}

// --- packet domain, clock, profile
// ------------------------------------------------------------------------------------

// Deactivation of a context answers as the end of a call does.
Reply set_active(Call& c) {
    auto& contexts = c.modem().contexts;
    const int id = c.number(context);
    if (c[active] == 1) {
        if (contexts.active(id)) return ok();
        contexts.activate(id);
        return when<modem::ContextActivated>(
            [id](const auto& event) { return event.context == id; },
            [](const auto& event) {
                return event.fault == modem::Fault::none ? ok() : cme_error(threegpp::cme::unknown);
            });
    }
    if (!contexts.active(id)) return no_carrier();
    c.unit.free_transparent_ports(id);
    contexts.deactivate(id);
    return when<modem::ContextDeactivated>([id](const auto& event) { return event.context == id; },
                                           [](const auto&) { return no_carrier(); });
}
Reply show_active(Call& c) {
    std::vector<std::string> lines;
    for (int id = 1; id <= c.modem().profile.contexts; ++id) {
        lines.push_back(line("+CGACT: ", id, ",", c.modem().contexts.active(id) ? 1 : 0));
    }
    return info(std::move(lines));
}

Reply show_zone_update(Call& c) {
    return info(line("+CTZU: ", c.modem().option(modem::Modem::clock_follows_network, "3")));
}
Reply set_zone_update(Call& c) {
    c.modem().set_option(modem::Modem::clock_follows_network, std::to_string(c[zone_update]), true);
    return ok();
}

// 0: connected to the network, 255: not.
Reply show_network_state(Call& c) { return info(line("+QNSTATUS: ", c.modem().network.attached() ? 0 : 255)); }

// Kept and shown: the URCs they are about do not exist here, or come anyway.
Reply show_kept(Call& c) {
    return info(line(c.command.name, ": ", c.modem().option(std::string(c.command.name), "0")));
}
Reply set_kept(Call& c) {
    c.modem().set_option(std::string(c.command.name), std::to_string(c[kept]), false);
    return ok();
}

Reply show_profile(Call& c) {
    const LineProfile& now = c.line();
    const auto show = [](std::string_view name, std::int64_t value) { return line(name, ": ", value); };
    return info(std::vector<std::string>{"ACTIVE PROFILE",
                                         show("E", now.echo ? 1 : 0),
                                         show("Q", now.quiet ? 1 : 0),
                                         show("V", now.verbose ? 1 : 0),
                                         show("X", now.extended_results),
                                         show("S0", now.ring_answer),
                                         "S2: 43",
                                         show("S3", now.terminator),
                                         show("S4", now.line_feed),
                                         show("S5", now.backspace),
                                         show("S6", now.dial_pause),
                                         show("S7", now.completion),
                                         show("S8", now.comma_pause),
                                         show("S10", now.carrier_loss),
                                         "+CR: 0",
                                         "+FCLASS: 0",
                                         "+CMGF: 0",
                                         "+CSDH: 0",
                                         "+ILRR: 0",
                                         show("+CMEE", now.error_reports),
                                         "+CBST: 7,0,1",
                                         line("+IFC: ", now.flow_in, ",", now.flow_out),
                                         line("+ICF: ", now.format, ",", now.parity),
                                         "+CNMI: 2,1,0,0,0",
                                         line("+CSCS: ", quoted(c.modem().option("CSCS", "GSM"))),
                                         show("+IPR", now.rate),
                                         show("&C", now.carrier_follows),
                                         show("&D", now.dtr_action)});
}

UrcTexts call_ready(const modem::Booting& event, Unit&) {
    return event.step == BootStep::phonebook_ready ? urc("Call Ready") : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }
constexpr Command identity_row(std::string_view name, Handler show) {
    return {.name = name, .execute = show, .errors = Errors::general, .origin = by_manual("identification")};
}

constexpr Command kept_row(std::string_view name, std::string_view host) {
    return {.name = name,
            .params = {&kept},
            .set = set_kept,
            .read = show_kept,
            .errors = Errors::general,
            .origin = driver(host, name)};
}

// Shared rows, but for what they do.
std::span<const Command> changed_rows() {
    static const auto rows = [] {
        auto all = picked(threegpp::commands(), {"+CPIN", "+CGACT"});
        all[0].params = {&pin};
        all[0].set = enter_pin;
        all[1].params = {&active, &context};
        all[1].set = set_active;
        all[1].read = show_active;
        return all;
    }();
    return rows;
}

constexpr Command rows[] = {
    identity_row("+CGMI", show_manufacturer),
    identity_row("+GMI", show_manufacturer),
    identity_row("+CGMR", show_revision),
    identity_row("+GMR", show_revision),
    {.name = "+QCCID", .execute = show_card_number, .errors = Errors::general, .origin = by_manual("AT+QCCID")},
    {.name = "+QINISTAT", .execute = show_sim_progress, .errors = Errors::general, .origin = by_manual("AT+QINISTAT")},
    {.name = "+IPR", .params = {&rate}, .set = set_rate, .read = show_rate, .origin = by_manual("AT+IPR")},
    {.name = "+IFC",
     .params = {&by_host, &by_module},
     .set = set_flow,
     .read = show_flow,
     .origin = by_manual("AT+IFC")},
    {.name = "+ICF",
     .params = {&format, &parity},
     .set = set_format,
     .read = show_format,
     .origin = by_manual("AT+ICF")},
    {.name = "+QSCLK",
     .params = {&sleep_mode},
     .set = set_sleep,
     .read = show_sleep,
     .errors = Errors::general,
     .origin = by_manual("AT+QSCLK")},
    {.name = "+CTZU",
     .params = {&zone_update},
     .set = set_zone_update,
     .read = show_zone_update,
     .errors = Errors::general,
     .origin = by_manual("AT+CTZU")},
    {.name = "&V", .params = {&only_zero}, .set = show_profile, .origin = by_manual("AT&V")},
    {.name = "+QNSTATUS",
     .execute = show_network_state,
     .errors = Errors::general,
     .origin = driver("RT-Thread m26", "QNSTATUS")},
    kept_row("+QIURC", "GSM hosts"),
    kept_row("+QNITZ", "GSM hosts"),
    {.name = "+QPOWD",
     .params = {&power_mode},
     .set = power_down,
     .errors = Errors::general,
     .origin = by_manual("AT+QPOWD")},
};

constexpr Urc urc_rows[] = {
    on<modem::Booting, call_ready>("Call Ready", by_manual("AT+QIURC")),
};

constexpr Command missing(std::string_view name) { return {.name = name, .origin = by_manual(""), .missing = true}; }
constexpr Command missing_rows[] = {
    missing("+QISSTAT"), missing("+QISRVC"), missing("+QILPORT"), missing("+QISERVER"), missing("+QISCON"),
};

struct Error {
    int number;
    std::string_view words;
};
constexpr Error own_errors[] = {
    {cme::invalid_input, "invalid input value"},
    {cme::exists, "unable to get control of required module"},
};

std::string_view words_of(int code) {
    for (const auto& [number, words] : own_errors) {
        if (number == code) return words;
    }
    return threegpp::error_text(code);
}

// These modules have no QIGETERROR: a fault is a plain ERROR.
int no_number(modem::Fault) { return 0; }
std::string_view no_text(int) { return ""; }

}  // namespace

std::span<const Command> changed_commands() { return changed_rows(); }
std::span<const std::int64_t> rates() { return all_rates; }

std::span<const Command> general_commands() { return rows; }
std::span<const Urc> general_urcs() { return urc_rows; }
std::span<const Command> missing_commands() { return missing_rows; }

const ErrorMap& errors() {
    static constexpr ErrorMap map{.number = no_number,
                                  .text = no_text,
                                  .cme_text = words_of,
                                  .cme_bad_parameter = threegpp::cme::incorrect_parameters,
                                  .cme_bad_file_parameter = cme::invalid_input};
    return map;
}

}  // namespace atls::dialects::gsm
