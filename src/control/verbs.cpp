#include "control/verbs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "control/moment.hpp"
#include "control/report.hpp"

namespace atls::control {

namespace {

// How long `power cycle` leaves the module without power.
constexpr Duration off_time = std::chrono::seconds(1);

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

Refusal refusal(std::string_view given, std::string_view wanted) {
    return {"\"" + printable(given) + "\" is not " + std::string(wanted)};
}

Answer network(at::Unit& unit, Arguments arguments) {
    using modem::Registration;
    struct Word {
        std::string_view word;
        Registration meaning;
    };
    static constexpr std::array words{Word{"home", Registration::home}, Word{"roaming", Registration::roaming},
                                      Word{"searching", Registration::searching}, Word{"denied", Registration::denied},
                                      Word{"lost", Registration::idle}};
    for (const auto& [word, meaning] : words) {
        if (!equal_ignoring_case(arguments[0], word)) continue;
        unit.modem.network.set_coverage(meaning);
        return std::string();
    }
    return refusal(arguments[0], "home, roaming, searching, denied or lost");
}

Answer drop_context(at::Unit& unit, Arguments arguments) {
    const auto context = number(arguments[0]);
    const int most = unit.modem.profile.contexts;
    if (!context || *context < 1 || *context > most)
        return refusal(arguments[0], "a contextID, 1 to " + std::to_string(most));
    if (!unit.modem.contexts.active(*context)) return Refusal{"context " + std::to_string(*context) + " is not active"};
    unit.modem.contexts.lose(*context);
    return std::string();
}

Answer sim(at::Unit& unit, Arguments arguments) {
    const bool in = equal_ignoring_case(arguments[0], "in");
    if (!in && !equal_ignoring_case(arguments[0], "out")) return refusal(arguments[0], "in or out");
    unit.modem.network.set_sim(in ? modem::Sim::ready : modem::Sim::absent);
    return std::string();
}

Answer signal(at::Unit& unit, Arguments arguments) {
    const auto comma = arguments[0].find(',');
    const auto rssi = number(arguments[0].substr(0, comma));
    if (!rssi || *rssi < 0 || (*rssi > 31 && *rssi != 99))
        return refusal(arguments[0], "RSSI[,BER], RSSI 0 to 31 or 99");
    modem::Signal now = unit.modem.network.signal();
    now.rssi = *rssi;
    if (comma != std::string_view::npos) {
        const auto errors = number(arguments[0].substr(comma + 1));
        if (!errors || *errors < 0 || (*errors > 7 && *errors != 99)) {
            return refusal(arguments[0], "RSSI[,BER], BER 0 to 7 or 99");
        }
        now.bit_errors = *errors;
    }
    if (now.rssi != 99) {
        now.rssi_dbm = -113 + 2 * now.rssi;  // 27.007 8.5
        now.rsrp_dbm = now.rssi_dbm - 28;    // the share of one resource element at 10 MHz
    }
    unit.modem.network.set_signal(now);
    return std::string();
}

struct ClockArguments {
    std::optional<Moment> moment;
    std::string wrong;
};

ClockArguments clock_arguments(Arguments arguments) {
    auto moment = parse_moment(arguments[0]);
    if (!moment) return {{}, refusal(arguments[0], "a time such as 2026-11-21T08:00:00Z").text};
    if (arguments.size() > 1) {
        const auto zone = parse_zone(arguments[1]);
        if (!zone) return {{}, refusal(arguments[1], "a time zone in quarters of an hour, -48 to +56").text};
        moment->zone_quarters = *zone;
    }
    return {moment, {}};
}

Answer clock(at::Unit& unit, Arguments arguments) {
    if (arguments.size() == 1 && equal_ignoring_case(arguments[0], "unset")) {
        modem::Clock& module_clock = unit.modem.clock;
        std::destroy_at(&module_clock);
        std::construct_at(&module_clock, unit.modem.timers, std::nullopt);
        return std::string();
    }
    const auto [moment, wrong] = clock_arguments(arguments);
    if (!moment) return Refusal{wrong};
    unit.modem.clock.set(moment->utc, moment->zone_quarters, "control");
    return std::string();
}

Answer network_time(at::Unit& unit, Arguments arguments) {
    const auto [moment, wrong] = clock_arguments(arguments);
    if (!moment) return Refusal{wrong};
    unit.modem.network_time(moment->utc, moment->zone_quarters, 0);
    return std::string();
}

Answer reset_socket(at::Unit& unit, Arguments arguments) {
    const auto id = number(arguments[0]);
    const int most = unit.modem.profile.sockets - 1;
    if (!id || *id < 0 || *id > most) return refusal(arguments[0], "a socket id, 0 to " + std::to_string(most));
    const auto info = unit.modem.sockets.info(*id);
    if (!info) return Refusal{"socket " + std::to_string(*id) + " is not open"};
    if (info->state != modem::SocketState::connected)
        return Refusal{"socket " + std::to_string(*id) + " is not connected"};
    unit.modem.sockets.reset_by_peer(*id);
    return std::string();
}

Answer list_sockets(at::Unit& unit, Arguments) { return sockets_of(unit); }

Answer power(at::Unit& unit, Arguments arguments) {
    const bool is_on = unit.modem.powered();
    if (equal_ignoring_case(arguments[0], "cycle")) {
        unit.modem.restart(off_time);
    } else if (equal_ignoring_case(arguments[0], "off")) {
        if (!is_on) return Refusal{"the modem is off"};
        unit.modem.power_off();
    } else if (equal_ignoring_case(arguments[0], "on")) {
        if (is_on) return Refusal{"the modem is on"};
        unit.modem.power_on();
    } else {
        return refusal(arguments[0], "cycle, off or on");
    }
    return std::string();
}

Answer send_to_sleep(at::Unit& unit, Arguments arguments) {
    const bool deep = equal_ignoring_case(arguments[0], "deep");
    if (!deep && !equal_ignoring_case(arguments[0], "light")) return refusal(arguments[0], "light or deep");
    if (unit.modem.sleeper.fall_asleep(deep ? modem::Sleep::deep : modem::Sleep::light)) return std::string();
    return Refusal{"the host does not allow " + std::string(deep ? "deep" : "light") + " sleep (AT+QSCLK)"};
}

Answer wake(at::Unit& unit, Arguments) {
    if (!unit.modem.sleeper.wake()) return Refusal{"the modem is awake"};
    return std::string();
}

Answer fail_next_open(at::Unit& unit, Arguments arguments) {
    const auto id = number(arguments[0]);
    const int most = unit.modem.profile.sockets - 1;
    if (!id || *id < 0 || *id > most) return refusal(arguments[0], "a socket id, 0 to " + std::to_string(most));
    unit.modem.sockets.fail_next_open(*id);
    return std::string();
}

Answer status(at::Unit& unit, Arguments) { return status_of(unit); }

Answer help(at::Unit& unit, Arguments arguments);

constexpr std::array table{
    Verb{"network", "home|roaming|searching|denied|lost", 1, 1, "what the network gives from now on", network},
    Verb{"pdp drop", "CONTEXT", 1, 1, "the network drops a PDP context", drop_context},
    Verb{"sim", "out|in", 1, 1, "takes the SIM out, puts it back", sim},
    Verb{"signal", "RSSI[,BER]", 1, 1, "signal as AT+CSQ shows it", signal},
    Verb{"clock", "TIME|unset [ZONE]", 1, 2, "sets the module's clock, silently", clock},
    Verb{"nitz", "TIME [ZONE]", 1, 2, "network time arrives; ZONE in quarters of an hour", network_time},
    Verb{"socket reset", "ID", 1, 1, "the peer of a socket resets it", reset_socket},
    Verb{"socket fail", "ID", 1, 1, "its next SSL open fails inside the module", fail_next_open},
    Verb{"socket list", "", 0, 0, "sockets, with the causes of failures", list_sockets},
    Verb{"sleep", "light|deep", 1, 1, "the module falls asleep, if the host allows it", send_to_sleep},
    Verb{"wake", "", 0, 0, "PSM_EINT: the module wakes", wake},
    Verb{"power", "cycle|off|on", 1, 1, "the module's power", power},
    Verb{"status", "", 0, 0, "the modem at a glance", status},
    Verb{"help", "", 0, 0, "this list", help},
};

Answer help(at::Unit&, Arguments) {
    std::string text;
    for (const Verb& verb : table) {
        std::string line = usage(verb);
        line.resize(std::max<std::size_t>(line.size() + 1, 44), ' ');
        text += line + std::string(verb.help) + "\n";
    }
    return text;
}

std::vector<std::string_view> words_in(std::string_view line) {
    static constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::string_view> words;
    for (;;) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos) return words;
        line.remove_prefix(begin);
        words.push_back(line.substr(0, line.find_first_of(blanks)));
        line.remove_prefix(words.back().size());
    }
}

/// How many words of the line are the verb's name; 0: it is another verb.
std::size_t named(const Verb& verb, std::span<const std::string_view> line) {
    const auto name = words_in(verb.name);
    if (line.size() < name.size()) return 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!equal_ignoring_case(name[i], line[i])) return 0;
    }
    return name.size();
}

}  // namespace

std::span<const Verb> verbs() { return table; }

std::string usage(const Verb& verb) {
    return std::string(verb.name) + (verb.arguments.empty() ? "" : " ") + std::string(verb.arguments);
}

Answer run(at::Unit& unit, std::string_view line) {
    const auto words = words_in(line);
    if (words.empty()) return Refusal{"no verb; try help"};
    for (const Verb& verb : table) {
        const std::size_t used = named(verb, words);
        if (used == 0) continue;
        const auto arguments = Arguments(words).subspan(used);
        if (arguments.size() < verb.least || arguments.size() > verb.most) return Refusal{"usage: " + usage(verb)};
        unit.modem.log.write(Level::info, "control", printable(line), {{"verb", std::string(verb.name)}});
        return verb.run(unit, arguments);
    }
    return Refusal{"unknown verb \"" + printable(line) + "\"; try help"};
}

std::string converse(at::Unit& unit, std::string_view line) {
    const Answer answer = run(unit, line);
    if (!answer) return "error " + answer.error().text + "\n";
    std::string text;
    std::string_view rest = answer.value();
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        text += " " + std::string(rest.substr(0, end)) + "\n";
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return text + "ok\n";
}

}  // namespace atls::control
