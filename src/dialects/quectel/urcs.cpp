// What a module says by itself about its start, its SIM, its signal and its end.
#include "at/unit.hpp"
#include "dialects/quectel/general.hpp"
#include "dialects/quectel/quectel.hpp"

namespace atls::dialects::quectel {

using namespace at;
using modem::BootStep;
using modem::Sim;

namespace {

bool step_is(const modem::Event& event, BootStep step) {
    const auto* booting = std::get_if<modem::Booting>(&event);
    return booting != nullptr && booting->step == step;
}

bool sim_usable(const Unit& unit) {
    return unit.modem.network.sim() == Sim::ready &&
           unit.modem.network.functionality() != modem::Functionality::minimum;
}

// A step that the start always takes, and one that needs a SIM; a card put in later takes the latter too.
template <BootStep step>
bool reached(const modem::Event& event, const Unit&) {
    return step_is(event, step);
}
template <BootStep step>
bool reached_with_sim(const modem::Event& event, const Unit& unit) {
    return sim_usable(unit) && (step_is(event, step) || std::holds_alternative<modem::SimChanged>(event));
}

UrcTexts ready(const modem::Event& event, Unit& unit) {
    return reached<BootStep::ready>(event, unit) ? urc("RDY") : UrcTexts{};
}
UrcTexts functional(const modem::Event& event, Unit& unit) {
    if (!reached<BootStep::functionality>(event, unit)) return {};
    return urc(line("+CFUN: ", static_cast<int>(unit.modem.network.functionality())));
}
UrcTexts initialised(const modem::Event& event, Unit& unit) {
    return reached_with_sim<BootStep::sim_initialised>(event, unit) ? urc("+QUSIM: 1") : UrcTexts{};
}
UrcTexts messages_ready(const modem::Event& event, Unit& unit) {
    return reached_with_sim<BootStep::messages_ready>(event, unit) ? urc("+QIND: SMS DONE") : UrcTexts{};
}
UrcTexts phonebook_ready(const modem::Event& event, Unit& unit) {
    return reached_with_sim<BootStep::phonebook_ready>(event, unit) ? urc("+QIND: PB DONE") : UrcTexts{};
}

// At the start a card that is not there is "not inserted", one that goes later "not ready". The start's steps of a card
// come only once it is usable, so one that is not is told of before them.
UrcTexts pin_state(const modem::Event& event, Unit& unit) {
    const bool starting = step_is(event, BootStep::functionality);
    const bool changed = std::holds_alternative<modem::SimChanged>(event);
    switch (unit.modem.network.sim()) {
        case Sim::ready:
            return changed || step_is(event, BootStep::sim_ready) ? urc("+CPIN: READY") : UrcTexts{};
        case Sim::pin_wanted:
            return changed || starting ? urc("+CPIN: SIM PIN") : UrcTexts{};
        case Sim::absent:
            if (starting) return urc("+CPIN: NOT INSERTED");
            return changed ? urc("+CPIN: NOT READY") : UrcTexts{};
    }
    return {};
}

UrcTexts sim_changed(const modem::SimChanged&, Unit& unit) {
    if (!sim_state_reported(unit.modem)) return {};
    return urc(line("+QSIMSTAT: 1,", unit.modem.network.sim_inserted() ? 1 : 0));
}

UrcTexts signal_changed(const modem::SignalChanged&, Unit& unit) {
    if (!indicated(unit.modem, "csq")) return {};
    const auto& signal = unit.modem.network.signal();
    return urc(line("+QIND: \"csq\",", signal.rssi, ",", signal.bit_errors));
}

UrcTexts powered_down(const modem::PoweredDown&, Unit&) { return urc("POWERED DOWN"); }

constexpr Origin at_start = trace("BG96", "start-up");

constexpr Urc rows[] = {
    {"RDY", at_start, ready},
    {"+CFUN: <fun>", at_start, functional},
    on<modem::SimChanged, sim_changed>("+QSIMSTAT: <enable>,<inserted_status>",
                                       manual("BG96 AT commands", "AT+QSIMSTAT")),
    {"+CPIN: <code>", at_start, pin_state},
    {"+QUSIM: 1", at_start, initialised},
    {"+QIND: SMS DONE", at_start, messages_ready},
    {"+QIND: PB DONE", at_start, phonebook_ready},
    on<modem::SignalChanged, signal_changed>("+QIND: \"csq\",<rssi>,<ber>", manual("BG96 AT commands", "AT+QINDCFG")),
    on<modem::PoweredDown, powered_down>("POWERED DOWN", trace("BG96", "CFUN=1,1")),
};

}  // namespace

std::span<const Urc> urcs() { return rows; }

}  // namespace atls::dialects::quectel
