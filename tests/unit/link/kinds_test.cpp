#include "link/kinds.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "unit/link/bench.hpp"

namespace atls::link {
namespace {

class Kinds : public testing::Test {
protected:
    std::string failure_of(const std::string& url) {
        auto opened = open(loop, url, modem);
        return opened.ok() ? "" : opened.error().text;
    }
    std::string address_of(Modem& user, const std::string& url) {
        auto opened = open(loop, url, user);
        EXPECT_TRUE(opened.ok()) << opened.error().text;
        user.channel = std::move(*opened);
        return user.channel->url().substr(url.find(':') + 1);
    }

    Scratch scratch;
    loop::Loop loop;
    Modem modem;
};

TEST_F(Kinds, EveryRowCanBeShown) {
    for (const Kind& kind : kinds()) {
        EXPECT_TRUE(kind.form.starts_with(std::string(kind.scheme) + ":"));
        EXPECT_FALSE(kind.help.empty());
    }
}

TEST_F(Kinds, AnUnknownOneNamesTheKnown) {
    EXPECT_EQ(failure_of("carrier:pigeon"),
              "carrier:pigeon: unknown kind of link; there are pty:PATH, tcp:ADDRESS:PORT, unix:PATH, "
              "rfc2217:ADDRESS:PORT, tty:DEVICE[@RATE[,FORMAT]], stdio:");
    EXPECT_NE(failure_of("pty"), "");
    EXPECT_NE(failure_of(""), "");
}

TEST_F(Kinds, TcpSaysWhatIsWrong) {
    EXPECT_EQ(failure_of("tcp:5001"), "tcp:5001: expected tcp:ADDRESS:PORT, port 0 for any");
    EXPECT_EQ(failure_of("tcp:host.example:1"), "tcp:host.example:1: cannot listen: not a numeric address");
    const auto address = address_of(modem, "tcp:127.0.0.1:0");
    EXPECT_EQ(failure_of("tcp:" + address), "tcp:" + address + ": cannot listen: address already in use");
    EXPECT_EQ(failure_of("tcp:192.0.2.1:1"), "tcp:192.0.2.1:1: cannot listen: cannot assign requested address");
}

TEST_F(Kinds, TtySaysWhatIsWrong) {
    EXPECT_EQ(failure_of("tty:"), "tty:: expected tty:DEVICE[@RATE[,FORMAT]]");
    EXPECT_EQ(failure_of("tty:/dev/none@115200"),
              "tty:/dev/none@115200: cannot open /dev/none: no such file or directory");
    EXPECT_EQ(failure_of("tty:/dev/null"), "tty:/dev/null: /dev/null is no terminal device");
    EXPECT_NE(failure_of("tty:/dev/null@12345").find("expected a rate of 75 110"), std::string::npos);
}

TEST_F(Kinds, TcpShowsItsPort) {
    const auto address = address_of(modem, "tcp:127.0.0.1:0");
    EXPECT_TRUE(address.starts_with("127.0.0.1:"));
    EXPECT_FALSE(address.ends_with(":0"));
    EXPECT_TRUE(loop::Fd(connect_tcp(address)));
}

TEST_F(Kinds, ASecondTcpHostIsClosedAndTheFirstStays) {
    const auto address = address_of(modem, "tcp:127.0.0.1:0");
    Host first(loop, loop::Fd(connect_tcp(address)), loop::Fd());
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    Host second(loop, loop::Fd(connect_tcp(address)), loop::Fd());
    second.want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return second.ended; }, generous));
    first.send("AT\r");
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
    EXPECT_EQ(modem.said, "Ab");
}

TEST_F(Kinds, AResetOfTheHostIsADetach) {
    const auto address = address_of(modem, "tcp:127.0.0.1:0");
    auto host = std::make_unique<Host>(loop, loop::Fd(connect_tcp(address)), loop::Fd());
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    const linger abrupt{1, 0};
    ::setsockopt(host->in(), SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    host.reset();
    modem.to_send.append("nobody hears");
    modem.push();
    EXPECT_TRUE(modem.to_send.empty());
    EXPECT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
}

// UBSan itself needs descriptors, to look at a vptr.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool can_run_out_of_descriptors = false;
#elif defined(__has_feature)
constexpr bool can_run_out_of_descriptors = !__has_feature(address_sanitizer);
#else
constexpr bool can_run_out_of_descriptors = true;
#endif

TEST_F(Kinds, OutOfDescriptorsTheHostWaitsAndComesInLater) {
    if (!can_run_out_of_descriptors) GTEST_SKIP();
    const auto address = address_of(modem, "tcp:127.0.0.1:0");
    const loop::Fd host(connect_tcp(address));
    ASSERT_TRUE(host);
    rlimit limit{}, none{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    for (int i = 0; i < 10; ++i) loop.poll();
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(modem.attached, 0);
    EXPECT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
}

TEST_F(Kinds, UnixIsItsOwnersAloneAndGoesWithTheChannel) {
    const auto path = address_of(modem, "unix:" + scratch / "s");
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    modem.channel.reset();
    EXPECT_NE(::stat(path.c_str(), &status), 0);
}

TEST_F(Kinds, UnixReplacesADeadSocketButNotALiveOneOrAFile) {
    const auto url = "unix:" + scratch / "s";
    address_of(modem, url);
    EXPECT_EQ(failure_of(url), url + ": cannot listen: another program listens there");
    // A crash leaves the name: a second name for the same socket outlives the channel.
    std::filesystem::create_hard_link(scratch / "s", scratch / "dead");
    modem.channel.reset();
    address_of(modem, "unix:" + scratch / "dead");
    EXPECT_TRUE(loop::Fd(connect_unix(scratch / "dead")));

    std::ofstream(scratch / "file") << "precious";
    const auto file = "unix:" + scratch / "file";
    EXPECT_EQ(failure_of(file), file + ": cannot listen: a file that is no socket is in the way");
    EXPECT_NE(failure_of("unix:"), "");
    EXPECT_NE(failure_of("unix:/" + std::string(200, 'x')), "");
}

// What DTR ends must hear what was said before it.
TEST_F(Kinds, Rfc2217TellsDtrBehindTheDataBeforeIt) {
    using test::TelnetSpeech;
    const Bytes off = TelnetSpeech::asking({"\x05\x09", 2});
    const Bytes on = TelnetSpeech::asking({"\x05\x08", 2});
    const auto address = address_of(modem, "rfc2217:127.0.0.1:0");
    Host host(loop, loop::Fd(connect_tcp(address)), loop::Fd());
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    host.send("payload" + off + on + "AT\r");
    ASSERT_TRUE(loop.run_until([&] { return modem.received == "payloadAT\r"; }, generous));
    EXPECT_EQ(modem.said, "Ab-+b");
    // The modem takes a part; DTR waits for the rest.
    modem.appetite = 3;
    host.send("payload" + off);
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ab-+bk"; }, generous));
    modem.appetite = 100;
    modem.resume();
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ab-+bkb-"; }, generous));
    EXPECT_EQ(modem.received, "payloadAT\rpayload");
    // Where it would wait for ever, the modem takes what is before it.
    host.send(on);
    modem.appetite = 0;
    modem.under_pressure = 100;
    host.send("stuck" + off + on);
    ASSERT_TRUE(loop.run_until([&] { return modem.said == "Ab-+bkb-+k-+"; }, generous));
    EXPECT_EQ(modem.received, "payloadAT\rpayloadstuck");
}

// With AT+IFC=2,2 a client's RTS stops and lets go on what is said to it.
TEST_F(Kinds, Rfc2217ObeysRtsIfTheModemDoes) {
    using test::TelnetSpeech;
    const Bytes off = TelnetSpeech::asking({"\x05\x0C", 2});
    const Bytes on = TelnetSpeech::asking({"\x05\x0B", 2});
    const auto address = address_of(modem, "rfc2217:127.0.0.1:0");
    Host host(loop, loop::Fd(connect_tcp(address)), loop::Fd(), Host::Speech::telnet);
    host.want_read(true);
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    const auto heard = [&](const Bytes& request) {
        host.to_send.append(request);
        host.send("x");
        const auto before = modem.received.size();
        return loop.run_until([&] { return modem.received.size() > before; }, generous);
    };
    ASSERT_TRUE(heard(off));
    modem.to_send.append("free");
    modem.push();
    EXPECT_TRUE(modem.to_send.empty()) << "RTS means nothing without AT+IFC";
    modem.channel->set_flow(2, 2);
    modem.to_send.append("later");
    modem.push();
    EXPECT_EQ(modem.to_send.size(), 5U);
    ASSERT_TRUE(heard(on));
    ASSERT_TRUE(loop.run_until([&] { return host.received == "freelater"; }, generous));
}

TEST_F(Kinds, StdioEndsWhenItsReaderLeaves) {
    int in[2], out[2];
    ASSERT_EQ(::pipe2(in, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
    const loop::Fd keyboard(in[1]);
    loop::Fd screen(out[0]);
    modem.channel = over_descriptors(loop, loop::Fd(in[0]), loop::Fd(out[1]), modem);
    ASSERT_TRUE(loop.run_until([&] { return modem.attached == 1; }, generous));
    screen = loop::Fd();
    modem.to_send.append("x");
    modem.push();
    EXPECT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    modem.push();
    loop.poll();
    EXPECT_EQ(modem.said, "AD");
}

TEST_F(Kinds, StdioStillAnswersAfterTheEndOfInput) {
    int in[2], out[2];
    ASSERT_EQ(::pipe2(in, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
    modem.channel = over_descriptors(loop, loop::Fd(in[0]), loop::Fd(out[1]), modem);
    Host host(loop, loop::Fd(out[0]), loop::Fd());
    ::close(in[1]);
    ASSERT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    modem.to_send.append("OK");
    modem.push();
    host.want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return host.received == "OK"; }, generous));
}

TEST_F(Kinds, StdioReadsAFile) {
    std::ofstream(scratch / "script") << "AT\r";
    loop::Fd script(::open((scratch / "script").c_str(), O_RDONLY | O_CLOEXEC));
    loop::Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    modem.channel = over_descriptors(loop, std::move(script), std::move(nowhere), modem);
    EXPECT_TRUE(loop.run_until([&] { return modem.detached == 1; }, generous));
    EXPECT_EQ(modem.said, "AbD");
}

}  // namespace
}  // namespace atls::link
