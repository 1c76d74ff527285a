// Servers that misbehave at each step of the handshake and after it: what the host sees, and that the modem goes on.
#include <gtest/gtest.h>

#include <set>

#include "support/transcript_text.hpp"
#include "transcripts/malformed.hpp"
#include "transcripts/mangled_server.hpp"

namespace atls::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

// --- servers that speak no TLS --------------------------------------------------------------------------------------

struct Answer {
    const char* name;
    Bytes says;  ///< to the ClientHello
    bool closes = false;
    bool resets = false;
    std::string expected = "566";
};

class PlainAnswer final : public FakeServer {
public:
    explicit PlainAnswer(const Answer& answer) : answer_(answer) {}
    void on_bytes(FakePeer& peer, BytesView) override {
        peer.send(answer_.says);
        if (answer_.closes) peer.close();
        if (answer_.resets) peer.reset();
    }
    void on_end(FakePeer&) override {}

private:
    const Answer& answer_;
};

const Bytes server_hello_start("\x16\x03\x03\x00\x40\x02\x00\x00\x3C\x03\x03", 11);

const Answer answers[] = {
    {"Nothing", "", false, false, "569"},
    {"Closes", "", true},
    {"Resets", "", false, true},
    {"Http", "HTTP/1.1 400 Bad Request\r\n\r\n", true},
    {"HttpAndSilence", "HTTP/1.1 400 Bad Request\r\n\r\n"},
    {"Smtp", "220 mail.example ESMTP\r\n"},
    {"Ssh", "SSH-2.0-OpenSSH_9.2\r\n"},
    {"Zeros", Bytes(100, '\0')},
    {"Ones", Bytes(100, '\xFF')},
    {"HalfARecordHeader", Bytes("\x16\x03", 2), false, false, "569"},
    {"HalfARecordHeaderAndEnd", Bytes("\x16\x03", 2), true},
    {"HalfARecord", server_hello_start, false, false, "569"},
    {"HalfARecordAndEnd", server_hello_start, true},
    {"RecordTooLong", Bytes("\x16\x03\x03\x48\x01", 5) + Bytes(18433, 'x')},
    {"RecordFarTooLong", Bytes("\x16\x03\x03\xFF\xFF", 5) + Bytes(65535, 'x')},
    {"EmptyHandshakeRecord", Bytes("\x16\x03\x03\x00\x00", 5), true},
    {"UnknownRecordType", Bytes("\x19\x03\x03\x00\x01x", 6)},
    {"OldRecordVersion", Bytes("\x16\x02\x00\x00\x04\x02\x00\x00\x00", 9)},
    {"NewRecordVersion", Bytes("\x16\x04\x00\x00\x04\x02\x00\x00\x00", 9)},
    {"SslTwo", Bytes("\x80\x2E\x04\x00\x00\x02", 6)},
    {"EmptyServerHello", Bytes("\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9)},
    {"ServerHelloOfAnotherLength", Bytes("\x16\x03\x03\x00\x06\x02\x00\x00\x02\x03\x03", 11)},
    {"HandshakeMessageOf16M", Bytes("\x16\x03\x03\x00\x06\x02\xFF\xFF\xFF\x03\x03", 11), true},
    {"ServerDoneFirst", Bytes("\x16\x03\x03\x00\x04\x0E\x00\x00\x00", 9)},
    {"ClientHelloBack", Bytes("\x16\x03\x03\x00\x06\x01\x00\x00\x02\x03\x03", 11)},
    {"ChangeCipherFirst", Bytes("\x14\x03\x03\x00\x01\x01", 6)},
    {"ApplicationDataFirst", Bytes("\x17\x03\x03\x00\x05hello", 10)},
    {"AlertHandshakeFailure", alert(2, 40)},
    {"AlertProtocolVersion", alert(2, 70)},
    {"AlertInternalError", alert(2, 80)},
    {"AlertUnknown", alert(2, 255)},
    {"AlertOfNoLevel", alert(7, 7), true},
    {"AlertCloseNotify", alert(1, 0)},
    {"AlertWarningOnly", alert(1, 112), false, false, "569"},
    {"AlertTooShort", Bytes("\x15\x03\x03\x00\x01\x02", 6)},
    {"AlertTooLong", Bytes("\x15\x03\x03\x00\x03\x02\x28\x00", 8)},
};

std::string open_against(MalformedBench& bench) {
    bench.say("AT+QSSLCFG=\"negotiatetime\",1,10\r");
    std::string heard = bench.say("AT+QSSLOPEN=1,1,0,\"bad.example\",443,0\r");
    return heard + bench.wait(10s);
}

class MalformedAnswers : public testing::TestWithParam<Answer> {};

TEST_P(MalformedAnswers, EndTheHandshake) {
    MalformedBench bench;
    bench.world.net.serve("bad.example", 443, modem::Transport::tcp,
                          [] { return std::make_unique<PlainAnswer>(GetParam()); });
    EXPECT_EQ(open_against(bench), framed("¶OK¶¶+QSSLOPEN: 0," + GetParam().expected + "¶")) << bench.world.log_tail(3);
    EXPECT_FALSE(bench.world.modem.sockets.cause(0).empty());
    EXPECT_EQ(bench.say("AT+QSSLCLOSE=0\r"), "\r\nOK\r\n");
    EXPECT_TRUE(bench.alive());
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedAnswers, testing::ValuesIn(answers),
                         [](const auto& row) { return std::string(row.param.name); });

// --- at each step ---------------------------------------------------------------------------------------------------

enum class Wrong {
    alert,
    warning,
    close,
    reset,
    silence,
    garbage,
    flip_first,
    flip_middle,
    flip_last,
    truncate,
    too_long,
    twice,
    left_out,
};
constexpr std::pair<Wrong, const char*> wrongs[] = {
    {Wrong::alert, "Alert"},          {Wrong::warning, "Warning"},        {Wrong::close, "Close"},
    {Wrong::reset, "Reset"},          {Wrong::silence, "Silence"},        {Wrong::garbage, "Garbage"},
    {Wrong::flip_first, "FlipFirst"}, {Wrong::flip_middle, "FlipMiddle"}, {Wrong::flip_last, "FlipLast"},
    {Wrong::truncate, "Truncate"},    {Wrong::too_long, "TooLong"},       {Wrong::twice, "Twice"},
    {Wrong::left_out, "LeftOut"},
};
// ServerHello, Certificate, ServerKeyExchange, ServerHelloDone, ChangeCipherSpec, Finished.
constexpr std::size_t steps = 6;

Bytes flipped(Bytes record, std::size_t at) {
    record[at] = static_cast<char>(record[at] ^ 0x01);
    return record;
}

// True: and nothing after it.
bool spoil(FakePeer& peer, Wrong wrong, const Bytes& record) {
    switch (wrong) {
        case Wrong::alert:
            peer.send(alert(2, 40));
            return true;
        case Wrong::warning:
            peer.send(alert(1, 90) + record);
            return false;
        case Wrong::close:
            peer.close();
            return true;
        case Wrong::reset:
            peer.reset();
            return true;
        case Wrong::silence:
            return true;
        case Wrong::garbage:
            peer.send(Bytes(record.size(), 'g'));
            return true;
        case Wrong::flip_first:
            peer.send(flipped(record, 5));
            return false;
        case Wrong::flip_middle:
            peer.send(flipped(record, 5 + (record.size() - 5) / 2));
            return false;
        case Wrong::flip_last:
            peer.send(flipped(record, record.size() - 1));
            return false;
        case Wrong::truncate:
            peer.send(with_length(record.substr(0, record.size() - 1), record.size() - 6));
            return false;
        case Wrong::too_long:
            peer.send(with_length(record, 18433) + Bytes(18433, 'x'));
            return true;
        case Wrong::twice:
            peer.send(record + record);
            return false;
        case Wrong::left_out:
            return false;
    }
    return true;
}

// What the host may see. Where a wrong octet makes a message longer than it is, the module waits for the rest of it.
std::set<std::string> outcomes(Wrong wrong, std::size_t step) {
    const std::string good = framed("¶OK¶¶+QSSLOPEN: 0,0¶");
    const std::string failed = framed("¶OK¶¶+QSSLOPEN: 0,566¶");
    const std::string timed_out = framed("¶OK¶¶+QSSLOPEN: 0,569¶");
    switch (wrong) {
        case Wrong::warning:
            return {step < steps - 1 ? good : failed};  // in the clear, after ChangeCipherSpec
        case Wrong::silence:
            return {timed_out};
        case Wrong::left_out:
        case Wrong::truncate:
        case Wrong::flip_first:
            return {failed, timed_out};
        case Wrong::flip_middle:
        case Wrong::flip_last:
            return step == 3 ? std::set{failed, timed_out} : std::set{failed};
        default:
            return {failed};
    }
}

class MalformedSteps : public testing::TestWithParam<std::tuple<std::pair<Wrong, const char*>, std::size_t>> {};

TEST_P(MalformedSteps, EndTheHandshake) {
    const auto [wrong, step] = GetParam();
    MalformedBench bench;
    PeerOptions options;
    options.ciphers = "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    bool over = false;
    const auto mangle = [&, what = wrong.first, at = step](FakePeer& peer, std::size_t number, const Bytes& record) {
        if (over) return;
        if (number != at) return peer.send(record);
        over = spoil(peer, what, record);
    };
    bench.world.net.serve("bad.example", 443, modem::Transport::tcp,
                          [&] { return std::make_unique<MangledServer>(options, mangle); });
    const std::string heard = open_against(bench);
    EXPECT_TRUE(outcomes(wrong.first, step).contains(heard)) << escaped(heard) << bench.world.log_tail(2);
    EXPECT_EQ(bench.say("AT+QSSLCLOSE=0\r"), "\r\nOK\r\n");
    EXPECT_TRUE(bench.alive());
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedSteps,
                         testing::Combine(testing::ValuesIn(wrongs), testing::Range<std::size_t>(0, steps)),
                         [](const auto& row) {
                             return std::string(std::get<0>(row.param).second) + std::to_string(std::get<1>(row.param));
                         });

// --- once it is open ------------------------------------------------------------------------------------------------

struct AfterOpen {
    const char* name;
    Bytes (*mangle)(Bytes record);  ///< what goes out for the record with the peer's data
    std::string heard;
};

constexpr const char* closed = "¶+QSSLURC: \"closed\",0¶";

const AfterOpen after_open[] = {
    {"BadMac", [](Bytes record) { return flipped(record, record.size() - 1); }, closed},
    {"BadNonce", [](Bytes record) { return flipped(record, 5); }, closed},
    {"TooShortForItsMac", [](Bytes record) { return with_length(record.substr(0, 8), 3); }, closed},
    {"Empty", [](Bytes record) { return with_length(record.substr(0, 5), 0); }, closed},
    {"TooLong", [](Bytes record) { return with_length(record, 18433) + Bytes(18433, 'x'); }, closed},
    {"UnknownType",
     [](Bytes record) {
         record[0] = '\x30';
         return record;
     },
     closed},
    {"AsHandshake",
     [](Bytes record) {
         record[0] = '\x16';
         return record;
     },
     closed},
    {"AsAlert",
     [](Bytes record) {
         record[0] = '\x15';
         return record;
     },
     closed},
    {"OtherVersion",
     [](Bytes record) {
         record[2] = '\x01';
         return record;
     },
     closed},
    {"Replayed", [](Bytes record) { return record + record; }, "¶+QSSLURC: \"recv\",0¶¶+QSSLURC: \"closed\",0¶"},
    {"PlainAlert", [](Bytes) { return alert(2, 20); }, closed},
    {"Garbage", [](Bytes) { return Bytes(50, 'g'); }, closed},
    {"HalfAndSilence", [](Bytes record) { return record.substr(0, record.size() - 1); }, ""},
    {"Intact", [](Bytes record) { return record; }, "¶+QSSLURC: \"recv\",0¶"},
};

class MalformedTraffic : public testing::TestWithParam<AfterOpen> {};

TEST_P(MalformedTraffic, EndsTheConnection) {
    MalformedBench bench;
    PeerOptions options;
    options.ciphers = "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    bool open = false;
    const auto mangle = [&](FakePeer& peer, std::size_t, const Bytes& record) {
        peer.send(open ? GetParam().mangle(record) : record);
    };
    bench.world.net.serve("bad.example", 443, modem::Transport::tcp,
                          [&] { return std::make_unique<MangledServer>(options, mangle); });
    EXPECT_EQ(open_against(bench), framed("¶OK¶¶+QSSLOPEN: 0,0¶"));
    open = true;
    dynamic_cast<MangledServer&>(bench.world.net.last_peer().server()).send("payload");
    EXPECT_EQ(bench.hear(), framed(GetParam().heard)) << bench.world.log_tail(2);
    EXPECT_EQ(bench.say("AT+QSSLCLOSE=0,1\r") + bench.wait(1s), "\r\nOK\r\n");
    EXPECT_TRUE(bench.alive());
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedTraffic, testing::ValuesIn(after_open),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace atls::test
