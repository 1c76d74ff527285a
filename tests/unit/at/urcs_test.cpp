// When URCs come, which are merged, and that nothing grows for a host that does not read.
#include <gtest/gtest.h>

#include "unit/at/bench.hpp"

namespace atls::at::test {
namespace {

using namespace std::chrono_literals;

TEST(Urcs, ComeAtOnceWhileNothingIsGoingOn) {
    Bench bench;
    bench.raise(modem::ContextLost{2});
    EXPECT_EQ(bench.hear(), "\r\n+LOST: 2\r\n");
}

TEST(Urcs, WaitForALineBeingTyped) {
    Bench bench;
    bench.say("AT+IN");
    bench.raise(modem::ContextLost{2});
    EXPECT_EQ(bench.hear(), "");
    EXPECT_EQ(bench.say("FO\r"), "FO\r\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n\r\n+LOST: 2\r\n");
}

TEST(Urcs, WaitASecondAfterTheLatestOctetOfALineAndNoLonger) {
    Bench bench;
    bench.say("AT+I");
    bench.wait(900ms);
    bench.raise(modem::ContextLost{2});
    bench.say("N");
    EXPECT_EQ(bench.wait(999ms), "");
    EXPECT_EQ(bench.wait(1ms), "\r\n+LOST: 2\r\n");
    EXPECT_EQ(bench.say("FO\r"), "FO\r\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n");
}

TEST(Urcs, HoldTimeIsAQuirk) {
    Bench bench;
    bench.world.unit.quirks.urc_hold_ms = 0;
    bench.say("AT+I");
    bench.raise(modem::ContextLost{2});
    EXPECT_EQ(bench.hear(), "\r\n+LOST: 2\r\n");
}

TEST(Urcs, WaitForTheFinalResultOfACommandThatWaits) {
    Bench bench;
    bench.ask("ATE0");
    bench.say("AT+WAIT\r");
    bench.raise(modem::ContextLost{2});
    EXPECT_EQ(bench.wait(60s), "");
    bench.offer(modem::ContextDeactivated{awaited_context});
    EXPECT_EQ(bench.hear(), "\r\n+WAIT: over\r\n\r\nOK\r\n\r\n+LOST: 2\r\n");
}

TEST(Urcs, NeverCutIntoAPromptOrAPayload) {
    Bench bench;
    bench.ask("ATE0");
    bench.say("AT+PROMPT=4\rab");
    bench.raise(modem::ContextLost{2});
    EXPECT_EQ(bench.wait(60s), "");
    EXPECT_EQ(bench.say("cd"), "\r\n+GOT: 4,61626364,full\r\n\r\nOK\r\n\r\n+LOST: 2\r\n");
}

TEST(Urcs, ComeInTheOrderOfTheirEvents) {
    Bench bench;
    bench.ask("ATE0");
    bench.say("AT+WAIT\r");
    bench.raise(modem::ContextLost{1});
    bench.raise(modem::SignalChanged{});
    bench.raise(modem::ContextLost{2});
    bench.offer(modem::ContextDeactivated{awaited_context});
    EXPECT_EQ(bench.hear(), "\r\n+WAIT: over\r\n\r\nOK\r\n\r\n+LOST: 1\r\n\r\n+SIGNAL\r\n\r\n+LOST: 2\r\n");
}

TEST(Urcs, OfTheSameSubjectAreMerged) {
    Bench bench;
    bench.ask("ATE0");
    bench.open(3);
    bench.say("AT+WAIT\r");
    for (int i = 0; i < 1000; ++i) {
        bench.raise(modem::SignalChanged{});
        bench.raise(modem::SocketReadable{3, 0, modem::SocketKind::tcp, modem::AccessMode::buffer});
    }
    bench.offer(modem::ContextDeactivated{awaited_context});
    EXPECT_EQ(bench.hear(), "\r\n+WAIT: over\r\n\r\nOK\r\n\r\n+SIGNAL\r\n\r\n+RECV: 3\r\n");
}

TEST(Urcs, SameSubjectMeansTheSameThingOfTheSameThing) {
    using modem::Domain;
    using modem::RegistrationChanged;
    using modem::SocketReadable;
    EXPECT_TRUE(same_subject(SocketReadable{1, 0, {}, {}}, SocketReadable{1, 0, {}, {}}));
    EXPECT_FALSE(same_subject(SocketReadable{1, 0, {}, {}}, SocketReadable{2, 0, {}, {}}));
    EXPECT_TRUE(same_subject(RegistrationChanged{Domain::packet}, RegistrationChanged{Domain::packet}));
    EXPECT_FALSE(same_subject(RegistrationChanged{Domain::packet}, RegistrationChanged{Domain::evolved}));
    EXPECT_TRUE(same_subject(modem::SignalChanged{}, modem::SignalChanged{}));
    EXPECT_TRUE(same_subject(modem::SimChanged{true}, modem::SimChanged{false}));
    EXPECT_FALSE(same_subject(modem::ContextLost{1}, modem::ContextLost{1}));
    EXPECT_FALSE(same_subject(modem::SignalChanged{}, modem::ContextLost{1}));
}

TEST(Urcs, OneEventMayHaveMoreToSay) {
    Bench bench;
    bench.raise(modem::ZoneChanged{3, 0, {}});
    EXPECT_EQ(bench.hear(), "\r\n+PIECE: 2\r\ndata\r\n+PIECE: 1\r\ndata\r\n+PIECE: 0\r\ndata");
}

TEST(Urcs, WithNothingToSayAreDropped) {
    Bench bench;
    bench.raise(modem::ContextActivated{1, modem::Fault::none});
    EXPECT_EQ(bench.hear(), "");
}

TEST(Urcs, OfASocketAreGoneWithItsClose) {
    Bench bench;
    bench.open(3);
    bench.open(4);
    bench.say("AT+IN");
    for (const int id : {3, 4}) {
        bench.raise(modem::SocketReadable{id, 0, {}, {}});
        bench.world.modem.sockets.reset_by_peer(id);
        bench.world.settle();
    }
    bench.world.modem.sockets.close(3, 0s);
    bench.world.settle();
    EXPECT_EQ(bench.say("FO\r"), "FO\r\r\n+INFO: 1\r\n+INFO: 2\r\n\r\nOK\r\n\r\n+RECV: 4\r\n\r\n+CLOSED: 4\r\n");
}

TEST(Urcs, WhatGoesWithASocketIsWhatHappenedToIt) {
    using modem::Fault;
    EXPECT_TRUE(gone_with_socket(modem::SocketOpened{3, 0, {}, {}, Fault::none}, 3));
    EXPECT_TRUE(gone_with_socket(modem::SocketOpened{3, 0, {}, {}, Fault::connect_failed}, 3));
    EXPECT_FALSE(gone_with_socket(modem::SocketOpened{3, 0, {}, {}, Fault::id_in_use}, 3));
    EXPECT_FALSE(gone_with_socket(modem::SocketOpened{4, 0, {}, {}, Fault::none}, 3));
    EXPECT_TRUE(gone_with_socket(modem::SocketReadable{3, 0, {}, {}}, 3));
    EXPECT_FALSE(gone_with_socket(modem::SocketReadable{4, 0, {}, {}}, 3));
    EXPECT_TRUE(gone_with_socket(modem::SocketClosed{3, 0, {}, {}, false}, 3));
    EXPECT_FALSE(gone_with_socket(modem::SocketClosed{4, 0, {}, {}, false}, 3));
    EXPECT_FALSE(gone_with_socket(modem::SocketClosedHere{3, {}}, 3));
    EXPECT_FALSE(gone_with_socket(modem::ContextLost{3}, 3));
}

TEST(Urcs, AreGoneWithThePower) {
    Bench bench;
    bench.ask("ATE0");
    bench.say("AT+WAIT\r");
    bench.raise(modem::ContextLost{2});
    bench.session.power_lost();
    EXPECT_EQ(bench.hear(), "");
}

TEST(Routing, AUrcGoesToThePortOfItsSocketElseToTheUrcPort) {
    Bench bench;
    auto& usbat = bench.world.port("usbat");
    bench.open(3);
    bench.world.modem.sockets.reset_by_peer(3);
    EXPECT_EQ(bench.hear(), "\r\n+CLOSED: 3\r\n");
    bench.world.modem.contexts.lose(1);
    EXPECT_EQ(bench.hear(), "");
    EXPECT_EQ(usbat.take_received(), "\r\n+LOST: 1\r\n");
    bench.world.unit.set_urc_port("uart1");
    bench.world.modem.contexts.activate(1);
    bench.world.settle();
    bench.world.modem.contexts.lose(1);
    EXPECT_EQ(bench.hear(), "\r\n+LOST: 1\r\n");
    EXPECT_EQ(usbat.take_received(), "");
}

TEST(Routing, WithoutTheUrcPortTheFirstOneHears) {
    Bench bench;  // no usbat, which the dialect names
    bench.world.modem.contexts.lose(1);
    EXPECT_EQ(bench.hear(), "\r\n+LOST: 1\r\n");
}

// --- a host that never reads ---------------------------------------------------------------------------------------

// Feeds until nothing more is taken; how much that was.
std::size_t stuff(Session& session, const Bytes& piece, std::size_t most) {
    std::size_t taken = 0;
    while (taken < most) {
        const std::size_t now = session.feed(piece);
        taken += now;
        if (now < piece.size()) break;
    }
    return taken;
}

constexpr std::size_t plenty = 8 << 20;

TEST(BackPressure, CommandsAreTakenOnlyWhileTheirAnswersHaveRoom) {
    Bench bench;
    bench.host.reads = false;
    const std::size_t taken = stuff(bench.session, "AT+INFO\r", plenty);
    EXPECT_LT(taken, plenty);
    EXPECT_LT(bench.session.output().size(), 70000U);
    bench.host.reads = true;
    EXPECT_GT(bench.hear().size(), 60000U);
    EXPECT_EQ(bench.session.feed("AT+INFO\r"), 8U);
}

TEST(BackPressure, RefusedInputIsAskedForWhenThereIsRoomAndNotAgain) {
    constexpr std::size_t limit = 65536;
    Bench bench;
    EXPECT_LT(stuff(bench.session, "AT+INFO\r", plenty), plenty);
    const std::size_t queued = bench.session.output().size();
    ASSERT_GE(queued, limit);
    bench.host.wakes = 0;
    bench.session.output_sent(queued - limit);
    EXPECT_EQ(bench.host.wakes, 0);
    bench.session.output_sent(1);
    EXPECT_EQ(bench.host.wakes, 1);
    for (int i = 0; i < 5; ++i) bench.session.output_sent(10'000);
    EXPECT_EQ(bench.host.wakes, 1);
}

TEST(BackPressure, EchoOfEndlessLinesIsBounded) {
    Bench bench;
    EXPECT_LT(stuff(bench.session, "AT" + Bytes(1000, 'x'), plenty), plenty);
    EXPECT_LT(bench.session.output().size(), 70000U);
}

TEST(BackPressure, TransparentInputStopsWhenThePeerDoesNotRead) {
    Bench bench;
    bench.open(3);
    bench.peer().pause(true);
    bench.ask("AT+TRANS=3");
    bench.host.send(Bytes(plenty, 'x'));
    bench.hear();
    EXPECT_GT(bench.host.unsent(), plenty - 100000);
}

TEST(BackPressure, TransparentOutputStopsWhenTheHostDoesNotRead) {
    Bench bench;
    bench.open(3);
    bench.ask("AT+TRANS=3");
    bench.host.reads = false;
    bench.peer().send(Bytes(plenty, 'x'));
    EXPECT_EQ(bench.hear(), "");
    EXPECT_LT(bench.session.output().size(), 40000U);
    EXPECT_GT(bench.peer().unsent(), plenty - 100000);
    bench.host.reads = true;
    EXPECT_EQ(bench.hear().size(), plenty);
}

TEST(BackPressure, UrcsOfASilentHostDoNotPileUp) {
    Bench bench;
    bench.open(3);
    bench.host.reads = false;
    for (int i = 0; i < 100000; ++i) bench.raise(modem::SignalChanged{});
    (void)bench.session.output();
    for (int i = 0; i < 100000; ++i) {
        bench.raise(modem::SignalChanged{});
        (void)bench.session.output();
    }
    EXPECT_LT(bench.session.output().size(), 20000U);
}

}  // namespace
}  // namespace atls::at::test
