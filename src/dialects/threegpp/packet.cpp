// The packet domain by 27.007: CGATT CGDCONT CGACT CGPADDR CGEREP. Contexts are the same as those of AT+QICSGP and
// AT+QIACT.
#include <set>

#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr Flag attach{"state"};
constexpr Int cid{"cid", 1, 16};
constexpr Int any_cid = opt(Int{"cid", 1, 16});
constexpr Text type = opt(Text{"PDP_type", 8});
constexpr Text apn = opt(Text{"APN", 127});
constexpr Text wanted_address = opt(Text{"PDP_addr", 64});
constexpr Int data_compression = opt(Int{"d_comp", 0, 2});
constexpr Int header_compression = opt(Int{"h_comp", 0, 4});
constexpr Flag active{"state"};
constexpr Int event_mode = opt(Int{"mode", 0, 2}, Brackets::no);
constexpr Flag event_buffer = opt(Flag{"bfr"}, Brackets::no);

constexpr std::string_view type_names[] = {"IP", "IPV6", "IPV4V6"};

std::set<int> defined_ids(const modem::Contexts& contexts) {
    std::set<int> ids;
    for (const int id : contexts.configured_ids()) ids.insert(id);
    for (const int id : contexts.active_ids()) ids.insert(id);
    return ids;
}

Reply show_attached(Call& c) { return info(line("+CGATT: ", c.modem().network.attached() ? 1 : 0)); }

Reply set_attached(Call& c) {
    if (auto refusal = without_unlocked_sim(c)) return *refusal;
    const bool wanted = c[attach] == 1;
    if (wanted && !c.modem().network.registered()) return cme_error(cme::no_network_service);
    c.modem().network.set_attached(wanted);
    return ok();
}

std::string compression_of(Call& c, int id) { return c.modem().option(line("CGDCONT/", id), "0,0"); }

Reply show_definitions(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : defined_ids(contexts)) {
        const auto settings = contexts.settings(id);
        const std::string address = contexts.active(id) ? contexts.address(id) : "0.0.0.0";
        lines.push_back(line("+CGDCONT: ", id, ",", quoted(type_names[settings.type - 1]), ",", quoted(settings.apn),
                             ",", quoted(address), ",", compression_of(c, id)));
    }
    return info(std::move(lines));
}

Reply list_definitions(Call& c) {
    std::vector<std::string> lines;
    for (const auto name : type_names) {
        lines.push_back(line("+CGDCONT: (1-", c.modem().profile.contexts, "),", quoted(name), ",,,(0-2),(0-4)"));
    }
    return info(std::move(lines));
}

std::optional<int> type_number(std::string_view name) {
    for (int number = 1; const auto known : type_names) {
        if (equal_ignoring_case(known, name)) return number;
        ++number;
    }
    return std::nullopt;
}

Reply define_context(Call& c) {
    auto& contexts = c.modem().contexts;
    const int id = c.number(cid);
    if (id > c.modem().profile.contexts) return cme_error(cme::incorrect_parameters);
    if (contexts.active(id)) return cme_error(cme::operation_not_allowed);
    if (c.given() == 1) {
        contexts.forget(id);
        return ok();
    }
    const auto number = type_number(c.text_or(type, "IP"));
    if (!number) return cme_error(cme::incorrect_parameters);
    auto settings = contexts.settings(id);
    settings.type = *number;
    settings.apn = c[apn];
    contexts.configure(id, std::move(settings));
    c.modem().set_option(line("CGDCONT/", id), line(c[data_compression], ",", c[header_compression]), true);
    return ok();
}

Reply show_active(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : defined_ids(contexts)) lines.push_back(line("+CGACT: ", id, ",", contexts.active(id) ? 1 : 0));
    return info(std::move(lines));
}

// Waits until each of `left` has been heard of. A sibling answers 100 when the network refuses.
template <class Outcome>
Reply after_all(std::set<int> left) {
    return Wait{[left = std::move(left), refused = false](const modem::Event& event) mutable -> std::optional<Reply> {
        const auto* outcome = std::get_if<Outcome>(&event);
        if (outcome == nullptr || left.erase(outcome->context) == 0) return std::nullopt;
        if constexpr (requires { outcome->fault; }) refused = refused || outcome->fault != modem::Fault::none;
        if (!left.empty()) return std::nullopt;
        return refused ? cme_error(cme::unknown) : ok();
    }};
}

Reply set_active(Call& c) {
    if (auto refusal = without_unlocked_sim(c)) return *refusal;
    auto& contexts = c.modem().contexts;
    const bool on = c[active] == 1;
    auto ids = defined_ids(contexts);
    if (c.has(any_cid)) {
        if (!ids.contains(c.number(any_cid))) return cme_error(cme::incorrect_parameters);
        ids = {c.number(any_cid)};
    }
    std::erase_if(ids, [&](int id) { return contexts.active(id) == on; });
    if (ids.empty()) return ok();
    for (const int id : ids) on ? contexts.activate(id) : contexts.deactivate(id);
    return on ? after_all<modem::ContextActivated>(std::move(ids))
              : after_all<modem::ContextDeactivated>(std::move(ids));
}

std::string address_line(const modem::Contexts& contexts, int id) {
    return contexts.active(id) ? line("+CGPADDR: ", id, ",", quoted(contexts.address(id))) : line("+CGPADDR: ", id);
}

Reply show_addresses(Call& c) {
    std::vector<std::string> lines;
    for (const int id : defined_ids(c.modem().contexts)) lines.push_back(address_line(c.modem().contexts, id));
    return info(std::move(lines));
}

Reply show_address(Call& c) {
    if (!c.has(any_cid)) return show_addresses(c);
    return info(address_line(c.modem().contexts, c.number(any_cid)));
}

Reply list_addresses(Call& c) {
    std::string ids;
    for (const int id : defined_ids(c.modem().contexts)) ids += line(ids.empty() ? "" : ",", id);
    return info(line("+CGPADDR: (", ids, ")"));
}

// Kept and shown; the reports are not built.
Reply show_event_reports(Call& c) { return info(line("+CGEREP: ", c.modem().option("CGEREP", "0,0"))); }
Reply set_event_reports(Call& c) {
    c.modem().set_option("CGEREP", line(c[event_mode], ",", c[event_buffer]), false);
    return ok();
}

constexpr Command rows[] = {
    {.name = "+CGATT",
     .params = {&attach},
     .set = set_attached,
     .read = show_attached,
     .errors = Errors::general,
     .within = 140s,
     .origin = manual("BG96 AT commands", "AT+CGATT")},
    {.name = "+CGDCONT",
     .params = {&cid, &type, &apn, &wanted_address, &data_compression, &header_compression},
     .set = define_context,
     .read = show_definitions,
     .test = TestForm::handler,
     .test_handler = list_definitions,
     .errors = Errors::general,
     .origin = manual("BG96 AT commands", "AT+CGDCONT")},
    {.name = "+CGACT",
     .params = {&active, &any_cid},
     .set = set_active,
     .read = show_active,
     .test = TestForm::handler,
     .test_handler = [](Call&) { return info("+CGACT: (0,1)"); },
     .errors = Errors::general,
     .within = 150s,
     .origin = manual("BG96 AT commands", "AT+CGACT")},
    {.name = "+CGPADDR",
     .params = {&any_cid},
     .set = show_address,
     .execute = show_addresses,
     .test = TestForm::handler,
     .test_handler = list_addresses,
     .errors = Errors::general,
     .origin = driver("RT-Thread at_device", "CGPADDR=1")},
    {.name = "+CGEREP",
     .params = {&event_mode, &event_buffer},
     .set = set_event_reports,
     .read = show_event_reports,
     .errors = Errors::general,
     .origin = standard("27.007", "10.1.19")},
};

}  // namespace

std::span<const Command> packet_commands() { return rows; }

}  // namespace atls::dialects::threegpp
