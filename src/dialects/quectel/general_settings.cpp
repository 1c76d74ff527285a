// QURCCFG, the port that URCs go to, and QINDCFG, which URCs are wanted.
#include "at/unit.hpp"
#include "dialects/quectel/general.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::quectel {

using namespace at;

namespace {
constexpr Flag enable{"enable"};
constexpr Flag save = opt(Flag{"save_to_nvram"});

constexpr const char* port_option = "QURCCFG/urcport";

Reply show_urc_port(Call& c) { return info(line("+QURCCFG: \"urcport\",", quoted(c.unit.urc_port_name()))); }

Reply set_urc_port(Call& c) {
    // What =? lists is what there is.
    const std::string_view listed = c.dialect().as_declared(urc_port).shown;
    std::string name;
    for (const char one : c[urc_port]) name.push_back(ascii_lower(one));
    if (listed.find(quoted(name)) == std::string_view::npos) return cme_error(threegpp::cme::incorrect_parameters);
    c.modem().set_option(port_option, name, true);
    c.unit.set_urc_port(name);
    return ok();
}

constexpr Key port_keys[] = {{.name = "urcport", .params = {&urc_port}, .set = set_urc_port, .query = show_urc_port}};

std::string option_of(std::string_view type) { return line("QINDCFG/", type); }

// A ring or a short message is announced unless the host says no; signal changes only if it says yes.
std::string otherwise(std::string_view type) { return type == "csq" || type == "smsfull" ? "0" : "1"; }

Reply show_indication(Call& c) {
    const auto type = c.key->name;
    return info(line("+QINDCFG: ", quoted(type), ",", c.modem().option(option_of(type), otherwise(type))));
}

Reply set_indication(Call& c) {
    c.modem().set_option(option_of(c.key->name), std::to_string(c[enable]), c.number_or(save, 0) == 1);
    return ok();
}

constexpr Key indication(std::string_view type) {
    return {.name = type, .params = {&enable, &save}, .set = set_indication, .query = show_indication};
}

constexpr Key indication_keys[] = {indication("all"), indication("csq"), indication("smsfull"), indication("ring"),
                                   indication("smsincoming")};

constexpr Command rows[] = {
    {.name = "+QURCCFG",
     .keys = port_keys,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+QURCCFG")},
    {.name = "+QINDCFG",
     .keys = indication_keys,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+QINDCFG")},
};

}  // namespace

void load_urc_port(Unit& unit) { unit.set_urc_port(unit.modem.option(port_option, unit.dialect.urc_port)); }

bool indicated(const modem::Modem& modem, std::string_view type) {
    return modem.option(option_of("all"), "1") == "1" && modem.option(option_of(type), otherwise(type)) == "1";
}

std::span<const Command> setting_commands() { return rows; }

}  // namespace atls::dialects::quectel
