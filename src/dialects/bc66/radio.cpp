// What an NB-IoT radio adds to 27.007's network commands: CSCON, CESQ, and Quectel's QNBIOTEVENT and QNBIOTRAI.
#include <algorithm>

#include "dialects/bc66/bc66.hpp"

namespace atls::dialects::bc66 {

using namespace at;

namespace {

constexpr Flag report{"n"};
constexpr Flag enable{"enable"};
constexpr Int event_kind{"event", 1, 1, "(1)"};
constexpr Int release{"raimode", 0, 2};

constexpr const char* connection_reports = "CSCON";
constexpr const char* psm_events = "QNBIOTEVENT";
constexpr const char* release_assistance = "QNBIOTRAI";

Reply show_connection(Call& c) {
    const auto& modem = c.modem();
    return info(line("+CSCON: ", modem.option(connection_reports, "0"), ",", modem.radio_connected() ? 1 : 0));
}
Reply report_connection(Call& c) {
    c.modem().set_option(connection_reports, std::to_string(c[report]), false);
    return ok();
}

// 27.007 8.69: steps of 1 dB from -110 dBm, of 0.5 dB from -19.5 dB, of 1 dB from -140 dBm.
Reply show_quality(Call& c) {
    const auto& network = c.modem().network;
    if (!network.registered()) return info("+CESQ: 99,99,255,255,255,255");
    const auto& signal = network.signal();
    const int level = std::clamp(signal.rssi_dbm + 111, 0, 63);
    const int quality = std::clamp(2 * signal.rsrq_db + 40, 0, 34);
    const int power = std::clamp(signal.rsrp_dbm + 141, 0, 97);
    return info(line("+CESQ: ", level, ",", signal.bit_errors, ",255,255,", quality, ",", power));
}
Reply list_quality_values(Call&) { return info("+CESQ: (0-63,99),(0-7,99),(255),(255),(0-34,255),(0-97,255)"); }

Reply report_psm(Call& c) {
    c.modem().set_option(psm_events, std::to_string(c[enable]), false);
    return ok();
}
Reply nothing_to_show(Call&) { return ok(); }

// The network of here always lets go after the same time: kept and shown.
Reply show_release(Call& c) { return info(line("+QNBIOTRAI: ", c.modem().option(release_assistance, "0"))); }
Reply set_release(Call& c) {
    c.modem().set_option(release_assistance, std::to_string(c[release]), false);
    return ok();
}

UrcTexts connection_changed(const modem::RadioChanged& event, Unit& unit) {
    if (unit.modem.option(connection_reports, "0") != "1") return {};
    return urc(line("+CSCON: ", event.connected ? 1 : 0));
}

UrcTexts psm_changed(const modem::SleepChanged& event, Unit& unit) {
    if (unit.modem.option(psm_events, "0") != "1") return {};
    if (event.now == modem::Sleep::deep) return urc("+QNBIOTEVENT: \"ENTER PSM\"");
    return event.before == modem::Sleep::deep ? urc("+QNBIOTEVENT: \"EXIT PSM\"") : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+CSCON",
     .params = {&report},
     .set = report_connection,
     .read = show_connection,
     .errors = Errors::general,
     .origin = by_manual("AT+CSCON")},
    {.name = "+CESQ",
     .execute = show_quality,
     .test = TestForm::handler,
     .test_handler = list_quality_values,
     .errors = Errors::general,
     .origin = by_manual("AT+CESQ")},
    {.name = "+QNBIOTEVENT",
     .params = {&enable, &event_kind},
     .set = report_psm,
     .read = nothing_to_show,
     .errors = Errors::general,
     .origin = by_manual("AT+QNBIOTEVENT")},
    {.name = "+QNBIOTRAI",
     .params = {&release},
     .set = set_release,
     .read = show_release,
     .errors = Errors::general,
     .origin = by_manual("AT+QNBIOTRAI")},
};

constexpr Urc urc_rows[] = {
    on<modem::RadioChanged, connection_changed>("+CSCON: <mode>", by_manual("AT+CSCON")),
    on<modem::SleepChanged, psm_changed>("+QNBIOTEVENT: \"ENTER PSM\", \"EXIT PSM\"",
                                         driver("BC66 hosts", "QNBIOTEVENT")),
};

}  // namespace

std::span<const Command> radio_commands() { return rows; }
std::span<const Urc> radio_urcs() { return urc_rows; }

}  // namespace atls::dialects::bc66
