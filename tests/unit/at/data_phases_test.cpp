// Prompts, uploads, downloads and transparent mode: lengths, line feeds, guards, acknowledgements, limits.
#include <gtest/gtest.h>

#include "unit/at/bench.hpp"

namespace atls::at::test {
namespace {

using namespace std::chrono_literals;
using atls::test::Pieces;

std::string got(std::size_t count, const std::string& start, const std::string& end) {
    return line("\r\n+GOT: ", count, ",", start, ",", end, "\r\n\r\nOK\r\n");
}

class DataPhase : public testing::TestWithParam<Pieces> {
protected:
    DataPhase() : bench(GetParam()) { bench.ask("ATE0"); }
    Bench bench;
};
INSTANTIATE_TEST_SUITE_P(Whole, DataPhase, testing::Values(Pieces::whole));
INSTANTIATE_TEST_SUITE_P(SingleOctets, DataPhase, testing::Values(Pieces::single_octets));

// --- prompts ------------------------------------------------------------------------------------------------------

TEST_P(DataPhase, FixedLengthTakesEveryOctetAsData) {
    const Bytes data("\x1A\x1B\0\n\r+", 6);
    EXPECT_EQ(bench.say("AT+PROMPT=6\r"), "\r\n> ");
    EXPECT_EQ(bench.say(data), got(6, "1A1B000A0D2B", "full"));
}

TEST_P(DataPhase, FixedLengthLeavesTheRestToTheNextCommand) {
    EXPECT_EQ(bench.say("AT+PROMPT=2\rabAT+OK\r"), "\r\n> " + got(2, "6162", "full") + "\r\nOK\r\n");
}

TEST_P(DataPhase, WhatFollowsAPayloadIsDroppedUpToAt) {
    bench.say("AT+PROMPT=2\r");
    EXPECT_EQ(bench.say("ab\r\n\x1A junk \x1A"
                        "AT\r"),
              got(2, "6162", "full") + "\r\nOK\r\n");
}

TEST_P(DataPhase, WhatFollowsAPayloadRepeatsNothing) {
    for (const char* surplus : {"A/", "x\r\nA/=", "\r\nA/"}) {
        EXPECT_EQ(bench.say(Bytes("AT+PROMPT=2\rab") + surplus), "\r\n> " + got(2, "6162", "full")) << surplus;
        EXPECT_EQ(bench.say("AT+OK\rA/"), "\r\nOK\r\n\r\nOK\r\n") << surplus;
    }
}

TEST_P(DataPhase, WhatFollowsTransparentModeRepeatsNothing) {
    bench.open(3);
    bench.ask("AT+TRANS=3");
    bench.world.modem.sockets.reset_by_peer(3);
    EXPECT_EQ(bench.hear(), "\r\nNO CARRIER\r\n");
    EXPECT_EQ(bench.say("late data A/A/"), "");
}

TEST_P(DataPhase, VariableLengthEndsItselfAtTheLimit) {
    bench.say("AT+PROMPT\r");
    EXPECT_EQ(bench.say(Bytes(20, 'x') + "\x1A"), got(20, "7878787878787878", "full"));
    EXPECT_EQ(bench.ask("AT"), "\r\nOK\r\n");
}

TEST_P(DataPhase, VariableLengthMayBeEmpty) {
    bench.say("AT+PROMPT\r");
    EXPECT_EQ(bench.say("\x1A"), got(0, "", "terminated"));
}

TEST_P(DataPhase, PayloadIsNotEchoed) {
    bench.ask("ATE1");
    EXPECT_EQ(bench.say("AT+PROMPT=2\r"), "AT+PROMPT=2\r\r\n> ");
    EXPECT_EQ(bench.say("ab"), got(2, "6162", "full"));
}

TEST_P(DataPhase, ChainGoesOnAfterAPrompt) {
    EXPECT_EQ(bench.say("AT+PROMPT=1;+INFO\rx"), "\r\n> \r\n+GOT: 1,78,full\r\n\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n");
}

// --- the LF of CR LF ----------------------------------------------------------------------------------------------

TEST_P(DataPhase, OneLineFeedIsDroppedWhileNothingIsKnownOfTheHost) {
    bench.session.attach();
    EXPECT_EQ(bench.say("AT+PROMPT=2\r\n"), "\r\n> ");
    EXPECT_EQ(bench.say("\nb"), got(2, "0A62", "full"));
}

TEST_P(DataPhase, LineFeedOfACrLfHostIsNeverPayload) {
    bench.say("AT\r\nAT\r\n");
    bench.say("AT+PROMPT=2\r\n");
    EXPECT_EQ(bench.say("ab"), got(2, "6162", "full"));
    bench.say("AT+PROMPT=2\r\n");
    EXPECT_EQ(bench.say("\n\n"), got(2, "0A0A", "full"));
}

TEST_P(DataPhase, LineFeedOfACrHostIsPayload) {
    bench.say("AT\rAT\r");
    bench.say("AT+PROMPT=2\r");
    EXPECT_EQ(bench.say("\nb"), got(2, "0A62", "full"));
}

TEST_P(DataPhase, LineFeedIsForgottenWithTheHost) {
    bench.say("AT\rAT\r");
    bench.session.detach();
    bench.session.attach();
    bench.say("AT+PROMPT=2\r");
    EXPECT_EQ(bench.say("\nab"), got(2, "6162", "full"));
}

TEST_P(DataPhase, LineFeedAfterACommandThatWaited) {
    bench.say("AT\r\n");
    bench.say("AT+WAIT;+PROMPT=2\r\n");
    bench.offer(modem::ContextDeactivated{awaited_context});
    bench.hear();
    EXPECT_EQ(bench.say("ab"), got(2, "6162", "full"));
}

// --- uploads ------------------------------------------------------------------------------------------------------

TEST_P(DataPhase, UploadEndsAtItsSize) {
    EXPECT_EQ(bench.say("AT+UPLOAD=5\r"), "\r\nCONNECT\r\n");
    EXPECT_EQ(bench.say("a++b+AT\r"), got(5, "612B2B622B", "full") + "\r\nOK\r\n");
}

TEST_P(DataPhase, UploadTimesOutWithWhatCame) {
    bench.say("AT+UPLOAD=5\rab");
    EXPECT_EQ(bench.wait(4999ms), "");
    EXPECT_EQ(bench.say("c"), "");
    EXPECT_EQ(bench.wait(4999ms), "");
    EXPECT_EQ(bench.wait(1ms), got(3, "616263", "timed out"));
}

TEST_P(DataPhase, EscapeWithItsGuardsEndsAnUploadAndIsNotStored) {
    bench.say("AT+UPLOAD=100\rab");
    EXPECT_EQ(bench.wait(1s), "");
    EXPECT_EQ(bench.say("+++"), "");
    EXPECT_EQ(bench.wait(999ms), "");
    EXPECT_EQ(bench.wait(1ms), got(2, "6162", "escaped"));
}

TEST_P(DataPhase, EscapeWithoutGuardsIsStored) {
    bench.say("AT+UPLOAD=9\rab+++");
    bench.wait(1s);
    bench.say("+++");
    bench.wait(999ms);
    EXPECT_EQ(bench.say("c"), got(9, "61622B2B2B2B2B2B", "full"));
}

TEST_P(DataPhase, PlussesThatFillTheSizeAreData) {
    bench.say("AT+UPLOAD=5\rab");
    bench.wait(1s);
    EXPECT_EQ(bench.say("+++"), got(5, "61622B2B2B", "full"));
    EXPECT_EQ(bench.wait(2s), "");
    EXPECT_EQ(bench.ask("AT"), "\r\nOK\r\n");
}

TEST_P(DataPhase, TwoPlussesAndSilenceAreData) {
    bench.say("AT+UPLOAD=4\rab");
    bench.wait(1s);
    EXPECT_EQ(bench.say("+"), "");
    EXPECT_EQ(bench.wait(1s), "");
    EXPECT_EQ(bench.say("x"), got(4, "61622B78", "full"));
}

TEST_P(DataPhase, PlussesAtTheEndWithMoreBehindThem) {
    bench.say("AT+UPLOAD=4\rab");
    bench.wait(1s);
    EXPECT_EQ(bench.say("+"), "");
    EXPECT_EQ(bench.say("xAT\r"), got(4, "61622B78", "full") + "\r\nOK\r\n");
}

TEST_P(DataPhase, AcknowledgesEachFullBlock) {
    bench.say("AT+UPLOAD=25,10\r");
    EXPECT_EQ(bench.say(Bytes(9, 'x')), "");
    EXPECT_EQ(bench.say("x"), "A");
    EXPECT_EQ(bench.say(Bytes(15, 'x')), "A" + got(25, "7878787878787878", "full"));
    bench.say("AT+UPLOAD=30,10\r");
    EXPECT_EQ(bench.say(Bytes(30, 'x')), "AAA" + got(30, "7878787878787878", "full"));
}

// --- downloads ----------------------------------------------------------------------------------------------------

TEST_P(DataPhase, DownloadStreamsAll) {
    EXPECT_EQ(bench.say("AT+DOWN=40000\r"),
              "\r\nCONNECT 40000\r\n" + Bytes(40000, 'd') + "\r\n+DOWN: all\r\n\r\nOK\r\n");
    EXPECT_EQ(bench.say("AT+DOWN=0\r"), "\r\nCONNECT 0\r\n\r\n+DOWN: all\r\n\r\nOK\r\n");
}

TEST_P(DataPhase, DownloadMakesTheHostWait) {
    bench.host.reads = false;
    bench.say("AT+DOWN=40000\rAT+OK\r");
    EXPECT_EQ(bench.host.unsent(), 6U);
    bench.host.reads = true;
    EXPECT_TRUE(bench.hear().ends_with("\r\n+DOWN: all\r\n\r\nOK\r\n\r\nOK\r\n"));
}

TEST_P(DataPhase, EscapeBreaksADownloadOff) {
    bench.host.reads = false;
    bench.say("AT+DOWN=40000,1\r");
    bench.wait(1s);
    bench.say("+++");
    bench.wait(1s);
    bench.host.reads = true;
    const Bytes heard = bench.hear();
    EXPECT_TRUE(heard.ends_with("\r\n+DOWN: escaped\r\n\r\nOK\r\n"));
    EXPECT_LT(heard.size(), 20000U);
}

// --- transparent --------------------------------------------------------------------------------------------------

TEST_P(DataPhase, TransparentPassesEverythingBothWays) {
    bench.open(3);
    EXPECT_EQ(bench.say("AT+TRANS=3\r"), "\r\nCONNECT\r\n");
    Bytes all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
    EXPECT_EQ(bench.say(all), all);
}

TEST_P(DataPhase, TransparentEndsTheLine) {
    bench.open(3);
    EXPECT_EQ(bench.say("AT+TRANS=3;+INFO\r"), "\r\nCONNECT\r\n");
    EXPECT_EQ(bench.say("x"), "x");
}

TEST_P(DataPhase, HeldPlussesAreDataOnceRefused) {
    bench.open(3);
    bench.say("AT+TRANS=3\r");
    bench.wait(1s);
    EXPECT_EQ(bench.say("++"), "");
    EXPECT_EQ(bench.wait(999ms), "");
    EXPECT_EQ(bench.wait(1ms), "++");
}

TEST_P(DataPhase, HeldPlussesAreDataWhenDtrEndsTheMode) {
    bench.ask("AT&D1");
    bench.open(3);
    bench.say("AT+TRANS=3\r");
    bench.wait(1s);
    bench.say("+");
    bench.session.set_dtr(false);
    EXPECT_EQ(bench.hear(), "\r\nOK\r\n\r\n+RECV: 3\r\n");
    EXPECT_EQ(bench.peer().received(), "+");
}

TEST_P(DataPhase, RefusedPlussesWaitForRoomAndKeepTheirPlace) {
    bench.world.net.set_window(100);
    bench.open(3);
    bench.peer().pause(true);
    bench.say("AT+TRANS=3\r");
    bench.say(Bytes(30000, 'x'));
    const std::size_t waiting = bench.host.unsent();
    EXPECT_GT(waiting, 0U);
    bench.peer().pause(false);
    bench.hear();
    bench.wait(1s);
    bench.peer().pause(true);
    bench.say("+++");
    bench.say("yz");
    bench.peer().pause(false);
    bench.hear();
    EXPECT_EQ(bench.peer().received(), Bytes(30000, 'x') + "+++yz");
}

TEST_P(DataPhase, DtrAfterThePeerHasClosedSaysNoCarrier) {
    bench.ask("AT&D1");
    bench.open(3);
    bench.say("AT+TRANS=3\r");
    bench.host.reads = false;
    bench.peer().send(Bytes(5000, 'x'));
    bench.peer().close();
    bench.hear();
    bench.session.set_dtr(false);
    bench.host.reads = true;
    EXPECT_TRUE(bench.hear().ends_with("\r\nNO CARRIER\r\n"));
    EXPECT_EQ(bench.ask("AT"), "\r\nOK\r\n");
}

TEST_P(DataPhase, TransparentOverASocketThatIsGoneSaysNoCarrier) {
    EXPECT_EQ(bench.say("AT+TRANS=3\r"), "\r\nNO CARRIER\r\n");
}

}  // namespace
}  // namespace atls::at::test
