// QPING and QNTP of the GSM modules: their own numbers, addresses without quotes.
#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;
using modem::Fault;

namespace {

constexpr Text host = filled(Text{"host", 255});
constexpr Int timeout = opt(Int{"timeout", 1, 255});
constexpr Int count = opt(Int{"pingnum", 1, 10});
constexpr Text server = filled(Text{"server", 255});
constexpr Int port = opt(Int{"port", 1, 65535});

// The time server these modules come with, and NTP's port.
constexpr const char* factory_server = "210.72.145.44";
constexpr int ntp_port = 123;
constexpr auto time_in_all = 75s;

// --- QPING --------------------------------------------------------------------------------------------------------

constexpr int finished = 2;
constexpr int stack_busy = 3;

int number_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return finished;
        case Fault::busy:
            return stack_busy;
        case Fault::name_not_resolved:
            return 4;
        default:
            return 5;  // PDP failure
    }
}

Reply ping_host(Call& c) {
    auto& errands = c.modem().errands;
    if (errands.pinging()) return words(line("+QPING: ", stack_busy)).with("OK");
    errands.ping(c.port(), foreground(c.unit), c[host], std::chrono::seconds(c.number_or(timeout, 1)),
                 c.number_or(count, 4));
    return ok();
}

UrcTexts answered(const modem::PingReply& event, Unit&) {
    if (event.fault != Fault::none) return urc("+QPING: 1");
    return urc(line("+QPING: 0,", event.ip, ",", event.octets, ",", event.milliseconds, ",", event.ttl));
}

UrcTexts pinged(const modem::PingFinished& event, Unit&) {
    const std::string start = line("+QPING: ", number_of(event.fault));
    if (event.fault != Fault::none) return urc(start);
    return urc(line(start, ",", event.sent, ",", event.received, ",", event.lost, ",", event.shortest, ",",
                    event.longest, ",", event.average));
}

// --- QNTP ---------------------------------------------------------------------------------------------------------

constexpr int still_busy = 3;

int time_number_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return 0;
        case Fault::timed_out:
            return 2;  // no response
        case Fault::name_not_resolved:
            return 4;
        case Fault::context_inactive:
        case Fault::context_lost:
            return 5;
        default:
            return 1;
    }
}

Reply fetch(Call& c, const std::string& from, int udp_port) {
    auto& errands = c.modem().errands;
    if (errands.fetching_time()) return words(line("+QNTP: ", still_busy)).with("OK");
    errands.fetch_time(c.port(), foreground(c.unit), from, static_cast<std::uint16_t>(udp_port), true,
                       {15s, time_in_all});
    return ok();
}
Reply fetch_time(Call& c) { return fetch(c, factory_server, ntp_port); }
Reply fetch_time_from(Call& c) { return fetch(c, c[server], c.number_or(port, ntp_port)); }
Reply show_server(Call& c) {
    const auto asked = c.modem().errands.fetching_time();
    const std::string from = asked ? asked->server : factory_server;
    return info(line("+QNTP: ", quoted(from), ",", asked ? asked->port : ntp_port));
}

UrcTexts time_fetched(const modem::TimeFetched& event, Unit&) {
    return urc(line("+QNTP: ", time_number_of(event.fault)));
}

constexpr Origin ping_origin = manual(at_manual, "AT+QPING");
constexpr Origin time_origin = manual(at_manual, "AT+QNTP");

constexpr Command rows[] = {
    {.name = "+QPING", .params = {&host, &timeout, &count}, .set = ping_host, .origin = ping_origin},
    {.name = "+QNTP",
     .params = {&server, &port},
     .set = fetch_time_from,
     .read = show_server,
     .execute = fetch_time,
     .within = time_in_all,
     .origin = time_origin},
};

constexpr Urc urc_rows[] = {
    on<modem::PingReply, answered>("+QPING: <result>,<IP_address>,<bytes>,<time>,<ttl>", ping_origin),
    on<modem::PingFinished, pinged>("+QPING: <finresult>,<sent>,<rcvd>,<lost>,<min>,<max>,<avg>", ping_origin),
    on<modem::TimeFetched, time_fetched>("+QNTP: <result>", time_origin),
};

}  // namespace

std::span<const Command> errand_commands() { return rows; }
std::span<const Urc> errand_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
