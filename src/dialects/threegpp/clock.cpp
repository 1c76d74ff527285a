// The module's clock by 27.007: CCLK CTZU CTZR, and the URCs of network time.
#include <charconv>

#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;
using namespace std::chrono;

namespace {

std::string two_digits(int number) { return line(number < 10 ? "0" : "", number); }

}  // namespace

std::string time_text(WallTime time, Year year) {
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    const int full = static_cast<int>(date.year());
    return line(year == Year::four_digits ? std::to_string(full) : two_digits(full % 100), "/",
                two_digits(static_cast<int>(static_cast<unsigned>(date.month()))), "/",
                two_digits(static_cast<int>(static_cast<unsigned>(date.day()))), ",",
                two_digits(static_cast<int>(clock.hours().count())), ":",
                two_digits(static_cast<int>(clock.minutes().count())), ":",
                two_digits(static_cast<int>(clock.seconds().count())));
}

std::string zone_text(int zone_quarters) {
    return line(zone_quarters < 0 ? "-" : "+", two_digits(std::abs(zone_quarters)));
}

WallTime local_time(WallTime utc, int zone_quarters) { return utc + minutes(15 * zone_quarters); }

namespace {

constexpr Text time_param{"time", 20};
constexpr std::array<std::int64_t, 3> zone_updates{0, 1, 3};
constexpr Int zone_update = opt(Int{"onoff", zone_updates}, Brackets::no);
constexpr Int zone_report = opt(Int{"reporting", 0, 2}, Brackets::no);

// "26/11/21,08:00:00" with or without "+32" behind.
struct Given {
    WallTime local;
    std::optional<int> zone_quarters;
};

std::optional<Given> parse_time(std::string_view text) {
    static constexpr std::string_view shape = "00/00/00,00:00:00+00";
    if (text.size() != shape.size() && text.size() != shape.size() - 3) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        const bool fits = shape[i] == '0'   ? digit
                          : shape[i] == '+' ? text[i] == '+' || text[i] == '-'
                                            : text[i] == shape[i];
        if (!fits) return std::nullopt;
    }
    const auto number = [text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    // Before network time arrives the clock stands in 1980.
    const int century = number(0) >= 80 ? 1900 : 2000;
    const year_month_day date{year(century + number(0)), month(static_cast<unsigned>(number(3))),
                              day(static_cast<unsigned>(number(6)))};
    if (!date.ok() || number(9) > 23 || number(12) > 59 || number(15) > 59) return std::nullopt;
    Given given{sys_days(date) + hours(number(9)) + minutes(number(12)) + seconds(number(15)), {}};
    if (text.size() == shape.size()) {
        given.zone_quarters = text[17] == '-' ? -number(18) : number(18);
        if (*given.zone_quarters < -48 || *given.zone_quarters > 56) return std::nullopt;
    }
    return given;
}

Reply show_clock(Call& c) {
    const auto& clock = c.modem().clock;
    const int zone = clock.zone_quarters();
    return info(line("+CCLK: \"", time_text(local_time(clock.utc(), zone), Year::two_digits), zone_text(zone), "\""));
}

Reply set_clock(Call& c) {
    const auto given = parse_time(c[time_param]);
    if (!given) return cme_error(cme::incorrect_parameters);
    auto& clock = c.modem().clock;
    const int zone = given->zone_quarters.value_or(clock.zone_quarters());
    clock.set(given->local - minutes(15 * zone), zone, "AT+CCLK");
    return ok();
}

// CTZU and CTZR are kept in NV at once.
Reply show_zone_update(Call& c) {
    return info(line("+CTZU: ", c.modem().option(modem::Modem::clock_follows_network, "1")));
}
Reply set_zone_update(Call& c) {
    c.modem().set_option(modem::Modem::clock_follows_network, std::to_string(c[zone_update]), true);
    return ok();
}
Reply show_zone_report(Call& c) { return info(line("+CTZR: ", c.modem().option("CTZR", "0"))); }
Reply set_zone_report(Call& c) {
    c.modem().set_option("CTZR", std::to_string(c[zone_report]), true);
    return ok();
}

UrcTexts zone_changed(const modem::ZoneChanged& event, Unit& unit) {
    if (unit.modem.option("CTZR", "0") != "1") return {};
    return urc(line("+CTZV: ", quoted(zone_text(event.zone_quarters))));
}

UrcTexts zone_and_time_changed(const modem::ZoneChanged& event, Unit& unit) {
    if (unit.modem.option("CTZR", "0") != "2") return {};
    return urc(line("+CTZE: ", quoted(zone_text(event.zone_quarters)), ",", event.daylight_hours, ",",
                    quoted(time_text(local_time(event.utc, event.zone_quarters), Year::four_digits))));
}

constexpr Command rows[] = {
    {.name = "+CCLK",
     .params = {&time_param},
     .set = set_clock,
     .read = show_clock,
     .test = TestForm::only_ok,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+CCLK")},
    {.name = "+CTZU",
     .params = {&zone_update},
     .set = set_zone_update,
     .read = show_zone_update,
     .errors = Errors::general,
     .origin = trace("BG96MAR02A07M1G", "CTZU=?")},
    {.name = "+CTZR",
     .params = {&zone_report},
     .set = set_zone_report,
     .read = show_zone_report,
     .errors = Errors::general,
     .origin = trace("BG96MAR02A07M1G", "CTZR=?")},
};

constexpr Urc urc_rows[] = {
    on<modem::ZoneChanged, zone_changed>("+CTZV: <tz>", manual("BG96 AT commands", "AT+CTZR")),
    on<modem::ZoneChanged, zone_and_time_changed>("+CTZE: <tz>,<dst>,<time>", trace("BG96MAR02A07M1G", "CTZR=2")),
};

}  // namespace

std::span<const Command> clock_commands() { return rows; }
std::span<const Urc> clock_urcs() { return urc_rows; }

}  // namespace atls::dialects::threegpp
