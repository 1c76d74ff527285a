// The bearer of the GSM modules: its states, and the commands that move between them.
#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;

Bearer& bearer_now(Unit& unit) {
    Settings& now = settings(unit);
    Bearer& bearer = now.bearer[static_cast<std::size_t>(now.foreground)];
    if (is_active(bearer) && !unit.modem.contexts.active(device_context(now.foreground))) bearer = PdpDeact{};
    return bearer;
}

bool is_active(const Bearer& bearer) {
    return std::holds_alternative<IpGprsAct>(bearer) || std::holds_alternative<IpStatus>(bearer);
}

namespace {

bool any_connection(const modem::Modem& modem) { return !modem.sockets.all().empty(); }

struct Words {
    bool connections;  ///< there are some, under an index
    std::string_view operator()(const IpInitial&) const { return "IP INITIAL"; }
    std::string_view operator()(const IpStart&) const { return "IP START"; }
    std::string_view operator()(const IpConfig&) const { return "IP CONFIG"; }
    std::string_view operator()(const IpGprsAct&) const { return connections ? "IP PROCESSING" : "IP GPRSACT"; }
    std::string_view operator()(const IpStatus&) const { return connections ? "IP PROCESSING" : "IP STATUS"; }
    std::string_view operator()(const PdpDeact&) const { return "PDP DEACT"; }
};

}  // namespace

std::string_view state_words(Unit& unit) {
    return std::visit(Words{settings(unit).many && any_connection(unit.modem)}, bearer_now(unit));
}

namespace {

constexpr Flag context{"id"};
constexpr Flag bearer_mode{"mode"};
constexpr Text apn = opt(Text{"apn", 127});
constexpr Text user = opt(Text{"user_name", 127});
constexpr Text password = opt(Text{"password", 127});
constexpr Text registered_apn{"apn", 127};
constexpr Int rate = opt(Int{"rate", 0, 3});
constexpr Flag many{"mode"};

constexpr int not_controlled = 255;

int foreground(Call& c) { return device_context(settings(c.unit).foreground); }

Reply show_foreground(Call& c) { return info(line("+QIFGCNT: ", settings(c.unit).foreground, ",", not_controlled)); }
Reply set_foreground(Call& c) {
    settings(c.unit).foreground = c.number(context);
    return ok();
}

Reply list_bearers(Call&) {
    return info(std::vector<std::string>{"+QICSGP: 0-CSD,DIAL NUMBER,USER NAME,PASSWORD,RATE(0-3)",
                                         "+QICSGP: 1-GPRS,APN,USER NAME,PASSWORD"});
}
Reply show_bearer(Call& c) { return info(line("+QICSGP: ", settings(c.unit).mode)); }

void configure(Call& c, const std::string& name) {
    c.modem().contexts.configure(foreground(c), {.type = 1, .apn = name, .user = c[user], .password = c[password]});
}

// There is no CSD here; its settings are taken and stand for nothing.
Reply set_bearer(Call& c) {
    settings(c.unit).mode = c.number(bearer_mode);
    if (c.has(apn)) configure(c, c[apn]);
    return ok();
}

Reply show_registration(Call& c) {
    const auto now = c.modem().contexts.settings(foreground(c));
    return info(line("+QIREGAPP: ", quoted(now.apn), ",", quoted(now.user), ",", quoted(now.password)));
}
Reply list_registration(Call&) { return info("+QIREGAPP: \"APN\",\"USER\",\"PWD\""); }

Reply register_stack(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (!std::holds_alternative<IpInitial>(bearer)) return error();
    bearer = IpStart{};
    return ok();
}

Reply register_with(Call& c) {
    if (!std::holds_alternative<IpInitial>(bearer_now(c.unit))) return error();
    configure(c, c[registered_apn]);
    return register_stack(c);
}

Reply activate(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (!std::holds_alternative<IpStart>(bearer)) return error();
    bearer = IpConfig{};
    const int id = foreground(c);
    c.modem().contexts.activate(id);
    return when<modem::ContextActivated>([id](const auto& event) { return event.context == id; },
                                         [&unit = c.unit](const auto& event) {
                                             const bool good = event.fault == modem::Fault::none;
                                             Settings& now = settings(unit);
                                             auto& its = now.bearer[static_cast<std::size_t>(event.context - 1)];
                                             its = good ? Bearer(IpGprsAct{}) : Bearer(PdpDeact{});
                                             return good ? ok() : error();
                                         });
}

Reply deactivate(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (std::holds_alternative<IpInitial>(bearer)) return error();
    bearer = IpInitial{};
    const int id = foreground(c);
    c.unit.free_transparent_ports(id);
    c.modem().contexts.deactivate(id);
    return when<modem::ContextDeactivated>([id](const auto& event) { return event.context == id; },
                                           [](const auto&) { return words("DEACT OK"); });
}

// The address, and no OK.
Reply show_address(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (!is_active(bearer)) return error();
    bearer = IpStatus{};
    return words(c.modem().contexts.address(foreground(c)));
}

Reply show_many(Call& c) { return info(line("+QIMUX: ", settings(c.unit).many ? 1 : 0)); }
Reply set_many(Call& c) {
    if (any_connection(c.modem())) return error();
    settings(c.unit).many = c[many] == 1;
    return ok();
}

// Behind the OK, as a line of its own; with connections under an index before it.
Reply show_state(Call& c) { return words(line("STATE: ", state_words(c.unit))).with("OK"); }

constexpr Origin by_manual(std::string_view clause) { return manual(at_manual, clause); }

constexpr Command rows[] = {
    {.name = "+QIFGCNT",
     .params = {&context},
     .set = set_foreground,
     .read = show_foreground,
     .test = TestForm::handler,
     .test_handler = [](Call&) { return info("+QIFGCNT: (0-1)"); },
     .origin = by_manual("AT+QIFGCNT")},
    {.name = "+QICSGP",
     .params = {&bearer_mode, &apn, &user, &password},
     .set = set_bearer,
     .read = show_bearer,
     .test = TestForm::handler,
     .test_handler = list_bearers,
     .origin = by_manual("AT+QICSGP")},
    {.name = "+QIREGAPP",
     .params = {&registered_apn, &user, &password, &rate},
     .set = register_with,
     .read = show_registration,
     .execute = register_stack,
     .test = TestForm::handler,
     .test_handler = list_registration,
     .origin = by_manual("AT+QIREGAPP")},
    {.name = "+QIACT", .execute = activate, .within = 150s, .origin = by_manual("AT+QIACT")},
    {.name = "+QIDEACT", .execute = deactivate, .within = 40s, .origin = by_manual("AT+QIDEACT")},
    {.name = "+QILOCIP", .execute = show_address, .origin = trace("M95", "QILOCIP")},
    {.name = "+QIMUX", .params = {&many}, .set = set_many, .read = show_many, .origin = trace("M66", "QIMUX=?")},
    {.name = "+QISTAT", .execute = show_state, .origin = trace("MC60", "QISTAT")},
};

UrcTexts lost(const modem::ContextLost&, Unit&) { return urc("+PDP DEACT"); }

constexpr Urc urc_rows[] = {
    on<modem::ContextLost, lost>("+PDP DEACT", trace("M66", "PDP loss")),
};

}  // namespace

std::span<const Command> bearer_commands() { return rows; }
std::span<const Urc> bearer_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
