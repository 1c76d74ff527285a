// General commands that hosts send to the EC200x and EC800x and that the BG96 does not have.
#include "at/unit.hpp"
#include "dialects/ec200/ec200.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects {

using namespace at;

namespace {

constexpr Int sleep_mode{"n", 0, 2};
constexpr Int light = opt(Int{"light_time", 1, 50}, Brackets::no);
constexpr Int idle = opt(Int{"wait_time", 1, 180}, Brackets::no);
constexpr Int input{"port", 0, 1};
// A supply of 3.3 V behind a divider by three; there is no pin to measure.
constexpr int millivolts = 1100;

Reply show_card_number(Call& c) {
    if (auto refusal = threegpp::without_sim(c)) return *refusal;
    return info(line("+ICCID: ", c.modem().identity.iccid));
}

constexpr const char* sleep_option = "QSCLKEX";

Reply show_sleep(Call& c) { return info(line("+QSCLKEX: ", c.modem().option(sleep_option, "0,1,30"))); }

// Kept and shown; a port that sleeps is not built.
Reply set_sleep(Call& c) {
    c.modem().set_option(sleep_option, line(c[sleep_mode], ",", c.number_or(light, 1), ",", c.number_or(idle, 30)),
                         false);
    return ok();
}

Reply measure(Call&) { return info(line("+QADC: 1,", millivolts)); }

// eDRX is not used by the network there is.
Reply show_edrx(Call&) { return info("+CEDRXRDP: 0"); }

constexpr Command rows[] = {
    {.name = "+ICCID", .execute = show_card_number, .errors = Errors::general, .origin = driver("esp-ml307", "EC801E")},
    {.name = "+QSCLKEX",
     .params = {&sleep_mode, &light, &idle},
     .set = set_sleep,
     .read = show_sleep,
     .errors = Errors::general,
     .origin = driver("esp-ml307", "EC801E")},
    {.name = "+QADC",
     .params = {&input},
     .set = measure,
     .errors = Errors::general,
     .origin = manual("EC2x&EG9x AT commands V2.0", "AT+QADC")},
    {.name = "+CEDRXRDP", .execute = show_edrx, .errors = Errors::general, .origin = standard("27.007", "7.41")},
};

}  // namespace

std::span<const Command> ec200_general_commands() { return rows; }

}  // namespace atls::dialects
