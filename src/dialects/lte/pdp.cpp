// PDP contexts of the LTE families: QICSGP, QIACT, QIDEACT.
#include "at/unit.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

namespace {

// The manual of a BG96 lists (1,2); a real one prints (1-3).
constexpr Int type = opt(Int{"context_type", 1, 3}, Brackets::no);
constexpr Text apn = opt(Text{"APN", 127}, Brackets::no);
constexpr Text user = opt(Text{"username", 127}, Brackets::no);
constexpr Text password = opt(Text{"password", 127}, Brackets::no);
constexpr Int authentication = opt(Int{"authentication", 0, 3}, Brackets::no);

Reply show_settings(Call& c) {
    const auto now = c.modem().contexts.settings(c.number(context_id));
    return info(line("+QICSGP: ", now.type, ",", quoted(now.apn), ",", quoted(now.user), ",", quoted(now.password), ",",
                     now.authentication));
}

Reply configure_context(Call& c) {
    if (c.given() == 1) return show_settings(c);
    if (!c.has(type) || !c.has(apn)) return fault(modem::Fault::bad_parameter);
    c.modem().contexts.configure(c.number(context_id), {.type = c.number(type),
                                                        .apn = c[apn],
                                                        .user = c[user],
                                                        .password = c[password],
                                                        .authentication = c.number_or(authentication, 0)});
    return ok();
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
    for (const auto& socket : c.modem().sockets.all()) {
        const auto holder = c.modem().sockets.held_by(socket.id);
        if (holder && socket.context == id) c.unit.port(*holder)->carrier_lost(socket.id);
    }
    c.modem().contexts.deactivate(id);
    return when<modem::ContextDeactivated>([id](const auto& event) { return event.context == id; },
                                           [](const auto&) { return ok(); });
}

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

}  // namespace atls::dialects::lte
