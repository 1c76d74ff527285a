// PDP contexts of the LTE families: QICSGP, QIACT, QIDEACT.
#include "dialects/lte/pdp.hpp"

#include "at/unit.hpp"
#include "dialects/lte/tcp_options.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

namespace pdp {

Reply show_settings(Call& c) {
    const auto now = c.modem().contexts.settings(c.number(context_id));
    return info(line("+QICSGP: ", now.type, ",", quoted(now.apn), ",", quoted(now.user), ",", quoted(now.password), ",",
                     now.authentication));
}

Reply configure(Call& c, int authentication) {
    if (!c.has(type) || !c.has(apn)) return fault(modem::Fault::bad_parameter);
    c.modem().contexts.configure(c.number(context_id), {.type = c.number(type),
                                                        .apn = c[apn],
                                                        .user = c[user],
                                                        .password = c[password],
                                                        .authentication = authentication});
    return ok();
}

}  // namespace pdp

namespace {

using namespace pdp;

constexpr Int authentication = opt(Int{"authentication", 0, 3}, Brackets::no);
constexpr Flag view = opt(Flag{"view_mode"}, Brackets::no);
constexpr int ipv6 = 2;
constexpr int both = 3;

Reply configure_context(Call& c) {
    return c.given() == 1 ? show_settings(c) : configure(c, c.number_or(authentication, 0));
}

Reply list_active(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : contexts.active_ids()) {
        lines.push_back(line("+QIACT: ", id, ",1,", contexts.settings(id).type, ",", quoted(contexts.address(id))));
    }
    return info(std::move(lines));
}

Reply activate_context(Call& c) {
    const int id = c.number(context_id);
    auto& contexts = c.modem().contexts;
    if (contexts.active(id) && c.quirks().reactivation_is_error == 0) return ok();
    contexts.activate(id);
    return when<modem::ContextActivated>([id](const auto& event) { return event.context == id; },
                                         [](const auto& event) { return fault(event.fault); });
}

// Its sockets close silently; only a port in transparent mode has to be told that it is in command mode again.
Reply deactivate_context(Call& c) {
    const int id = c.number(context_id);
    c.unit.free_transparent_ports(id);
    c.modem().contexts.deactivate(id);
    return when<modem::ContextDeactivated>([id](const auto& event) { return event.context == id; },
                                           [](const auto&) { return ok(); });
}

// The addresses as the type of the context has them.
std::string addresses(const modem::Contexts& contexts, int id) {
    const int kind = contexts.settings(id).type;
    const std::string four = kind == ipv6 ? "" : "," + quoted(contexts.address(id));
    return line(kind, four, kind == ipv6 || kind == both ? "," + quoted(contexts.address_v6(id)) : "");
}

Reply list_addresses(Call& c) {
    const auto& contexts = c.modem().contexts;
    std::vector<std::string> lines;
    for (const int id : contexts.active_ids()) {
        lines.push_back(line(c.command.name, ": ", id, ",1,", addresses(contexts, id)));
    }
    return info(std::move(lines));
}

Reply activate_later(Call& c) {
    const int id = c.number(context_id);
    auto& wanted = c.unit.state<TcpOptions>().addresses_wanted;
    wanted.erase(id);
    if (c.number_or(view, 0) != 0) wanted.insert(id);
    c.modem().contexts.activate(id, c.port());
    return ok();
}

Reply deactivate_later(Call& c) {
    c.unit.free_transparent_ports(c.number(context_id));
    c.modem().contexts.deactivate(c.number(context_id), c.port());
    return ok();
}

// --- URCs -----------------------------------------------------------------------------------------------------------

UrcTexts activated(const modem::ContextActivated& event, Unit& unit) {
    if (!event.port) return {};
    const bool again = event.fault == modem::Fault::not_allowed && unit.quirks.reactivation_is_error == 0;
    const auto why = again ? modem::Fault::none : event.fault;
    const std::string start = line("+QIACTEX: ", event.context, ",", unit.dialect.errors->number(why));
    const bool shown = why == modem::Fault::none && unit.state<TcpOptions>().addresses_wanted.contains(event.context);
    return urc(shown ? line(start, ",", addresses(unit.modem.contexts, event.context)) : start);
}

UrcTexts deactivated(const modem::ContextDeactivated& event, Unit&) {
    return event.port ? urc(line("+QIDEACTEX: ", event.context, ",0")) : UrcTexts{};
}

constexpr Urc ec200_urc_rows[] = {
    on<modem::ContextActivated, activated>("+QIACTEX: <contextID>,<err>[,<context_type>,<IP_address>]",
                                           manual(ec200_manual, "2.4.5")),
    on<modem::ContextDeactivated, deactivated>("+QIDEACTEX: <contextID>,<err>", manual(ec200_manual, "2.4.6")),
};

constexpr Command ec200_rows[] = {
    {.name = "+QIACT",
     .params = {&context_id},
     .set = activate_context,
     .read = list_addresses,
     .errors = Errors::socket,
     .within = 150s,
     .origin = manual(ec200_manual, "2.4.3")},
    {.name = "+QIACTEX",
     .params = {&context_id, &view},
     .set = activate_later,
     .read = list_addresses,
     .errors = Errors::socket,
     .origin = manual(ec200_manual, "2.4.5")},
    {.name = "+QIDEACTEX",
     .params = {&context_id},
     .set = deactivate_later,
     .errors = Errors::socket,
     .origin = manual(ec200_manual, "2.4.6")},
};

constexpr Command rows[] = {
    {.name = "+QICSGP",
     .params = {&context_id, &type, &apn, &user, &password, &authentication},
     .set = configure_context,
     .errors = Errors::socket,
     .origin = manual(tcpip_manual, "QICSGP")},
    {.name = "+QIACT",
     .params = {&context_id},
     .set = activate_context,
     .read = list_active,
     .errors = Errors::socket,
     .within = 150s,
     .origin = manual(tcpip_manual, "QIACT")},
    {.name = "+QIDEACT",
     .params = {&context_id},
     .set = deactivate_context,
     .errors = Errors::socket,
     .within = 40s,
     .origin = manual(tcpip_manual, "QIDEACT")},
};

}  // namespace

std::span<const Command> pdp_commands() { return rows; }
std::span<const Command> ec200_pdp_commands() { return ec200_rows; }
std::span<const Urc> ec200_pdp_urcs() { return ec200_urc_rows; }

}  // namespace atls::dialects::lte
