#include "dialects/hayes/profile.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "at/unit.hpp"
#include "dialects/hayes/hayes.hpp"
#include "dialects/threegpp/reports.hpp"

namespace atls::dialects::hayes {

using at::LineProfile;
using at::Session;
using at::Unit;

namespace {

constexpr Register registers[] = {
    {0, &LineProfile::ring_answer, 0, 255}, {3, &LineProfile::terminator, 0, 127},
    {4, &LineProfile::line_feed, 0, 127},   {5, &LineProfile::backspace, 0, 127},
    {6, &LineProfile::dial_pause, 0, 10},   {7, &LineProfile::completion, 0, 255},
    {8, &LineProfile::comma_pause, 0, 255}, {10, &LineProfile::carrier_loss, 1, 254},
};

constexpr const char* where = "profile";

// What AT&W keeps, by the BG96's table. Text as "E 1", one a line.
struct Kept {
    std::string_view name;
    std::int64_t (*get)(const LineProfile&);
    void (*put)(LineProfile&, std::int64_t);
};

template <auto member>
constexpr Kept kept(std::string_view name) {
    return {name, [](const LineProfile& line) { return static_cast<std::int64_t>(line.*member); },
            [](LineProfile& line, std::int64_t value) {
                line.*member = static_cast<std::remove_cvref_t<decltype(line.*member)>>(value);
            }};
}

constexpr Kept kept_settings[] = {
    kept<&LineProfile::echo>("E"),
    kept<&LineProfile::quiet>("Q"),
    kept<&LineProfile::ring_answer>("S0"),
    kept<&LineProfile::completion>("S7"),
    kept<&LineProfile::carrier_loss>("S10"),
    kept<&LineProfile::verbose>("V"),
    kept<&LineProfile::extended_results>("X"),
    kept<&LineProfile::carrier_follows>("&C"),
    kept<&LineProfile::dtr_action>("&D"),
};
// Of modules that keep the whole of it, the GSM family.
constexpr Kept further_settings[] = {
    kept<&LineProfile::terminator>("S3"),   kept<&LineProfile::line_feed>("S4"),
    kept<&LineProfile::backspace>("S5"),    kept<&LineProfile::dial_pause>("S6"),
    kept<&LineProfile::comma_pause>("S8"),  kept<&LineProfile::error_reports>("+CMEE"),
    kept<&LineProfile::format>("+ICF"),     kept<&LineProfile::parity>("+ICF/parity"),
    kept<&LineProfile::flow_in>("+IFC/in"), kept<&LineProfile::flow_out>("+IFC/out"),
};
constexpr std::string_view kept_rate = "+IPR/";  // and the port's name: each has a wire of its own
constexpr std::string_view kept_reports[] = {"+CREG", "+CGREG", "+CEREG"};  // in the order of modem::Domain

std::map<std::string, std::int64_t, std::less<>> stored_values(Unit& unit) {
    std::map<std::string, std::int64_t, std::less<>> values;
    const Bytes text = unit.modem.recall(where).value_or(Bytes{});
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string_view row = std::string_view(text).substr(from, end - from);
        const std::size_t blank = row.find(' ');
        std::int64_t number = 0;
        if (blank != std::string_view::npos &&
            std::from_chars(row.data() + blank + 1, row.data() + row.size(), number).ec == std::errc{}) {
            values[std::string(row.substr(0, blank))] = number;
        }
        from = end + 1;
    }
    return values;
}

std::string rate_key(const Session& session) { return std::string(kept_rate) + session.name(); }

}  // namespace

const Register* find_register(std::int64_t number) {
    const auto* found = std::find_if(std::begin(registers), std::end(registers),
                                     [number](const Register& one) { return one.number == number; });
    return found == std::end(registers) ? nullptr : found;
}

void reset_profile(Unit& unit, Session& session) {
    const auto rate = session.line.rate;
    session.line = unit.dialect.factory;
    session.line.rate = rate;
    unit.state<threegpp::Reports>().registration = {};
}

void load_stored_profile(Unit& unit, Session& session) {
    const auto stored = stored_values(unit);
    for (const auto& setting : kept_settings) {
        const auto found = stored.find(setting.name);
        if (found != stored.end()) setting.put(session.line, found->second);
    }
    for (const auto& setting : further_settings) {
        const auto found = stored.find(setting.name);
        if (found != stored.end() && unit.dialect.stores_whole_profile) setting.put(session.line, found->second);
    }
    const auto rate = stored.find(rate_key(session));
    const auto known = unit.dialect.rates;
    if (rate != stored.end() && std::find(known.begin(), known.end(), rate->second) != known.end()) {
        session.line.rate = rate->second;
    }
}

void load_stored_reports(Unit& unit) {
    const auto stored = stored_values(unit);
    auto& reports = unit.state<threegpp::Reports>();
    for (std::size_t i = 0; i < std::size(kept_reports); ++i) {
        const auto found = stored.find(kept_reports[i]);
        if (found != stored.end()) reports.registration[i] = static_cast<int>(found->second);
    }
}

void recall_profile(Unit& unit, Session& session) {
    const auto rate = session.line.rate;
    reset_profile(unit, session);
    load_stored_profile(unit, session);
    load_stored_reports(unit);
    session.line.rate = rate;
}

bool store_profile(Unit& unit, const Session& session) {
    std::string text;
    for (const auto& setting : kept_settings) text += at::line(setting.name, " ", setting.get(session.line), "\n");
    if (unit.dialect.stores_whole_profile) {
        for (const auto& setting : further_settings) {
            text += at::line(setting.name, " ", setting.get(session.line), "\n");
        }
    }
    auto stored = stored_values(unit);
    stored[rate_key(session)] = session.line.rate;
    for (const auto& [name, value] : stored) {
        if (name.starts_with(kept_rate)) text += at::line(name, " ", value, "\n");
    }
    const auto& reports = unit.state<threegpp::Reports>();
    for (std::size_t i = 0; i < std::size(kept_reports); ++i) {
        text += at::line(kept_reports[i], " ", reports.registration[i], "\n");
    }
    return unit.modem.remember(where, text);
}

std::vector<std::string> profile_lines(const LineProfile& line) {
    const auto show = [](std::string_view name, int value) { return at::line(name, ": ", value); };
    std::vector<std::string> lines{show("&C", line.carrier_follows),
                                   show("&D", line.dtr_action),
                                   show("&F", 0),
                                   show("&W", 0),
                                   show("E", line.echo ? 1 : 0),
                                   show("Q", line.quiet ? 1 : 0),
                                   show("V", line.verbose ? 1 : 0),
                                   show("X", line.extended_results),
                                   show("Z", 0)};
    for (const auto& one : registers) lines.push_back(show(at::line("S", one.number), line.*one.value));
    return lines;
}

}  // namespace atls::dialects::hayes
