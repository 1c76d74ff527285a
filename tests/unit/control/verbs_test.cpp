#include "control/verbs.hpp"

#include <gtest/gtest.h>

#include "control/moment.hpp"
#include "dialects/bg96/bg96.hpp"
#include "support/world.hpp"

namespace atls::control {
namespace {

class Verbs : public ::testing::Test {
protected:
    /// What `line` answers; a refusal as "refused: …".
    std::string say(std::string_view line) {
        const Answer answer = run(world.unit, line);
        world.settle();
        return answer ? *answer : "refused: " + answer.error().text;
    }
    /// What the host sees after `line`, its own echo left out.
    std::string at(const std::string& line) {
        host.send(line + "\r");
        world.settle();
        std::string got = host.take_received();
        if (got.starts_with(line + "\r")) got.erase(0, line.size() + 1);
        return got;
    }
    std::string heard() {
        world.settle();
        return host.take_received();
    }
    void open_echo_socket() {
        world.net.serve_echo("echo.example", 7, modem::Transport::tcp);
        at("AT+QIACT=1");
        at("AT+QIOPEN=1,2,\"TCP\",\"echo.example\",7,0,0");
        ASSERT_EQ(world.modem.sockets.info(2)->state, modem::SocketState::connected);
        heard();
    }

    test::World world{dialects::bg96()};
    test::HostPort& host = world.port("uart1");
};

TEST_F(Verbs, NetworkIsWhatIsSaid) {
    using modem::Registration;
    EXPECT_EQ(say("network roaming"), "");
    EXPECT_EQ(world.modem.network.registration(), Registration::roaming);
    EXPECT_EQ(say("network searching"), "");
    EXPECT_EQ(world.modem.network.registration(), Registration::searching);
    EXPECT_EQ(say("network denied"), "");
    EXPECT_EQ(world.modem.network.registration(), Registration::denied);
    EXPECT_EQ(say("NETWORK Home"), "");
    EXPECT_EQ(world.modem.network.registration(), Registration::home);
    at("AT+QIACT=1");
    ASSERT_TRUE(world.modem.contexts.active(1));
    EXPECT_EQ(say("network lost"), "");
    EXPECT_EQ(world.modem.network.registration(), Registration::idle);
    EXPECT_FALSE(world.modem.contexts.active(1));
}

TEST_F(Verbs, PdpDropTellsTheHost) {
    EXPECT_EQ(say("pdp drop 1"), "refused: context 1 is not active");
    at("AT+QIACT=1");
    EXPECT_EQ(say("pdp drop 1"), "");
    EXPECT_EQ(heard(), "\r\n+QIURC: \"pdpdeact\",1\r\n");
    EXPECT_FALSE(world.modem.contexts.active(1));
}

TEST_F(Verbs, SimGoesAndComes) {
    EXPECT_EQ(say("sim out"), "");
    EXPECT_FALSE(world.modem.network.sim_inserted());
    EXPECT_FALSE(world.modem.network.registered());
    EXPECT_EQ(say("sim in"), "");
    EXPECT_TRUE(world.modem.network.sim_inserted());
    EXPECT_TRUE(world.modem.network.registered());
}

TEST_F(Verbs, SignalIsWhatCsqShows) {
    EXPECT_EQ(say("signal 7"), "");
    EXPECT_EQ(at("AT+CSQ"), "\r\n+CSQ: 7,99\r\n\r\nOK\r\n");
    EXPECT_EQ(world.modem.network.signal().rssi_dbm, -99);
    EXPECT_EQ(say("signal 31,0"), "");
    EXPECT_EQ(at("AT+CSQ"), "\r\n+CSQ: 31,0\r\n\r\nOK\r\n");
    EXPECT_EQ(say("signal 99,99"), "");
    EXPECT_EQ(at("AT+CSQ"), "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
}

TEST_F(Verbs, ClockIsSetAndUnset) {
    EXPECT_EQ(say("clock 2030-01-02T03:04:05Z 8"), "");
    EXPECT_EQ(words_of(world.modem.clock.utc()), "2030-01-02T03:04:05Z");
    EXPECT_EQ(world.modem.clock.zone_quarters(), 8);
    EXPECT_STREQ(world.modem.clock.origin(), "control");
    EXPECT_EQ(say("clock 2030-01-02T03:04:05+01:00"), "");
    EXPECT_EQ(words_of(world.modem.clock.utc()), "2030-01-02T02:04:05Z");
    EXPECT_EQ(world.modem.clock.zone_quarters(), 4);
    EXPECT_EQ(heard(), "");
    EXPECT_EQ(say("clock unset"), "");
    EXPECT_FALSE(world.modem.clock.ever_set());
    EXPECT_EQ(words_of(world.modem.clock.utc()), "1980-01-06T00:00:00Z");
}

TEST_F(Verbs, NetworkTimeReachesTheHost) {
    at("AT+CTZR=1");
    EXPECT_EQ(say("nitz 2030-01-02T03:04:05Z 8"), "");
    EXPECT_EQ(words_of(*world.modem.clock.network_time()), "2030-01-02T03:04:05Z");
    EXPECT_NE(heard().find("+CTZV: "), std::string::npos);
}

TEST_F(Verbs, SocketResetAndItsCause) {
    EXPECT_EQ(say("socket reset 2"), "refused: socket 2 is not open");
    EXPECT_EQ(say("socket list"), "");
    open_echo_socket();
    EXPECT_NE(say("socket list").find("2 tcp "), std::string::npos);
    EXPECT_EQ(say("socket reset 2"), "");
    EXPECT_EQ(heard(), "\r\n+QIURC: \"closed\",2\r\n");
    EXPECT_NE(say("socket list").find("closed or closing"), std::string::npos);
    EXPECT_NE(say("socket list").find("reset"), std::string::npos);
    EXPECT_EQ(say("socket reset 2"), "refused: socket 2 is not connected");
}

TEST_F(Verbs, PowerGoesAndComes) {
    EXPECT_EQ(say("power on"), "refused: the modem is on");
    EXPECT_EQ(say("power off"), "");
    EXPECT_FALSE(world.modem.powered());
    EXPECT_EQ(say("power off"), "refused: the modem is off");
    EXPECT_NE(say("status").find("power off"), std::string::npos);
    EXPECT_EQ(say("power on"), "");
    EXPECT_TRUE(world.modem.powered());
    EXPECT_EQ(say("power cycle"), "");
    EXPECT_FALSE(world.modem.powered());
    world.advance(std::chrono::seconds(60));
    EXPECT_TRUE(world.modem.powered());
    EXPECT_NE(heard().find("RDY"), std::string::npos);
}

TEST_F(Verbs, StatusAtAGlance) {
    at("AT+QIACT=1");
    const std::string status = say("status");
    for (const char* part :
         {"module BG96", "power on", "network registered, home network, attached", "sim ready", "signal 24,99",
          "clock 2026-11-21T08:00:00Z", "pdp 1 ", "port uart1: commands", "sockets 0"}) {
        EXPECT_NE(status.find(part), std::string::npos) << part << " in\n" << status;
    }
}

TEST_F(Verbs, HelpListsEveryVerb) {
    const std::string help = say("help");
    for (const Verb& verb : verbs()) EXPECT_NE(help.find(usage(verb) + " "), std::string::npos) << usage(verb);
}

TEST_F(Verbs, EveryUseIsLogged) {
    say("signal 7");
    EXPECT_TRUE(world.log.says("signal 7"));
}

TEST_F(Verbs, WrongArgumentsAreNamed) {
    const std::pair<const char*, const char*> table[] = {
        {"", "no verb; try help"},
        {"   ", "no verb; try help"},
        {"nothing", "unknown verb \"nothing\"; try help"},
        {"pdp", "unknown verb \"pdp\"; try help"},
        {"network", "usage: network home|roaming|searching|denied|lost"},
        {"network home away", "usage: network home|roaming|searching|denied|lost"},
        {"network gone", "\"gone\" is not home, roaming, searching, denied or lost"},
        {"pdp drop", "usage: pdp drop CONTEXT"},
        {"pdp drop 0", "\"0\" is not a contextID, 1 to 16"},
        {"pdp drop 17", "\"17\" is not a contextID, 1 to 16"},
        {"pdp drop one", "\"one\" is not a contextID, 1 to 16"},
        {"sim", "usage: sim out|in"},
        {"sim away", "\"away\" is not in or out"},
        {"signal", "usage: signal RSSI[,BER]"},
        {"signal 32", "\"32\" is not RSSI[,BER], RSSI 0 to 31 or 99"},
        {"signal -1", "\"-1\" is not RSSI[,BER], RSSI 0 to 31 or 99"},
        {"signal 7,8", "\"7,8\" is not RSSI[,BER], BER 0 to 7 or 99"},
        {"signal 7,", "\"7,\" is not RSSI[,BER], BER 0 to 7 or 99"},
        {"clock", "usage: clock TIME|unset [ZONE]"},
        {"clock noon", "\"noon\" is not a time such as 2026-11-21T08:00:00Z"},
        {"clock 2026-11-21T08:00:00Z 57", "\"57\" is not a time zone in quarters of an hour, -48 to +56"},
        {"clock unset 0", "\"unset\" is not a time such as 2026-11-21T08:00:00Z"},
        {"nitz", "usage: nitz TIME [ZONE]"},
        {"nitz unset", "\"unset\" is not a time such as 2026-11-21T08:00:00Z"},
        {"nitz 2026-11-21T08:00:00Z x", "\"x\" is not a time zone in quarters of an hour, -48 to +56"},
        {"socket reset", "usage: socket reset ID"},
        {"socket reset 12", "\"12\" is not a socket id, 0 to 11"},
        {"socket reset a", "\"a\" is not a socket id, 0 to 11"},
        {"socket list 1", "usage: socket list"},
        {"power", "usage: power cycle|off|on"},
        {"power down", "\"down\" is not cycle, off or on"},
        {"status now", "usage: status"},
        {"help me", "usage: help"},
    };
    for (const auto& [line, reason] : table) EXPECT_EQ(say(line), std::string("refused: ") + reason) << line;
}

TEST_F(Verbs, ConverseFramesAnswers) {
    EXPECT_EQ(converse(world.unit, "signal 7"), "ok\n");
    EXPECT_EQ(converse(world.unit, "nothing"), "error unknown verb \"nothing\"; try help\n");
    const std::string status = converse(world.unit, "status\r");
    EXPECT_TRUE(status.starts_with(" module BG96"));
    EXPECT_TRUE(status.ends_with("\nok\n"));
}

}  // namespace
}  // namespace atls::control
