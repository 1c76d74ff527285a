// Names, pings and network time of the LTE families: QIDNSCFG, QIDNSGIP, QPING, QNTP and their URCs.
#include <charconv>

#include "at/unit.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

bool is_dotted(std::string_view text) {
    for (int left = 4; left > 0; --left) {
        const auto end = left > 1 ? text.find('.') : text.size();
        if (end == std::string_view::npos || end == 0 || end > 3) return false;
        unsigned octet = 0;
        const auto [stopped, fault] = std::from_chars(text.data(), text.data() + end, octet);
        if (fault != std::errc{} || stopped != text.data() + end || octet > 255) return false;
        text.remove_prefix(left > 1 ? end + 1 : end);
    }
    return true;
}

namespace {

constexpr Text primary = opt(Text{"pridnsaddr", 39}, Brackets::no);
constexpr Text secondary = opt(Text{"secdnsaddr", 39}, Brackets::no);
constexpr Text host_name = filled(Text{"hostname"});
constexpr Text host = filled(Text{"host"});
constexpr Int timeout = opt(Int{"timeout", 1, 255}, Brackets::no);
constexpr Int count = opt(Int{"pingnum", 1, 10}, Brackets::no);
constexpr Text server = filled(Text{"server"});
constexpr Int port = opt(Int{"port", 1, 65535}, Brackets::no);
constexpr Flag set_clock = opt(Flag{"autosettime"}, Brackets::no);
constexpr Int retries = opt(Int{"retry_cnt", 1, 10}, Brackets::no);
constexpr Int retry_time = opt(Int{"retry_interval_tm", 5, 60}, Brackets::no);

// --- AT+QIDNSCFG ----------------------------------------------------------------------------------------------------

// A server that is not set shows as this, not as "": RT-Thread's drivers scan for at least one character.
std::string shown_server(const std::string& address) { return quoted(address.empty() ? "0.0.0.0" : address); }

Reply configure_names(Call& c) {
    const int context = c.number(context_id);
    auto& contexts = c.modem().contexts;
    if (!contexts.active(context)) return fault(modem::Fault::context_inactive);
    const auto now = contexts.name_servers(context);
    if (c.given() == 1) {
        return info(line("+QIDNSCFG: ", context, ",", shown_server(now[0]), ",", shown_server(now[1])));
    }
    if (!is_dotted(c[primary]) || (c.has(secondary) && !is_dotted(c[secondary]))) {
        return fault(modem::Fault::bad_parameter);
    }
    contexts.set_name_servers(context, c[primary], c.text_or(secondary, now[1]));
    return ok();
}

// --- the errands ----------------------------------------------------------------------------------------------------

Reply resolve_name(Call& c) {
    c.modem().errands.resolve(c.port(), c.number(context_id), c[host_name]);
    return ok();
}

Reply ping_host(Call& c) {
    auto& errands = c.modem().errands;
    if (errands.pinging()) return fault(modem::Fault::busy);
    errands.ping(c.port(), c.number(context_id), c[host], std::chrono::seconds(c.number_or(timeout, 4)),
                 c.number_or(count, 4), static_cast<std::size_t>(c.number_or(ping_octets, 32)));
    return ok();
}

Reply fetch_time(Call& c) {
    auto& errands = c.modem().errands;
    if (errands.fetching_time()) return fault(modem::Fault::busy);
    errands.fetch_time(c.port(), c.number(context_id), c[server], static_cast<std::uint16_t>(c.number_or(port, 123)),
                       c.number_or(set_clock, 1) != 0);
    return ok();
}

Reply fetch_time_patiently(Call& c) {
    auto& errands = c.modem().errands;
    if (errands.fetching_time()) return fault(modem::Fault::busy);
    const std::chrono::seconds each(c.number_or(retry_time, 15));
    errands.fetch_time(c.port(), c.number(context_id), c[server], static_cast<std::uint16_t>(c.number_or(port, 123)),
                       c.number_or(set_clock, 1) != 0, {each, each * (1 + c.number_or(retries, 3))});
    return ok();
}

Reply show_time_server(Call& c) {
    const auto asked = c.modem().errands.fetching_time();
    if (!asked) return ok();
    return info(line("+QNTP: ", quoted(asked->server), ",", asked->port));
}

// --- URCs -----------------------------------------------------------------------------------------------------------

int number(Unit& unit, modem::Fault fault) { return unit.dialect.errors->number(fault); }

UrcTexts resolved(const modem::NameResolved& event, Unit& unit) {
    const std::string start = "+QIURC: \"dnsgip\",";
    if (event.fault != modem::Fault::none) return urc(line(start, number(unit, event.fault)));
    return urc(line(start, "0,", event.addresses.size(), ",", event.ttl_seconds));
}

UrcTexts addresses(const modem::NameResolved& event, Unit&) {
    UrcTexts texts;
    for (const auto& address : event.addresses) {
        texts.push_back({line("+QIURC: \"dnsgip\",", quoted(address)), {}, false});
    }
    return texts;
}

UrcTexts ping_answered(const modem::PingReply& event, Unit& unit) {
    if (event.fault != modem::Fault::none) return urc(line("+QPING: ", number(unit, event.fault)));
    return urc(line("+QPING: 0,", quoted(event.ip), ",", event.octets, ",", event.milliseconds, ",", event.ttl));
}

UrcTexts ping_finished(const modem::PingFinished& event, Unit& unit) {
    if (event.fault != modem::Fault::none) return urc(line("+QPING: ", number(unit, event.fault)));
    return urc(line("+QPING: 0,", event.sent, ",", event.received, ",", event.lost, ",", event.shortest, ",",
                    event.longest, ",", event.average));
}

std::string two_digits(std::int64_t number) {
    const std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
}

// Local time and its distance from UTC in quarters of an hour, as AT+CCLK has it but with the whole year.
std::string time_text(WallTime utc, int zone_quarters) {
    const WallTime local = utc + zone_quarters * 15min;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(local - day);
    return line(static_cast<int>(date.year()), "/", two_digits(static_cast<unsigned>(date.month())), "/",
                two_digits(static_cast<unsigned>(date.day())), ",", two_digits(time.hours().count()), ":",
                two_digits(time.minutes().count()), ":", two_digits(time.seconds().count()),
                zone_quarters < 0 ? "-" : "+", two_digits(std::abs(zone_quarters)));
}

UrcTexts time_fetched(const modem::TimeFetched& event, Unit& unit) {
    if (event.fault != modem::Fault::none) return urc(line("+QNTP: ", number(unit, event.fault)));
    return urc(line("+QNTP: 0,", quoted(time_text(event.utc, event.zone_quarters))));
}

constexpr Origin ping_origin = manual(tcpip_manual, "QPING");
constexpr Origin names_origin = manual(tcpip_manual, "QIDNSGIP");

constexpr Command rows[] = {
    {.name = "+QIDNSCFG",
     .params = {&context_id, &primary, &secondary},
     .set = configure_names,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QIDNSCFG")},
    {.name = "+QIDNSGIP",
     .params = {&context_id, &host_name},
     .set = resolve_name,
     .errors = Errors::socket,
     .within = 60s,
     .origin = names_origin},
    {.name = "+QPING",
     .params = {&context_id, &host, &timeout, &count},
     .set = ping_host,
     .errors = Errors::socket,
     .origin = ping_origin},
    {.name = "+QNTP",
     .params = {&context_id, &server, &port, &set_clock},
     .set = fetch_time,
     .read = show_time_server,
     .errors = Errors::socket,
     .within = 125s,
     .origin = manual(tcpip_manual, "QNTP")},
};

constexpr Command ec200_rows[] = {
    {.name = "+QNTP",
     .params = {&context_id, &server, &port, &set_clock, &retries, &retry_time},
     .set = fetch_time_patiently,
     .read = show_time_server,
     .errors = Errors::socket,
     .within = 700s,
     .origin = manual(ec200_manual, "2.4.15")},
};

constexpr Urc urc_rows[] = {
    on<modem::NameResolved, resolved>("+QIURC: \"dnsgip\",<err>,<IP_count>,<DNS_ttl>", names_origin),
    on<modem::NameResolved, addresses>("+QIURC: \"dnsgip\",<hostIPaddr>", names_origin),
    on<modem::PingReply, ping_answered>("+QPING: <result>,<IP_address>,<bytes>,<time>,<ttl>", ping_origin),
    on<modem::PingFinished, ping_finished>("+QPING: <finresult>,<sent>,<rcvd>,<lost>,<min>,<max>,<avg>", ping_origin),
    on<modem::TimeFetched, time_fetched>("+QNTP: <err>,<time>", manual(tcpip_manual, "QNTP")),
};

}  // namespace

std::span<const Command> errand_commands() { return rows; }
std::span<const Command> ec200_errand_commands() { return ec200_rows; }
std::span<const Urc> errand_urcs() { return urc_rows; }

}  // namespace atls::dialects::lte
