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

constexpr std::array<std::int64_t, 15> rates{0,    75,    150,   300,   600,   1200,  2400,  4800,
                                             9600, 14400, 19200, 28800, 38400, 57600, 115200};
constexpr Int rate{"rate", rates, "(),(0,75,150,300,600,1200,2400,4800,9600,14400,19200,28800,38400,57600,115200)"};
constexpr Int by_host{"dce_by_dte", 0, 2, "(0-2)"};
constexpr Int by_module = opt(Int{"dte_by_dce", 0, 2, "(0-2)"}, Brackets::no);
constexpr Int format{"format", 1, 6, "(1-6)"};
constexpr Int parity = opt(Int{"parity", 0, 3, "(0-3)"}, Brackets::no);
constexpr Text pin = filled(Text{"pin", 8});
constexpr Int sleep_mode{"n", 0, 2};
constexpr Flag power_mode{"n"};

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

UrcTexts call_ready(const modem::Booting& event, Unit&) {
    return event.step == BootStep::phonebook_ready ? urc("Call Ready") : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }
constexpr Command identity_row(std::string_view name, Handler show) {
    return {.name = name, .execute = show, .errors = Errors::general, .origin = by_manual("identification")};
}

// Its read form is everybody's.
std::span<const Command> pin_row() {
    static const auto row = [] {
        auto all = picked(threegpp::commands(), {"+CPIN"});
        all.front().params = {&pin};
        all.front().set = enter_pin;
        return all;
    }();
    return row;
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
constexpr Command missing_http(std::string_view name) {
    return {.name = name, .origin = note(https_note, "2"), .missing = true};
}
constexpr Command missing_mail(std::string_view name) {
    return {.name = name, .origin = driver("GSM hosts", "SMTP"), .missing = true};
}

constexpr Command missing_rows[] = {
    missing("+QISSTAT"),
    missing("+QISRVC"),
    missing("+QILPORT"),
    missing("+QISERVER"),
    missing("+QISCON"),
    missing("+CMUX"),
    missing("+CTZU"),
    missing("+CGDCONT"),
    missing("+CGACT"),
    missing("+CGPADDR"),
    missing("&V"),
    missing_http("+QHTTPURL"),
    missing_http("+QHTTPGET"),
    missing_http("+QHTTPPOST"),
    missing_http("+QHTTPREAD"),
    missing_http("+QHTTPDL"),
    missing_mail("+QSMTPSRV"),
    missing_mail("+QSMTPUSER"),
    missing_mail("+QSMTPPWD"),
    missing_mail("+QSMTPADDR"),
    missing_mail("+QSMTPNAME"),
    missing_mail("+QSMTPDST"),
    missing_mail("+QSMTPSUB"),
    missing_mail("+QSMTPBODY"),
    missing_mail("+QSMTPATT"),
    missing_mail("+QSMTPCLR"),
    missing_mail("+QSMTPPUT"),
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

std::span<const Command> pin_commands() { return pin_row(); }
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
