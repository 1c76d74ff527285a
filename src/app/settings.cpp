#include "app/settings.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "app/nvram_key.hpp"
#include "base/bytes.hpp"
#include "control/moment.hpp"
#include "dialects/all.hpp"
#include "loop/address.hpp"

namespace atls::app {

namespace {

constexpr std::uint64_t default_seed = 1;

std::string quoted(const std::string& text) { return "\"" + printable(text, 200) + "\""; }

template <class Names>
std::string listed(const Names& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

bool all_digits(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes options one by one; the first that is wrong is what the user is told.
class Judge {
public:
    Judge(const Options& options, const Environment& around) : options_(options), around_(around) {}

    Result<Settings, StartFailure> settle() {
        const bool good = module() && ports() && quirks() && identity() && clock() && psk() && sleep() && pace() &&
                          flash() && key_of_nvram() && hosts() && storage() && log() && control();
        if (!good) return StartFailure{wrong_};
        settings_.keylog = options_.keylog;
        return settings_;
    }

private:
    bool fail(std::string text) {
        wrong_ = std::move(text);
        return false;
    }

    bool module() {
        const auto found = module_named(options_.module.value_or("BG96"));
        if (!found) return fail(found.error().text);
        settings_.dialect = *found;
        return true;
    }

    bool ports() {
        const auto& known = settings_.dialect->ports;
        std::set<std::string> seen;
        for (const NameValue& port : options_.ports) {
            if (std::find(known.begin(), known.end(), port.name) == known.end()) {
                return fail("--port: " + settings_.dialect->name + " has no port " + quoted(port.name) + "; it has " +
                            listed(known));
            }
            if (!seen.insert(port.name).second) return fail("--port: " + port.name + " is given twice");
        }
        settings_.ports = options_.ports;
        return true;
    }

    bool quirks() {
        settings_.quirks = settings_.dialect->quirks;
        const auto known = at::all_quirks();
        for (const NameValue& given : options_.quirks) {
            const auto found = std::find_if(known.begin(), known.end(),
                                            [&given](const at::Quirk& quirk) { return quirk.name == given.name; });
            if (found == known.end()) {
                std::vector<std::string_view> names;
                for (const at::Quirk& quirk : known) names.push_back(quirk.name);
                return fail("--quirk: no quirk " + quoted(given.name) + "; there are " + listed(names));
            }
            std::int64_t value = 0;
            const char* end = given.value.data() + given.value.size();
            const auto [stopped, error] = std::from_chars(given.value.data(), end, value);
            if (error != std::errc() || stopped != end || value < 0) {
                return fail("--quirk: " + given.name + "=" + printable(given.value) + " is not a number of 0 or more");
            }
            settings_.quirks.*found->value = value;
        }
        return true;
    }

    bool identity() {
        settings_.identity = modem::identity_from(options_.seed.value_or(default_seed));
        if (options_.imsi && (options_.imsi->size() != 15 || !all_digits(*options_.imsi))) {
            return fail("--imsi: " + quoted(*options_.imsi) + " is not 15 digits");
        }
        settings_.identity.imsi = options_.imsi.value_or(settings_.identity.imsi);
        return checked_number("imei", 15, options_.imei, settings_.identity.imei) &&
               checked_number("iccid", 20, options_.iccid, settings_.identity.iccid);
    }

    bool checked_number(const std::string& name, std::size_t digits, const std::optional<std::string>& given,
                        std::string& into) {
        if (!given) return true;
        if ((given->size() != digits && given->size() != digits - 1) || !all_digits(*given)) {
            return fail("--" + name + ": " + quoted(*given) + " is not " + std::to_string(digits) + " digits");
        }
        const std::string body = given->substr(0, digits - 1);
        into = body + modem::luhn_digit(body);
        if (given->size() == digits && *given != into) {
            return fail("--" + name + ": the last digit of " + *given + " must be " + into.back() +
                        ", the check digit of the others");
        }
        return true;
    }

    bool clock() {
        const std::string start = options_.clock.value_or("host");
        if (start == "unset") return true;
        settings_.utc = around_.now;
        settings_.zone_quarters = around_.zone_quarters;
        if (start == "host") return true;
        const auto moment = control::parse_moment(start);
        if (!moment)
            return fail("--clock: " + quoted(start) + " is not host, unset or a time such as 2026-11-21T08:00:00Z");
        settings_.utc = moment->utc;
        settings_.zone_quarters = moment->zone_quarters;
        return true;
    }

    // What is wrong with it is told without showing it.
    bool psk() {
        if (!options_.psk) return true;
        const auto& profile = settings_.dialect->profile;
        if (profile.psk_suites.empty()) return fail("--psk: " + settings_.dialect->name + " has no PSK suite");
        const auto colon = options_.psk->rfind(':');
        if (colon == std::string::npos || colon == 0) return fail("--psk: not IDENTITY:HEXKEY");
        auto key = from_hex(std::string_view(*options_.psk).substr(colon + 1));
        if (!key || key->empty()) return fail("--psk: what stands behind the last colon is no key in hexadecimal");
        settings_.psk = tls::Psk{options_.psk->substr(0, colon), std::move(*key)};
        return true;
    }

    // By default a file of the user's, made on first use.
    bool key_of_nvram() {
        if (options_.nvram_key) {
            settings_.nvram_key = *options_.nvram_key;
            if (!well_formed_key_place(settings_.nvram_key)) {
                return fail("--nvram-key: " + quoted(settings_.nvram_key) +
                            " is not file:PATH, env:NAME or credential:NAME");
            }
            return true;
        }
        if (!around_.data_home.empty()) settings_.nvram_key = "file:" + around_.data_home + "/atls/nvram.key";
        return true;
    }

    bool sleep() {
        const std::string text = options_.sleep_after.value_or("0");
        constexpr std::size_t most_digits = 9;
        if (text.empty() || text.size() > most_digits || !all_digits(text)) {
            return fail("--sleep-after: " + quoted(text) + " is not a number of seconds");
        }
        settings_.sleep_after = std::chrono::seconds(std::stol(text));
        return true;
    }

    bool flash() {
        if (!options_.flash) return true;
        const std::string& text = *options_.flash;
        constexpr std::size_t most_digits = 15;
        if (text.empty() || text.size() > most_digits || !all_digits(text)) {
            return fail("--flash: " + quoted(text) + " is not a number of octets");
        }
        settings_.flash = std::stoull(text);
        return true;
    }

    bool pace() {
        const std::string text = options_.pace.value_or("off");
        settings_.pace = text == "on";
        return text == "on" || text == "off" || fail("--pace: " + quoted(text) + " is neither on nor off");
    }

    bool hosts() {
        for (const NameValue& host : options_.hosts) {
            if (!loop::SocketAddress::numeric(host.value, 0)) {
                return fail("--hosts: " + host.name + "=" + printable(host.value) + " is not a numeric address");
            }
            std::string name;
            for (const char c : host.name) name += ascii_lower(c);
            settings_.hosts[name].push_back(host.value);
        }
        return true;
    }

    bool storage() {
        if (options_.storage == "memory") return true;
        if (options_.storage == "") return fail("--storage: a directory or memory");
        if (options_.storage) {
            settings_.storage = *options_.storage;
            return true;
        }
        if (around_.data_home.empty()) return fail("no home directory to keep files in: give --storage DIR or memory");
        settings_.storage = around_.data_home + "/atls/" + settings_.dialect->name;
        return true;
    }

    bool log() {
        const std::string level = options_.log.value_or("info");
        settings_.log.least = level_named(level);
        if (!settings_.log.least && level != "off") {
            return fail("--log: " + quoted(level) + " is not trace, debug, info, warning, error or off");
        }
        const std::string format = options_.log_format.value_or("text");
        if (format != "text" && format != "json")
            return fail("--log-format: " + quoted(format) + " is not text or json");
        settings_.log.format = format == "json" ? LogFormat::json : LogFormat::text;
        return true;
    }

    bool control() {
        settings_.control.demanded = options_.control.has_value();
        const auto path = control_path(options_.control.value_or(settings_.dialect->name), around_);
        if (!path) return fail("--control: " + path.error().text);
        settings_.control.path = *path;
        return true;
    }

    const Options& options_;
    const Environment& around_;
    Settings settings_;
    std::string wrong_;
};

}  // namespace

Result<Settings, StartFailure> settle(const Options& options, const Environment& around) {
    return Judge(options, around).settle();
}

std::string control_directory(const Environment& around) { return around.runtime_home + "/atls"; }

Result<std::string, StartFailure> control_path(const std::string& place, const Environment& around) {
    static constexpr std::string_view scheme = "unix:";
    if (place.starts_with(scheme)) {
        if (place.size() == scheme.size()) return StartFailure{"no path after unix:"};
        return place.substr(scheme.size());
    }
    if (place.empty() || place.front() == '.' || place.find('/') != std::string::npos ||
        place.find(':') != std::string::npos) {
        return StartFailure{quoted(place) + " is neither unix:PATH nor a plain name"};
    }
    return control_directory(around) + "/" + place;
}

Result<const at::Dialect*, StartFailure> module_named(const std::string& name) {
    if (const at::Dialect* module = dialects::find(name)) return module;
    std::vector<std::string> names;
    for (const at::Dialect* module : dialects::all()) names.push_back(module->name);
    return StartFailure{"no module " + quoted(name) + "; there are " + listed(names)};
}

}  // namespace atls::app
