// The bearer of the GSM modules: every command in every state.
#include "dialects/gsm/gsm.hpp"

#include <gtest/gtest.h>

#include "support/world.hpp"

namespace atls::test {
namespace {

using namespace dialects::gsm;

struct Outcome {
    const char* answer;
    const char* state;
};

struct Host {
    World world{dialects::gsm_modules().front()};
    HostPort& port = world.port("uart1");
    Host() { port.session().line.echo = false; }
    std::string say(const std::string& line) {
        port.send(line + "\r");
        EXPECT_TRUE(world.settle());
        return port.take_received();
    }
    std::string state() { return std::string(state_words(world.unit)); }
};

void reach(Host& host, const std::string& state) {
    if (state == "IP INITIAL") return;
    EXPECT_EQ(host.say("AT+QIREGAPP"), "\r\nOK\r\n");
    if (state == "IP START") return;
    if (state == "IP CONFIG") {
        host.port.send("AT+QIACT\r");
        host.port.step();
        return;
    }
    EXPECT_EQ(host.say("AT+QIACT"), "\r\nOK\r\n");
    if (state == "IP GPRSACT") return;
    host.say("AT+QILOCIP");
    if (state == "IP STATUS") return;
    host.world.modem.contexts.lose(1);
    EXPECT_TRUE(host.world.settle());
    host.port.take_received();
}

TEST(GsmBearer, EveryCommandInEveryState) {
    const char* const ok = "\r\nOK\r\n";
    const char* const error = "\r\nERROR\r\n";
    const char* const gone = "\r\nDEACT OK\r\n";
    struct Row {
        const char* state;
        Outcome registering, activating, deactivating;
        bool has_address;
    };
    const Row rows[] = {
        {"IP INITIAL", {ok, "IP START"}, {error, "IP INITIAL"}, {error, "IP INITIAL"}, false},
        {"IP START", {error, "IP START"}, {ok, "IP GPRSACT"}, {gone, "IP INITIAL"}, false},
        {"IP GPRSACT", {error, "IP GPRSACT"}, {error, "IP GPRSACT"}, {gone, "IP INITIAL"}, true},
        {"IP STATUS", {error, "IP STATUS"}, {error, "IP STATUS"}, {gone, "IP INITIAL"}, true},
        {"PDP DEACT", {error, "PDP DEACT"}, {error, "PDP DEACT"}, {gone, "IP INITIAL"}, false},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.state);
        const std::pair<const char*, Outcome> commands[] = {
            {"AT+QIREGAPP", row.registering}, {"AT+QIACT", row.activating}, {"AT+QIDEACT", row.deactivating}};
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
        EXPECT_EQ(address.starts_with("\r\n10."), row.has_address) << address;
        EXPECT_EQ(host.state(), row.has_address ? "IP STATUS" : row.state);
        EXPECT_EQ(host.say("AT+QISTAT"), "\r\nOK\r\n\r\nSTATE: " + host.state() + "\r\n");
    }
}

TEST(GsmBearer, TheFourModulesDifferInIdentityOnly) {
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
