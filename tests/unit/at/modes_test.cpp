// Every (mode, event) pair of a session: what it says, and the mode it is in afterwards.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <tuple>

#include "unit/at/bench.hpp"

namespace atls::at::test {
namespace {

using namespace std::chrono_literals;

enum class Mode { idle, in_line, waiting, prompt, upload, download, download_escape, transparent };
enum class Event {
    line,
    control_z,
    escape_key,
    plusses,
    silence,
    attach,
    detach,
    dtr_off,
    awaited,
    not_awaited,
    urc,
    mine_closed,
    other_closed,
    carrier_lost,
    power_lost,
};

constexpr std::pair<Mode, const char*> modes[] = {
    {Mode::idle, "Idle"},
    {Mode::in_line, "InLine"},
    {Mode::waiting, "Waiting"},
    {Mode::prompt, "Prompt"},
    {Mode::upload, "Upload"},
    {Mode::download, "Download"},
    {Mode::download_escape, "DownloadEscape"},
    {Mode::transparent, "Transparent"},
};
constexpr std::pair<Event, const char*> events[] = {
    {Event::line, "Line"},
    {Event::control_z, "ControlZ"},
    {Event::escape_key, "EscapeKey"},
    {Event::plusses, "Plusses"},
    {Event::silence, "Silence"},
    {Event::attach, "Attach"},
    {Event::detach, "Detach"},
    {Event::dtr_off, "DtrOff"},
    {Event::awaited, "Awaited"},
    {Event::not_awaited, "NotAwaited"},
    {Event::urc, "Urc"},
    {Event::mine_closed, "MineClosed"},
    {Event::other_closed, "OtherClosed"},
    {Event::carrier_lost, "CarrierLost"},
    {Event::power_lost, "PowerLost"},
};

constexpr int socket = 3;
constexpr int other_socket = 4;
constexpr int download_size = 40000;  // more than the session puts out ahead of its host

// &D1: DTR leaves data modes.
void enter(Bench& bench, Mode mode) {
    bench.ask("ATE0");
    bench.ask("AT&D1");
    bench.open(other_socket);
    bench.open(socket);
    switch (mode) {
        case Mode::idle:
            return;
        case Mode::in_line:
            EXPECT_EQ(bench.say("AT+I"), "");
            return;
        case Mode::waiting:
            EXPECT_EQ(bench.say("AT+WAIT\r"), "");
            return;
        case Mode::prompt:
            EXPECT_EQ(bench.say("AT+PROMPT\rab"), "\r\n> ");
            return;
        case Mode::upload:
            EXPECT_EQ(bench.say("AT+UPLOAD=100\rab"), "\r\nCONNECT\r\n");
            return;
        case Mode::download:
        case Mode::download_escape:
            bench.host.reads = false;
            bench.say(line("AT+DOWN=", download_size, mode == Mode::download ? "\r" : ",1\r"));
            return;
        case Mode::transparent:
            EXPECT_EQ(bench.say("AT+TRANS=3\r"), "\r\nCONNECT\r\n");
            return;
    }
}

modem::SocketClosed closed(int id) { return {id, 0, modem::SocketKind::tcp, modem::AccessMode::transparent, false}; }

Bytes happen(Bench& bench, Event event) {
    auto& session = bench.session;
    switch (event) {
        case Event::line:
            return bench.say("NFO\rAT+OK\r");
        case Event::control_z:
            return bench.say("\x1A");
        case Event::escape_key:
            return bench.say("\x1B");
        case Event::plusses: {
            Bytes got = bench.wait(1s);
            got += bench.say("+++");
            return got + bench.wait(1s);
        }
        case Event::silence:
            return bench.wait(60s);
        case Event::attach:
            session.attach();
            break;
        case Event::detach:
            session.detach();
            break;
        case Event::dtr_off:
            session.set_dtr(false);
            break;
        case Event::awaited:
            bench.offer(modem::ContextDeactivated{awaited_context});
            break;
        case Event::not_awaited:
            bench.offer(modem::ContextDeactivated{1});
            break;
        case Event::urc:
            bench.raise(modem::ContextLost{9});
            break;
        case Event::mine_closed:
            bench.raise(closed(socket));
            break;
        case Event::other_closed:
            bench.raise(closed(other_socket));
            break;
        case Event::carrier_lost:
            session.carrier_lost(socket);
            break;
        case Event::power_lost:
            session.power_lost();
            break;
    }
    return bench.hear();
}

// What is said, then > and what the session does with octets now: c command, w makes them wait, d data phase,
// t transparent. ¶ is CR LF. Downloads have a host that does not read: they say nothing.
using Cells = std::array<std::string_view, std::size(events)>;
const std::map<Mode, Cells> table{
    // line, ^Z, ESC, +++, silence, attach, detach, DTR, awaited, not awaited, URC, mine closed, other closed, lost,
    // power
    {Mode::idle,
     {"¶OK¶>c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", "¶+LOST: 9¶>c", "¶+CLOSED: 3¶>c",
      "¶+CLOSED: 4¶>c", ">c", ">c"}},
    {Mode::in_line,
     {"¶+INFO: 1¶+INFO: 2¶¶OK¶¶OK¶>c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c", ">c",
      ">c"}},
    {Mode::waiting,
     {">w", ">w", ">w", ">w", ">w", ">w", ">w", ">w", "¶+WAIT: over¶¶OK¶>c", ">w", ">w", ">w", ">w", ">w", ">c"}},
    {Mode::prompt,
     {">d", "¶+GOT: 2,6162,terminated¶¶OK¶>c", "¶+GOT: 2,6162,cancelled¶¶OK¶>c", ">d", ">d", ">d", ">d", ">d", ">d",
      ">d", ">d", ">d", ">d", ">d", ">c"}},
    {Mode::upload,
     {">d", ">d", ">d", "¶+GOT: 2,6162,escaped¶¶OK¶>c", "¶+GOT: 2,6162,timed out¶¶OK¶>c", ">d", ">c",
      "¶+GOT: 2,6162,escaped¶¶OK¶>c", ">d", ">d", ">d", ">d", ">d", ">d", ">c"}},
    {Mode::download, {">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">d", ">c"}},
    {Mode::download_escape, {">d", ">d", ">d", ">c", ">d", ">d", ">c", ">c", ">d", ">d", ">d", ">d", ">d", ">d", ">c"}},
    {Mode::transparent,
     {"NFO\rAT+OK\r>t", "\x1A>t", "\x1B>t", "¶OK¶>c", ">t", ">t", ">c", "¶OK¶>c", ">t", ">t", ">t", "¶NO CARRIER¶>c",
      ">t", "¶NO CARRIER¶>c", ">c"}},
};

char state_of(Session& session) {
    if (session.in_data_mode()) return 't';
    if (session.in_data_phase()) return 'd';
    return session.feed("\n") == 0 ? 'w' : 'c';
}

// Whatever happened, the port gives its host an OK in the end.
void recover(Bench& bench) {
    bench.host.reads = true;
    bench.session.set_dtr(true);
    bench.wait(10s);
    bench.offer(modem::ContextDeactivated{awaited_context});
    bench.session.carrier_lost(socket);
    bench.hear();
    if (bench.session.in_data_phase()) bench.say("\x1B");
    bench.say("\r");
    EXPECT_TRUE(bench.say("AT\r").ends_with("\r\nOK\r\n"));
}

class Pairs : public testing::TestWithParam<std::tuple<std::pair<Mode, const char*>, std::pair<Event, const char*>>> {};

TEST_P(Pairs, SayAndDoWhatTheyShould) {
    const auto [mode, event] = GetParam();
    Bench bench;
    enter(bench, mode.first);
    std::string got;
    for (const auto& piece : {happen(bench, event.first)}) got += piece;
    for (std::size_t at = got.find("\r\n"); at != std::string::npos; at = got.find("\r\n")) got.replace(at, 2, "¶");
    got += ">";
    got += state_of(bench.session);
    EXPECT_EQ(got, table.at(mode.first)[static_cast<std::size_t>(event.first)]);
    recover(bench);
}
INSTANTIATE_TEST_SUITE_P(Session, Pairs, testing::Combine(testing::ValuesIn(modes), testing::ValuesIn(events)),
                         [](const auto& pair) {
                             return std::string(std::get<0>(pair.param).second) + std::get<1>(pair.param).second;
                         });

// DTR dropped, or the host went, while the command before CONNECT was still waiting.
TEST(DtrBeforeDataMode, EndsItAtOnce) {
    Bench bench;
    enter(bench, Mode::idle);
    bench.session.set_dtr(false);
    EXPECT_EQ(bench.say("AT+TRANS=3\r"), "\r\nCONNECT\r\n\r\nOK\r\n");
    EXPECT_FALSE(bench.session.in_data_mode());
    bench.session.detach();
    bench.session.feed("AT+TRANS=3\r");
    EXPECT_FALSE(bench.session.in_data_mode());
    bench.hear();
    bench.session.attach();
    EXPECT_EQ(bench.say("AT+TRANS=3\r"), "\r\nCONNECT\r\n");
    EXPECT_TRUE(bench.session.in_data_mode());
}

}  // namespace
}  // namespace atls::at::test
