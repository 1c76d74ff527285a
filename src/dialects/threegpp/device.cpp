// Identity, SIM and functionality by 27.007: CGMI CGMM CGMR CGSN (and V.250's short names), CIMI, CPIN, CFUN, CSCS.
#include "at/unit.hpp"
#include "dialects/threegpp/reports.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;
using namespace std::chrono_literals;
using modem::Functionality;
using modem::Sim;

std::optional<Reply> without_sim(const Call& call) {
    // Minimum functionality leaves the card without power: the manual's example answers 13 to CPIN? then.
    if (call.modem().network.functionality() == Functionality::minimum) return cme_error(cme::sim_failure);
    if (!call.modem().network.sim_inserted()) return cme_error(cme::sim_not_inserted);
    return std::nullopt;
}

std::optional<Reply> without_unlocked_sim(const Call& call) {
    if (auto refusal = without_sim(call)) return refusal;
    if (call.modem().network.sim() == Sim::pin_wanted) return cme_error(cme::sim_pin_required);
    return std::nullopt;
}

void announce_sim(Unit& unit) {
    using modem::BootStep;
    for (Session* port : unit.urc_ports()) {
        for (const BootStep step :
             {BootStep::sim_ready, BootStep::sim_initialised, BootStep::messages_ready, BootStep::phonebook_ready}) {
            port->notify(modem::Booting{step});
        }
    }
}

std::optional<Reply> wrong_pin(const Call& call, const std::string& pin) {
    if (auto refusal = without_sim(call)) return refusal;
    if (call.modem().network.sim() == Sim::ready) return cme_error(cme::operation_not_allowed);
    if (pin != call.modem().option("sim/pin", "1234")) return cme_error(cme::incorrect_password);
    return std::nullopt;
}

void set_functionality(Unit& unit, Functionality now) {
    auto& network = unit.modem.network;
    if (network.functionality() == Functionality::minimum && now != Functionality::minimum) announce_sim(unit);
    network.set_functionality(now);
}

namespace {

constexpr Int serial_kind{"snt", 0, 1};
constexpr Text pin = filled(Text{"pin", 8});
// For a PUK, which no card here asks for.
constexpr Text new_pin = opt(filled(Text{"newpin", 8}));
constexpr std::array<std::int64_t, 3> functionalities{0, 1, 4};
constexpr Int functionality{"fun", functionalities, "(0-1,4)"};
constexpr Int reset = opt(Int{"rst", 0, 1, "(0-1)"}, Brackets::no);
constexpr Text character_set{"chset", 8, "(\"GSM\",\"IRA\",\"UCS2\")"};
// How long a restart keeps the module off; not stated, a few seconds on the bench.
constexpr Duration off_for_restart = 4s;

Reply show_manufacturer(Call& c) { return info(c.modem().profile.manufacturer); }
Reply show_model(Call& c) { return info(c.modem().profile.model); }
Reply show_revision(Call& c) { return info(c.modem().profile.revision); }
Reply show_serial(Call& c) { return info(c.modem().identity.imei); }

Reply show_serial_of_kind(Call& c) {
    return c[serial_kind] == 0 ? show_serial(c) : info(line("+CGSN: ", c.modem().identity.imei));
}

Reply show_subscriber(Call& c) {
    if (auto refusal = without_unlocked_sim(c)) return *refusal;
    return info(c.modem().identity.imsi);
}

Reply show_pin_state(Call& c) {
    if (auto refusal = without_sim(c)) return *refusal;
    return info(c.modem().network.sim() == Sim::pin_wanted ? "+CPIN: SIM PIN" : "+CPIN: READY");
}

Reply enter_pin(Call& c) {
    if (auto refusal = wrong_pin(c, c[pin])) return *refusal;
    announce_sim(c.unit);
    c.modem().network.set_sim(Sim::ready);
    return ok();
}

Reply show_functionality(Call& c) { return info(line("+CFUN: ", static_cast<int>(c.modem().network.functionality()))); }

Reply set_functionality(Call& c) {
    modem::Modem& modem = c.modem();
    if (c.number_or(reset, 0) == 1) {
        c.session.after_result([&modem] { modem.reset(off_for_restart); });
        return ok();
    }
    threegpp::set_functionality(c.unit, static_cast<Functionality>(c[functionality]));
    return ok();
}

Reply show_character_set(Call& c) { return info(line("+CSCS: ", quoted(c.unit.state<Reports>().character_set))); }

Reply set_character_set(Call& c) {
    for (const std::string_view known : {"GSM", "IRA", "UCS2"}) {
        if (!equal_ignoring_case(known, c[character_set])) continue;
        c.unit.state<Reports>().character_set = known;
        return ok();
    }
    return cme_error(cme::incorrect_parameters);
}

constexpr Command identity_row(std::string_view name, Handler show) {
    return {.name = name, .execute = show, .errors = Errors::general, .origin = standard("27.007", "5")};
}

constexpr Command rows[] = {
    identity_row("+CGMI", show_manufacturer),
    identity_row("+CGMM", show_model),
    identity_row("+CGMR", show_revision),
    {.name = "+CGSN",
     .params = {&serial_kind},
     .set = show_serial_of_kind,
     .execute = show_serial,
     .test = TestForm::only_ok,
     .errors = Errors::general,
     .origin = driver("esp-ml307", "CGSN=1 on sibling modules")},
    identity_row("+GMI", show_manufacturer),
    identity_row("+GMM", show_model),
    identity_row("+GMR", show_revision),
    identity_row("+GSN", show_serial),
    {.name = "+CIMI",
     .execute = show_subscriber,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+CIMI")},
    {.name = "+CPIN",
     .params = {&pin, &new_pin},
     .set = enter_pin,
     .read = show_pin_state,
     .test = TestForm::only_ok,
     .errors = Errors::general,
     .within = 5s,
     .origin = manual("BG96 AT commands", "AT+CPIN")},
    {.name = "+CFUN",
     .params = {&functionality, &reset},
     .set = set_functionality,
     .read = show_functionality,
     .errors = Errors::plain,
     .within = 15s,
     .origin = manual("BG96 AT commands", "AT+CFUN")},
    {.name = "+CSCS",
     .params = {&character_set},
     .set = set_character_set,
     .read = show_character_set,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+CSCS")},
};

}  // namespace

std::span<const Command> device_commands() { return rows; }

}  // namespace atls::dialects::threegpp
