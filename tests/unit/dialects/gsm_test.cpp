// The bearer of the GSM modules: every command in every state.
#include "dialects/gsm/gsm.hpp"

#include <gtest/gtest.h>

#include "support/world.hpp"

namespace atls::test {
namespace {

using namespace dialects::gsm;

struct Host {
    World world{dialects::gsm_modules().front()};
    HostPort& port = world.port("uart1");
    Host() {
        port.session().line.echo = false;
        world.serve("192.0.2.7:7", std::make_shared<ServerScript>(ServerKind::tcp, Behaviour::sink));
        world.serve("192.0.2.8:7", std::make_shared<ServerScript>(ServerKind::tcp, Behaviour::deaf));
        world.serve("192.0.2.7:9", std::make_shared<ServerScript>(ServerKind::udp, Behaviour::sink));
    }
    std::string say(const std::string& line) {
        port.send(line + "\r");
        EXPECT_TRUE(world.settle());
        return port.take_received();
    }
    void good(const std::string& line) {
        const std::string answer = say(line);
        EXPECT_EQ(answer.find("ERROR"), std::string::npos) << line << answer;
    }
    std::string state() { return std::string(state_words(world.unit)); }
    Bearer& bearer() { return settings(world.unit).bearer[0]; }
};

// By the commands that lead there, as a host does it.
void reach(Host& host, const std::string& state) {
    if (state == "IP INITIAL") return;
    host.good("AT+QIREGAPP");
    if (state == "IP START") return;
    // No host can ask while the module activates: it waits for the answer. A second port could.
    if (state == "IP CONFIG") {
        host.bearer() = IpConfig{};
        return;
    }
    if (state == "IP IND") {
        host.bearer() = IpInd{};
        return;
    }
    host.good("AT+QIACT");
    if (state == "IP GPRSACT") return;
    host.good("AT+QILOCIP");
    if (state == "IP STATUS") return;
    if (state == "PDP DEACT") {
        host.world.modem.contexts.lose(1);
        EXPECT_TRUE(host.world.settle());
        host.port.take_received();
        return;
    }
    if (state == "IP PROCESSING") {
        host.good("AT+QIMUX=1");
        host.good("AT+QIOPEN=0,\"TCP\",\"192.0.2.7\",7");
        return;
    }
    if (state == "TCP CONNECTING") return host.good("AT+QIOPEN=\"TCP\",\"192.0.2.8\",7");
    host.good("AT+QIOPEN=\"TCP\",\"192.0.2.7\",7");
    if (state == "CONNECT OK") return;
    host.good("AT+QICLOSE");
}

constexpr const char* ok = "\r\nOK\r\n";
constexpr const char* error = "\r\nERROR\r\n";
constexpr const char* deactivated = "\r\nDEACT OK\r\n";
constexpr const char* connected = "\r\nOK\r\n\r\nCONNECT OK\r\n";
constexpr const char* already = "\r\nOK\r\n\r\nALREADY CONNECT\r\n";
constexpr const char* closed = "\r\nCLOSE OK\r\n";
constexpr const char* prompt = "\r\n> ";

struct Outcome {
    const char* answer;
    const char* state;
};
struct Row {
    const char* state;
    Outcome registering, activating, deactivating, opening, closing, sending, many;
    const char* after_address;  ///< AT+QILOCIP; null: it is refused
};

const Row rows[] = {
    {"IP INITIAL",
     {ok, "IP START"},
     {error, "IP INITIAL"},
     {error, "IP INITIAL"},
     {connected, "CONNECT OK"},
     {error, "IP INITIAL"},
     {error, "IP INITIAL"},
     {ok, "IP INITIAL"},
     nullptr},
    {"IP START",
     {error, "IP START"},
     {ok, "IP GPRSACT"},
     {deactivated, "IP INITIAL"},
     {error, "IP START"},
     {error, "IP START"},
     {error, "IP START"},
     {ok, "IP START"},
     nullptr},
    {"IP CONFIG",
     {error, "IP CONFIG"},
     {error, "IP CONFIG"},
     {deactivated, "IP INITIAL"},
     {error, "IP CONFIG"},
     {error, "IP CONFIG"},
     {error, "IP CONFIG"},
     {ok, "IP CONFIG"},
     nullptr},
    {"IP IND",
     {error, "IP IND"},
     {error, "IP IND"},
     {deactivated, "IP INITIAL"},
     {error, "IP IND"},
     {error, "IP IND"},
     {error, "IP IND"},
     {ok, "IP IND"},
     nullptr},
    {"IP GPRSACT",
     {error, "IP GPRSACT"},
     {error, "IP GPRSACT"},
     {deactivated, "IP INITIAL"},
     {error, "IP GPRSACT"},
     {error, "IP GPRSACT"},
     {error, "IP GPRSACT"},
     {ok, "IP GPRSACT"},
     "IP STATUS"},
    {"IP STATUS",
     {error, "IP STATUS"},
     {error, "IP STATUS"},
     {deactivated, "IP INITIAL"},
     {connected, "CONNECT OK"},
     {error, "IP STATUS"},
     {error, "IP STATUS"},
     {ok, "IP STATUS"},
     "IP STATUS"},
    {"TCP CONNECTING",
     {error, "TCP CONNECTING"},
     {error, "TCP CONNECTING"},
     {deactivated, "IP INITIAL"},
     {already, "TCP CONNECTING"},
     {closed, "IP CLOSE"},
     {error, "TCP CONNECTING"},
     {error, "TCP CONNECTING"},
     "TCP CONNECTING"},
    {"CONNECT OK",
     {error, "CONNECT OK"},
     {error, "CONNECT OK"},
     {deactivated, "IP INITIAL"},
     {already, "CONNECT OK"},
     {closed, "IP CLOSE"},
     {prompt, "CONNECT OK"},
     {error, "CONNECT OK"},
     "CONNECT OK"},
    {"IP CLOSE",
     {error, "IP CLOSE"},
     {error, "IP CLOSE"},
     {deactivated, "IP INITIAL"},
     {connected, "CONNECT OK"},
     {error, "IP CLOSE"},
     {error, "IP CLOSE"},
     {ok, "IP STATUS"},
     "IP CLOSE"},
    {"IP PROCESSING",
     {error, "IP PROCESSING"},
     {error, "IP PROCESSING"},
     {deactivated, "IP INITIAL"},
     {error, "IP PROCESSING"},  // an index is needed
     {error, "IP PROCESSING"},
     {error, "IP PROCESSING"},
     {error, "IP PROCESSING"},
     "IP PROCESSING"},
    {"PDP DEACT",
     {error, "PDP DEACT"},
     {error, "PDP DEACT"},
     {deactivated, "IP INITIAL"},
     {error, "PDP DEACT"},
     {error, "PDP DEACT"},
     {error, "PDP DEACT"},
     {ok, "PDP DEACT"},
     nullptr},
};

class GsmBearer : public testing::TestWithParam<Row> {};

TEST_P(GsmBearer, EveryCommandIn) {
    const Row& row = GetParam();
    const std::pair<const char*, Outcome> commands[] = {
        {"AT+QIREGAPP", row.registering}, {"AT+QIACT", row.activating},
        {"AT+QIDEACT", row.deactivating}, {"AT+QIOPEN=\"TCP\",\"192.0.2.7\",7", row.opening},
        {"AT+QICLOSE", row.closing},      {"AT+QISEND", row.sending},
        {"AT+QIMUX=1", row.many}};
    for (const auto& [command, outcome] : commands) {
        SCOPED_TRACE(command);
        Host host;
        reach(host, row.state);
        EXPECT_EQ(host.state(), row.state);
        EXPECT_EQ(host.say(command), outcome.answer);
        EXPECT_EQ(host.state(), outcome.state);
    }
    Host host;
    reach(host, row.state);
    const std::string address = host.say("AT+QILOCIP");
    EXPECT_EQ(address.starts_with("\r\n10."), row.after_address != nullptr) << address;
    EXPECT_EQ(host.state(), row.after_address != nullptr ? row.after_address : row.state);
    const std::string state = "\r\nSTATE: " + host.state() + "\r\n";
    EXPECT_NE(host.say("AT+QISTATE").find(state), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(States, GsmBearer, testing::ValuesIn(rows), [](const auto& row) {
    std::string name = row.param.state;
    std::erase(name, ' ');
    return name;
});

TEST(GsmBearerStates, AreAllInTheTable) {
    // All but UDP CONNECTING, and IP PROCESSING beside. A datagram socket is connected at once, so UDP CONNECTING
    // passes between two turns of the loop; without a connection it is left by looking.
    EXPECT_EQ(std::size(rows), std::variant_size_v<Bearer>);
    Host host;
    reach(host, "IP STATUS");
    host.bearer() = UdpConnecting{};
    EXPECT_EQ(host.state(), "IP CLOSE");
    host.good("AT+QIOPEN=\"UDP\",\"192.0.2.7\",9");
    EXPECT_EQ(host.state(), "CONNECT OK");
}

// What ATV0 shows instead of the words.
TEST(GsmBearerStates, HaveNumbers) {
    // In the order of the manual's list.
    const char* const states[] = {"IP INITIAL", "IP START",       "IP CONFIG", "IP IND",     "IP GPRSACT",
                                  "IP STATUS",  "TCP CONNECTING", "IP CLOSE",  "CONNECT OK", "PDP DEACT"};
    int number = 0;
    for (const char* const state : states) {
        Host host;
        reach(host, state);
        host.say("ATV0");
        EXPECT_EQ(host.say("AT+QISTAT"), "0\r\nSTATE: " + std::to_string(number++) + "\r") << state;
    }
}

TEST(GsmModules, DifferInIdentityOnly) {
    const auto modules = dialects::gsm_modules();
    ASSERT_EQ(modules.size(), 4U);
    for (const auto& module : modules) {
        EXPECT_EQ(module.profile.suites.size(), 6U);
        EXPECT_EQ(module.family, "gsm");
        EXPECT_EQ(module.tables.size(), modules.front().tables.size());
    }
}

}  // namespace
}  // namespace atls::test
