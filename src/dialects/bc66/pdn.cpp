// PDN connections of the BC66: the default one, which comes up with the registration, and those of AT+QGACT.
#include "dialects/bc66/bc66.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::bc66 {

using namespace at;
using namespace std::chrono_literals;
using threegpp::cme::incorrect_parameters;
using threegpp::cme::operation_not_allowed;

namespace {

constexpr std::string_view type_names[] = {"IP", "IPV6", "IPV4V6", "Non-IP"};
constexpr std::string_view shown_types = "(\"IP\",\"IPV6\",\"IPV4V6\",\"Non-IP\")";
// What the device itself tells apart; Non-IP is kept and shown.
constexpr int types_of_addresses = 3;

constexpr Text type{"PDP_type", 8, shown_types};
constexpr Text apn = opt(Text{"APN", 100});
constexpr Text user = opt(Text{"username", 64});
constexpr Text password = opt(Text{"password", 64});
constexpr Flag operation{"op"};
constexpr Int type_or_cid{"PDP_type", 1, 15};
constexpr Flag authentication = opt(Flag{"auth"});
constexpr Flag report = opt(Flag{"report"});
constexpr Int cid{"cid", 1, 15};
constexpr Int any_cid = opt(Int{"cid", 1, 15}, Brackets::no);
constexpr Text given_type = opt(Text{"PDP_type", 8});
constexpr Text address = opt(Text{"PDP_addr", 64});

std::optional<int> type_number(std::string_view name) {
    for (int number = 1; const auto known : type_names) {
        if (equal_ignoring_case(known, name)) return number;
        ++number;
    }
    return std::nullopt;
}

// --- the default connection
// -------------------------------------------------------------------------------------------

constexpr const char* default_type = "QCGDEFCONT/type";
constexpr const char* default_apn = "QCGDEFCONT/apn";
constexpr const char* default_user = "QCGDEFCONT/user";
constexpr const char* default_password = "QCGDEFCONT/password";

Reply show_default(Call& c) {
    const auto& modem = c.modem();
    std::string text =
        line("+QCGDEFCONT: ", quoted(modem.option(default_type, "IP")), ",", quoted(modem.option(default_apn, "")));
    const std::string name = modem.option(default_user, "");
    if (!name.empty()) text += line(",", quoted(name), ",", quoted(modem.option(default_password, "")));
    return info(std::move(text));
}

// Stored; counts after a restart.
Reply set_default(Call& c) {
    const auto number = type_number(c[type]);
    if (!number) return cme_error(incorrect_parameters);
    auto& modem = c.modem();
    modem.set_option(default_type, std::string(type_names[*number - 1]), true);
    modem.set_option(default_apn, c[apn], true);
    modem.set_option(default_user, c[user], true);
    modem.set_option(default_password, c[password], true);
    return ok();
}

// --- AT+QGACT
// ---------------------------------------------------------------------------------------------------------

std::string full_line(const modem::Contexts& contexts, int id, bool active) {
    return line("+QGACT: ", id, ",1,", active ? 1 : 0, active ? line(",", contexts.settings(id).type) : "");
}

std::optional<int> free_context(const modem::Modem& modem) {
    for (int id = default_context + 1; id <= modem.profile.contexts; ++id) {
        if (!modem.contexts.active(id)) return id;
    }
    return std::nullopt;
}

Reply activate(Call& c) {
    const int number = c.number(type_or_cid);
    if (number > static_cast<int>(std::size(type_names)) || !c.has(apn)) return cme_error(incorrect_parameters);
    auto& contexts = c.modem().contexts;
    for (const int id : contexts.active_ids()) {
        if (contexts.settings(id).apn == c[apn]) return info(full_line(contexts, id, true));
    }
    const auto id = free_context(c.modem());
    if (!id) return cme_error(operation_not_allowed);
    contexts.configure(
        *id, {.type = std::min(number, types_of_addresses), .apn = c[apn], .user = c[user], .password = c[password]});
    contexts.activate(*id, c.port());
    return info(line("+QGACT: ", *id));
}

Reply deactivate(Call& c) {
    const int id = c.number(type_or_cid);
    if (c.given() != 2) return cme_error(incorrect_parameters);
    if (id == default_context || !c.modem().contexts.active(id)) return cme_error(operation_not_allowed);
    c.modem().contexts.deactivate(id, c.port());
    return info(line("+QGACT: ", id));
}

Reply change_activation(Call& c) { return c[operation] == 1 ? activate(c) : deactivate(c); }

// --- AT+CGDCONT, addresses
// --------------------------------------------------------------------------------------------

std::vector<int> known_ids(const modem::Contexts& contexts) {
    std::vector<int> ids = contexts.active_ids();
    for (const int id : contexts.configured_ids()) {
        if (!contexts.active(id)) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

Reply show_definitions(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : known_ids(contexts)) {
        const auto now = contexts.settings(id);
        lines.push_back(line("+CGDCONT: ", id, ",", quoted(type_names[now.type - 1]), ",", quoted(now.apn),
                             ",\"\",0,0,0,,,,,,0,,0"));
    }
    return info(std::move(lines));
}

Reply list_definitions(Call&) {
    std::vector<std::string> lines;
    for (const auto name : type_names) {
        lines.push_back(line("+CGDCONT: (1-15),", quoted(name), ",,,(0-2),(0-4),(0),,,,,,(0,1),,(0,1)"));
    }
    return info(std::move(lines));
}

Reply define(Call& c) {
    auto& contexts = c.modem().contexts;
    const int id = c.number(cid);
    if (contexts.active(id)) return cme_error(operation_not_allowed);
    if (c.given() == 1) {
        contexts.forget(id);
        return ok();
    }
    const auto number = type_number(c.text_or(given_type, "IP"));
    if (!number) return cme_error(incorrect_parameters);
    contexts.configure(id, {.type = std::min(*number, types_of_addresses), .apn = c[apn], .user = {}, .password = {}});
    return ok();
}

std::string address_line(const modem::Contexts& contexts, int id) {
    return line("+CGPADDR: ", id, contexts.active(id) ? line(",", contexts.address(id)) : "");
}

Reply show_addresses(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : known_ids(contexts)) lines.push_back(address_line(contexts, id));
    return info(std::move(lines));
}

Reply show_address(Call& c) {
    return c.has(any_cid) ? info(address_line(c.modem().contexts, c.number(any_cid))) : show_addresses(c);
}

Reply list_bare_addresses(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : contexts.active_ids()) lines.push_back(line("+QIPADDR: ", contexts.address(id)));
    return info(std::move(lines));
}

// --- URCs
// -------------------------------------------------------------------------------------------------------------

UrcTexts default_up(const modem::ContextActivated& event, Unit& unit) {
    const bool up = event.context == default_context && !event.port && event.fault == modem::Fault::none;
    return up ? urc(line("+IP: ", unit.modem.contexts.address(event.context))) : UrcTexts{};
}

UrcTexts activated(const modem::ContextActivated& event, Unit& unit) {
    if (!event.port) return {};
    return urc(full_line(unit.modem.contexts, event.context, event.fault == modem::Fault::none));
}

UrcTexts deactivated(const modem::ContextDeactivated& event, Unit&) {
    return event.port ? urc(line("+QGACT: ", event.context, ",0,1")) : UrcTexts{};
}

UrcTexts lost(const modem::ContextLost& event, Unit&) {
    return event.context != default_context ? urc(line("+QGACT: ", event.context, ",2")) : UrcTexts{};
}

UrcTexts default_lost(const modem::ContextLost& event, Unit&) {
    return event.context == default_context ? urc(line("+QIURC: \"pdpdeact\",", event.context)) : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+QCGDEFCONT",
     .params = {&type, &apn, &user, &password},
     .set = set_default,
     .read = show_default,
     .errors = Errors::general,
     .origin = by_manual("AT+QCGDEFCONT")},
    {.name = "+QGACT",
     .params = {&operation, &type_or_cid, &apn, &user, &password, &authentication, &report},
     .set = change_activation,
     .errors = Errors::general,
     .within = 150s,
     .origin = by_manual("AT+QGACT")},
    {.name = "+CGDCONT",
     .params = {&cid, &given_type, &apn, &address},
     .set = define,
     .read = show_definitions,
     .test = TestForm::handler,
     .test_handler = list_definitions,
     .errors = Errors::general,
     .origin = by_manual("AT+CGDCONT")},
    {.name = "+CGPADDR",
     .params = {&any_cid},
     .set = show_address,
     .read = show_addresses,
     .execute = show_addresses,
     .errors = Errors::general,
     .origin = by_manual("AT+CGPADDR")},
    {.name = "+QIPADDR",
     .execute = list_bare_addresses,
     .errors = Errors::general,
     .origin = driver("BC66 hosts", "QIPADDR on later firmware")},
};

constexpr Urc urc_rows[] = {
    on<modem::ContextActivated, default_up>("+IP: <address>", by_manual("+IP")),
    on<modem::ContextActivated, activated>("+QGACT: <cid>,1,<result>[,<PDP_type>]", by_manual("AT+QGACT")),
    on<modem::ContextDeactivated, deactivated>("+QGACT: <cid>,0,<result>", by_manual("AT+QGACT")),
    on<modem::ContextLost, lost>("+QGACT: <cid>,2", by_manual("AT+QGACT")),
    on<modem::ContextLost, default_lost>("+QIURC: \"pdpdeact\",<contextID>", guess("as on the LTE modules")),
};

}  // namespace

std::span<const Command> pdn_commands() { return rows; }
std::span<const Urc> pdn_urcs() { return urc_rows; }

void load_default_connection(Unit& unit) {
    const auto& modem = unit.modem;
    const auto number = type_number(modem.option(default_type, "IP")).value_or(1);
    unit.modem.contexts.configure(default_context, {.type = std::min(number, types_of_addresses),
                                                    .apn = modem.option(default_apn, ""),
                                                    .user = modem.option(default_user, ""),
                                                    .password = modem.option(default_password, "")});
}

}  // namespace atls::dialects::bc66
