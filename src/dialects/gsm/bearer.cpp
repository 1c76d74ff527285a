// The bearer of the GSM modules: its states, and the commands that move between them.
#include "dialects/gsm/gsm.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;

bool any_connection(const modem::Modem& modem) { return !modem.sockets.all().empty(); }

namespace {

/// Where the only connection of QIMUX=0 has got to since.
struct Overtaken {
    std::optional<modem::SocketInfo> socket;
    Bearer operator()(const TcpConnecting& before) const { return connecting(before); }
    Bearer operator()(const UdpConnecting& before) const { return connecting(before); }
    Bearer operator()(const ConnectOk& before) const { return connected() ? Bearer(before) : IpClose{}; }
    template <class Other>
    Bearer operator()(const Other& before) const {
        return before;
    }

private:
    [[nodiscard]] bool connected() const { return socket && socket->state == modem::SocketState::connected; }
    [[nodiscard]] Bearer connecting(const Bearer& before) const {
        if (socket && socket->state == modem::SocketState::opening) return before;
        return connected() ? Bearer(ConnectOk{}) : IpClose{};
    }
};

}  // namespace

Bearer& bearer_now(Unit& unit) {
    Settings& now = settings(unit);
    Bearer& bearer = now.bearer[static_cast<std::size_t>(now.foreground)];
    if (is_active(bearer) && !unit.modem.contexts.active(device_context(now.foreground))) bearer = PdpDeact{};
    return bearer = std::visit(Overtaken{unit.modem.sockets.info(0)}, bearer);
}

bool is_active(const Bearer& bearer) {
    struct Active {
        bool operator()(const IpInitial&) const { return false; }
        bool operator()(const IpStart&) const { return false; }
        bool operator()(const IpConfig&) const { return false; }
        bool operator()(const IpInd&) const { return false; }
        bool operator()(const IpGprsAct&) const { return true; }
        bool operator()(const IpStatus&) const { return true; }
        bool operator()(const TcpConnecting&) const { return true; }
        bool operator()(const UdpConnecting&) const { return true; }
        bool operator()(const IpClose&) const { return true; }
        bool operator()(const ConnectOk&) const { return true; }
        bool operator()(const PdpDeact&) const { return false; }
    };
    return std::visit(Active{}, bearer);
}

namespace {

struct Named {
    std::string_view words;
    int number;  ///< with ATV0
};
struct Names {
    bool connections;  ///< there are some, under an index
    Named operator()(const IpInitial&) const { return {"IP INITIAL", 0}; }
    Named operator()(const IpStart&) const { return {"IP START", 1}; }
    Named operator()(const IpConfig&) const { return {"IP CONFIG", 2}; }
    Named operator()(const IpInd&) const { return {"IP IND", 3}; }
    Named operator()(const IpGprsAct&) const { return active({"IP GPRSACT", 4}); }
    Named operator()(const IpStatus&) const { return active({"IP STATUS", 5}); }
    Named operator()(const TcpConnecting&) const { return {"TCP CONNECTING", 6}; }
    Named operator()(const UdpConnecting&) const { return {"UDP CONNECTING", 6}; }
    Named operator()(const IpClose&) const { return {"IP CLOSE", 7}; }
    Named operator()(const ConnectOk&) const { return {"CONNECT OK", 8}; }
    Named operator()(const PdpDeact&) const { return {"PDP DEACT", 9}; }

private:
    // Its number is not stated; that of the states it stands for.
    [[nodiscard]] Named active(Named without) const { return connections ? Named{"IP PROCESSING", 6} : without; }
};

Named name_now(Unit& unit) {
    return std::visit(Names{settings(unit).many && any_connection(unit.modem)}, bearer_now(unit));
}

}  // namespace

std::string_view state_words(Unit& unit) { return name_now(unit).words; }

std::string state_line(Unit& unit, const LineProfile& profile) {
    const Named now = name_now(unit);
    return line("STATE: ", profile.verbose ? std::string(now.words) : std::to_string(now.number));
}

Reply activate_then(Call& c, std::function<Reply(bool active)> then) {
    bearer_now(c.unit) = IpConfig{};
    const int id = foreground(c.unit);
    c.modem().contexts.activate(id);
    return when<modem::ContextActivated>([id](const auto& event) { return event.context == id; },
                                         [&unit = c.unit, then = std::move(then)](const auto& event) {
                                             const bool good = event.fault == modem::Fault::none;
                                             auto& its =
                                                 settings(unit).bearer[static_cast<std::size_t>(event.context - 1)];
                                             its = IpInd{};  // its interface is there at once
                                             its = good ? Bearer(IpGprsAct{}) : Bearer(PdpDeact{});
                                             return then(good);
                                         });
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
    c.modem().contexts.configure(foreground(c.unit),
                                 {.type = 1, .apn = name, .user = c[user], .password = c[password]});
}

// There is no CSD here; its settings are taken and stand for nothing.
Reply set_bearer(Call& c) {
    settings(c.unit).mode = c.number(bearer_mode);
    if (c.has(apn)) configure(c, c[apn]);
    return ok();
}

Reply show_registration(Call& c) {
    const auto now = c.modem().contexts.settings(foreground(c.unit));
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
    if (!std::holds_alternative<IpStart>(bearer_now(c.unit))) return error();
    return activate_then(c, [](bool active) { return active ? ok() : error(); });
}

Reply deactivate(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (std::holds_alternative<IpInitial>(bearer)) return error();
    bearer = IpInitial{};
    const int id = foreground(c.unit);
    c.unit.free_transparent_ports(id);
    c.modem().contexts.deactivate(id);
    return when<modem::ContextDeactivated>([id](const auto& event) { return event.context == id; },
                                           [](const auto&) { return words("DEACT OK"); });
}

// The address, and no OK.
Reply show_address(Call& c) {
    Bearer& bearer = bearer_now(c.unit);
    if (!is_active(bearer)) return error();
    if (std::holds_alternative<IpGprsAct>(bearer)) bearer = IpStatus{};
    return words(c.modem().contexts.address(foreground(c.unit)));
}

Reply show_many(Call& c) { return info(line("+QIMUX: ", settings(c.unit).many ? 1 : 0)); }
Reply set_many(Call& c) {
    Settings& now = settings(c.unit);
    if (any_connection(c.modem()) || (now.transparent && c[many] == 1)) return error();
    Bearer& bearer = bearer_now(c.unit);
    if (std::holds_alternative<IpClose>(bearer)) bearer = IpStatus{};  // it says so of the only connection
    now.many = c[many] == 1;
    return ok();
}

// Behind the OK, as a line of its own; or the connections, and then OK.
Reply show_state(Call& c) {
    if (!settings(c.unit).many) return words(state_line(c.unit, c.line())).with(c.line().verbose ? "OK" : "0");
    std::vector<std::string> lines;
    for (int id = 0; id < connections; ++id) {
        const auto socket = c.modem().sockets.info(id);
        lines.push_back(socket ? line("+QISTAT: ", id, ",", quoted(protocol_of(socket->kind)), ",",
                                      quoted(socket->remote_ip), ",", socket->remote_port)
                               : line("+QISTAT: ", id, ",\"\",\"\",0"));
    }
    return info(std::move(lines));
}

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
