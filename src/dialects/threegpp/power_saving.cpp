// What a module asks of the network to save power, by 27.007: CPSMS, CEDRXS. The request is checked, kept and shown;
// the network there is grants neither, so that nothing follows from it.
#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;

namespace {

bool is_bits(const std::string& text, std::size_t count) {
    return text.size() == count && text.find_first_not_of("01") == std::string::npos;
}

// --- PSM ------------------------------------------------------------------------------------------------------------

constexpr std::string_view any_timer = "(\"00000000\"-\"11111111\")";
constexpr std::size_t timer_bits = 8;
constexpr Int psm = opt(Int{"mode", 0, 2}, Brackets::no);
constexpr Text periodic_rau = opt(Text{"Requested_Periodic-RAU", timer_bits, any_timer}, Brackets::no);
constexpr Text ready_timer = opt(Text{"Requested_GPRS-READY-timer", timer_bits, any_timer}, Brackets::no);
constexpr Text periodic_tau = opt(Text{"Requested_Periodic-TAU", timer_bits, any_timer}, Brackets::no);
constexpr Text active_time = opt(Text{"Requested_Active-Time", timer_bits, any_timer}, Brackets::no);
constexpr const Text* timers[] = {&periodic_rau, &ready_timer, &periodic_tau, &active_time};
constexpr const char* psm_option = "CPSMS";

std::string timer_option(const Text& timer) { return line("CPSMS/", timer.name); }

Reply show_psm(Call& c) {
    std::string text = line("+CPSMS: ", psm_mode(c.modem()));
    for (const Text* timer : timers) {
        const std::string bits = c.modem().option(timer_option(*timer), "");
        text += bits.empty() ? "," : "," + quoted(bits);
    }
    return info(std::move(text));
}

// 2, and AT+CPSMS= with nothing, forgets the timers too.
Reply set_psm(Call& c) {
    for (const Text* timer : timers) {
        if (c.has(*timer) && !is_bits(c[*timer], timer_bits)) return cme_error(cme::incorrect_parameters);
    }
    const int mode = c.number_or(psm, 2);
    for (const Text* timer : timers) {
        if (mode == 2) c.modem().set_option(timer_option(*timer), "", true);
        if (mode != 2 && c.has(*timer)) c.modem().set_option(timer_option(*timer), c[*timer], true);
    }
    c.modem().set_option(psm_option, mode == 1 ? "1" : "0", true);
    return ok();
}

// --- eDRX -----------------------------------------------------------------------------------------------------------

constexpr std::array<std::int64_t, 2> edrx_technologies{4, 5};  // E-UTRAN: WB-S1, NB-S1
constexpr std::size_t edrx_bits = 4;
constexpr Int edrx = opt(Int{"mode", 0, 3}, Brackets::no);
constexpr Int technology = opt(Int{"AcT-type", edrx_technologies}, Brackets::no);
constexpr Text requested = opt(Text{"Requested_eDRX_value", edrx_bits, "(\"0000\"-\"1111\")"}, Brackets::no);

std::string edrx_option(std::int64_t of, std::string_view what) { return line("CEDRXS/", of, "/", what); }

Reply show_edrx(Call& c) {
    std::vector<std::string> lines;
    for (const auto one : edrx_technologies) {
        if (c.modem().option(edrx_option(one, "on"), "0") == "0") continue;
        lines.push_back(line("+CEDRXS: ", one, ",", quoted(c.modem().option(edrx_option(one, "value"), ""))));
    }
    return info(std::move(lines));
}

// 0 disables and keeps the value for the next 1; 3, and AT+CEDRXS= with nothing, forgets it. 2 is 1 with a URC when the
// network changes what it grants, which it never does.
Reply set_edrx(Call& c) {
    modem::Modem& modem = c.modem();
    if (c.has(requested) && !is_bits(c[requested], edrx_bits)) return cme_error(cme::incorrect_parameters);
    const int mode = c.number_or(edrx, 3);
    const bool on = mode == 1 || mode == 2;
    std::vector<std::int64_t> meant;
    for (const auto one : edrx_technologies) {
        if (c.has(technology) && c[technology] != one) continue;
        const bool has_value = c.has(requested) || !modem.option(edrx_option(one, "value"), "").empty();
        if (!on || has_value) meant.push_back(one);
    }
    if (meant.empty()) return cme_error(cme::incorrect_parameters);
    for (const auto one : meant) {
        if (c.has(requested)) modem.set_option(edrx_option(one, "value"), c[requested], true);
        if (mode == 3) modem.set_option(edrx_option(one, "value"), "", true);
        modem.set_option(edrx_option(one, "on"), on ? "1" : "0", true);
    }
    return ok();
}

constexpr Command rows[] = {
    {.name = "+CPSMS",
     .params = {&psm, &periodic_rau, &ready_timer, &periodic_tau, &active_time},
     .set = set_psm,
     .read = show_psm,
     .errors = Errors::general,
     .origin = standard("27.007", "7.38")},
    {.name = "+CEDRXS",
     .params = {&edrx, &technology, &requested},
     .set = set_edrx,
     .read = show_edrx,
     .errors = Errors::general,
     .origin = standard("27.007", "7.40")},
};

}  // namespace

int psm_mode(const modem::Modem& modem) { return modem.option(psm_option, "0") == "1" ? 1 : 0; }

std::span<const Command> power_saving_commands() { return rows; }

}  // namespace atls::dialects::threegpp
