// AT+QCFG: settings of the radio and of pins. They are checked, kept and shown; the radio they would steer is not
// built.
#include <algorithm>

#include "at/unit.hpp"
#include "dialects/quectel/general.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::quectel {

using namespace at;

namespace {

constexpr Flag effect = opt(Flag{"effect"}, Brackets::no);
constexpr Flag enable = opt(Flag{"enable"});
constexpr Flag active_level = opt(Flag{"active_level"});

constexpr std::array<std::int64_t, 3> scan_modes{0, 1, 3};
constexpr Int scan_mode = opt(Int{"scanmode", scan_modes});
constexpr Int scan_sequence = opt(Int{"scanseq", 0, 30201, "(00-010203)"});
constexpr std::array<std::int64_t, 2> domains{1, 2};
constexpr Int domain = opt(Int{"service", domains});
constexpr std::array<std::int64_t, 3> roaming_modes{1, 2, 255};
constexpr Int roaming = opt(Int{"roammode", roaming_modes});
constexpr Text gsm_bands = opt(Text{"bandval", 24, "(0-F)"});
constexpr Text emtc_bands = opt(Text{"eMTCbandval", 24, "(0-7FFFFFFFFFFFFFFF)"});
constexpr Text nb_bands = opt(Text{"NBIoTbandval", 24, "(0-7FFFFFFFFFFFFFFF)"});
constexpr Int iot_mode = opt(Int{"mode", 0, 2});
// Its own =? does not show the second, which hosts send.
constexpr Flag immediately = unlisted(opt(Flag{"effect"}, Brackets::no));
constexpr std::array<std::int64_t, 3> led_modes{0, 1, 3};
constexpr Int led_mode = opt(Int{"ledmode", led_modes});
constexpr Text ring_type = opt(Text{"typeri", 8, "(\"off\",\"pulse\",\"always\",\"auto\",\"wave\")"});
constexpr Text message_type = opt(Text{"typeri", 8, "(\"off\",\"pulse\",\"always\")"});
constexpr Text other_type = opt(Text{"typeri", 8, "(\"off\",\"pulse\")"});
constexpr Int pulse = opt(Int{"pulseduration", 1, 2000});
constexpr Int active_time = opt(Int{"activeduration", 1, 10000});
constexpr Int inactive_time = opt(Int{"inactiveduration", 1, 10000});
constexpr Text undisturbed = opt(Text{"ringnodisturbing", 4, "(\"off\",\"on\")"});
constexpr Int pulse_count = opt(Int{"pulsecount", 1, 5});
constexpr Text signal_type = opt(Text{"risignaltype", 10, "(\"respective\",\"physical\")"});
constexpr Int channel = opt(Int{"urcport", 0, 4});
constexpr Int ready_delay = opt(Int{"delay", 100, 3000});

// What a key shows before it is set, and how many of its parameters are shown; those behind say when it takes effect.
struct Setting {
    std::string_view name;
    std::string_view otherwise;
    std::size_t kept = 1;
};

constexpr Setting settings[] = {
    {"nwscanmode", "0"},
    {"nwscanseq", "020301"},
    {"servicedomain", "2"},
    {"roamservice", "255"},
    {"band", "0xf,0x400a0e189f,0xa0e189f", 3},
    {"iotopmode", "0"},
    {"psm/urc", "0"},
    {"ledmode", "0"},
    {"airplanecontrol", "0"},
    {"urc/ri/ring", "\"auto\",120,1000,5000,\"off\",1", 6},
    {"urc/ri/smsincoming", "\"pulse\",120,1", 3},
    {"urc/ri/other", "\"pulse\",120,1", 3},
    {"risignaltype", "\"respective\""},
    {"urc/delay", "0"},
    {"cmux/urcport", "0"},
    {"apready", "0,0,500", 3},
    {"psm/enter", "0"},
};

const Setting& setting_of(const Call& c) {
    return *std::find_if(std::begin(settings), std::end(settings),
                         [&c](const Setting& one) { return one.name == c.key->name; });
}

std::string option_of(const Call& c) { return line("QCFG/", c.key->name); }
std::string value_of(const Call& c) { return c.modem().option(option_of(c), std::string(setting_of(c).otherwise)); }

Reply show_setting(Call& c) { return info(line("+QCFG: ", quoted(c.key->name), ",", value_of(c))); }

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts(1);
    for (const char one : text) {
        if (one == ',') {
            parts.emplace_back();
        } else {
            parts.back().push_back(one);
        }
    }
    return parts;
}

// A text's own list of values, as =? shows it.
bool listed(const Param& param, std::string_view text) {
    return param.kind != Kind::text || param.shown.find(quoted(text)) != std::string_view::npos;
}

void keep(Call& c, const std::vector<std::string>& values) {
    std::string joined;
    for (const auto& value : values) joined += line(joined.empty() ? "" : ",", value);
    c.modem().set_option(option_of(c), joined, true);
}

// What is left out stays as it was.
Reply set_setting(Call& c) {
    auto values = split(value_of(c));
    const auto params = used(c.key->params);
    for (std::size_t i = 0; i < setting_of(c).kept; ++i) {
        const Param& param = *params[i];
        if (!c.has(param)) continue;
        if (!listed(param, c.raw(param))) return cme_error(threegpp::cme::incorrect_parameters);
        values[i] = param.kind == Kind::text ? quoted(c.raw(param)) : c.raw(param);
    }
    keep(c, values);
    return ok();
}

// Bands are bit masks in hexadecimal, with or without 0x; 0 leaves a mask as it is.
std::optional<std::string> mask_of(std::string_view text) {
    if (equal_ignoring_case(text.substr(0, 2), "0x")) text.remove_prefix(2);
    std::string digits;
    for (const char one : text) digits.push_back(ascii_lower(one));
    if (digits.empty() || digits.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
    return "0x" + digits;
}

Reply set_bands(Call& c) {
    auto values = split(value_of(c));
    const auto params = used(c.key->params);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!c.has(*params[i])) continue;
        const auto mask = mask_of(c.raw(*params[i]));
        if (!mask) return cme_error(threegpp::cme::incorrect_parameters);
        if (mask->find_first_not_of('0', 2) != std::string::npos) values[i] = *mask;
    }
    keep(c, values);
    return ok();
}

constexpr Key key(std::string_view name, Params params, Handler set = set_setting) {
    return {.name = name, .params = params, .set = set, .query = show_setting};
}

constexpr Key missing(std::string_view name) { return {.name = name, .missing = true}; }

// Of the keys that BG96MAR02A07M1G lists, those without which a host would stop, in its order; then the others.
constexpr Key keys[] = {
    key("nwscanmode", {&scan_mode, &effect}),
    key("nwscanseq", {&scan_sequence, &effect}),
    key("servicedomain", {&domain, &effect}),
    key("roamservice", {&roaming, &effect}),
    key("band", {&gsm_bands, &emtc_bands, &nb_bands, &effect}, set_bands),
    key("iotopmode", {&iot_mode, &immediately}),
    key("psm/urc", {&enable}),
    key("ledmode", {&led_mode}),
    key("airplanecontrol", {&enable}),
    key("urc/ri/ring", {&ring_type, &pulse, &active_time, &inactive_time, &undisturbed, &pulse_count}),
    key("urc/ri/smsincoming", {&message_type, &pulse, &pulse_count}),
    key("urc/ri/other", {&other_type, &pulse, &pulse_count}),
    key("risignaltype", {&signal_type}),
    key("urc/delay", {&enable}),
    key("cmux/urcport", {&channel}),
    key("apready", {&enable, &active_level, &ready_delay}),
    key("psm/enter", {&enable}),
    missing("msc"),
    missing("sgsn"),
    missing("celevel"),
    missing("pdp/duplicatechk"),
    missing("nb1/bandprior"),
    missing("gpio"),
    missing("ims"),
    missing("nccconf"),
    missing("simeffect"),
    missing("irat/timer"),
    missing("nasconfig"),
    missing("bip/auth"),
};

constexpr bool every_key_has_its_setting() {
    for (std::size_t i = 0; i < std::size(keys); ++i) {
        const bool has_one = i < std::size(settings) && keys[i].name == settings[i].name;
        if (has_one == keys[i].missing) return false;
    }
    return true;
}
static_assert(every_key_has_its_setting());

constexpr std::string_view iot_only[] = {"nwscanseq", "iotopmode", "psm/urc", "psm/enter"};

std::vector<Key> lte_keys() {
    std::vector<Key> kept(std::begin(keys), std::end(keys));
    // Which of the missing ones an LTE module would know is not known either.
    std::erase_if(kept, [](const Key& one) {
        return one.missing || std::count(std::begin(iot_only), std::end(iot_only), one.name) != 0;
    });
    return kept;
}

constexpr Command row(std::span<const Key> of) {
    return {.name = "+QCFG", .keys = of, .errors = Errors::general, .origin = trace("BG96MAR02A07M1G", "QCFG=?")};
}

}  // namespace

std::span<const Command> extended_settings() {
    static constexpr Command rows[] = {row(keys)};
    return rows;
}

std::span<const Command> lte_extended_settings() {
    static const std::vector<Key> kept = lte_keys();
    static const Command rows[] = {row(kept)};
    return rows;
}

}  // namespace atls::dialects::quectel
