// atls run and atls ctl, the real program.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "program.hpp"

namespace atls::app {
namespace {

TEST(Run, SpeaksOnPtyAndTcpAndEndsCleanly) {
    for (const int number : {SIGTERM, SIGINT}) {
        const Scratch scratch;
        const std::string path = scratch / "uart1";
        Program program({"run", "--module", "BG96", "--storage", "memory", "--port", "uart1=pty:" + path, "--port",
                         "usbat=tcp:127.0.0.1:0"});
        EXPECT_EQ(program.out.until("\n"), "uart1 pty:" + path + "\n");
        const std::string second = program.out.until("\n");
        ASSERT_TRUE(second.starts_with("usbat tcp:127.0.0.1:")) << second;
        EXPECT_EQ(program.out.until("\n"), "ready\n");

        Reader terminal(open_terminal(path));
        Reader network(connect_to(second.substr(6, second.size() - 7)));
        for (Reader* host : {&terminal, &network}) {
            write_all(host->fd(), "AT\r");
            EXPECT_EQ(host->until("OK\r\n"), "AT\r\r\nOK\r\n");
            write_all(host->fd(), "AT+GMM\r");
            EXPECT_EQ(host->until("OK\r\n"), "AT+GMM\r\r\nBG96\r\n\r\nOK\r\n");
        }
        program.send_signal(number);
        EXPECT_EQ(program.wait(), 0);
        EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(path)));
    }
}

TEST(Run, StandardInputIsAPortToo) {
    Program program({"run", "--storage", "memory", "--port", "uart1=stdio:", "--log", "off"},
                    "AT+QIACT=1\rAT+QIACT?\rAT+CGMM\r");
    const std::string said = program.out.rest();
    EXPECT_TRUE(said.starts_with("AT+QIACT=1\r\r\nOK\r\nAT+QIACT?\r\r\n+QIACT: 1,1,1,\"10.")) << said;
    EXPECT_TRUE(said.ends_with("\r\nBG96\r\n\r\nOK\r\n")) << said;
    EXPECT_EQ(program.err.rest(), "uart1 stdio:\nready\n");
    EXPECT_EQ(program.wait(), 0);
}

TEST(Run, KeepsFilesWhereItIsTold) {
    const Scratch scratch;
    for (const char* expected : {"+QFUPL: 5,", "+QFLST: \"a.txt\",5"}) {
        const bool first = expected[2] == 'F' && expected[3] == 'U';
        Program program({"run", "--storage", scratch.path(), "--port", "uart1=stdio:"},
                        first ? "AT+QFUPL=\"a.txt\",5\rhello" : "AT+QFLST\r");
        const std::string said = program.out.rest();
        EXPECT_NE(said.find(expected), std::string::npos) << said;
        EXPECT_EQ(program.wait(), 0);
    }
}

TEST(Run, LogsCausesAsJson) {
    Program program({"run", "--storage", "memory", "--port", "uart1=stdio:", "--log-format", "json"},
                    "AT+QIACT=1\rAT+QSSLOPEN=1,1,4,\"127.0.0.1\",1,0\r");
    program.out.rest();
    const std::string log = program.err.rest();
    EXPECT_NE(log.find("\"level\":\"warning\",\"where\":\"socket\""), std::string::npos) << log;
    EXPECT_NE(log.find("connection refused"), std::string::npos) << log;
    EXPECT_EQ(program.wait(), 0);
}

TEST(Run, IdentityClockAndHostsAreSettable) {
    Program program({"run", "--storage", "memory", "--port", "uart1=stdio:", "--imei", "490154203237518", "--clock",
                     "2030-01-02T03:04:05Z", "--hosts", "echo.example=127.0.0.77", "--quirk", "longest_line=64"},
                    "AT+CGSN\rAT+CCLK?\rAT+QIACT=1\rAT+QIDNSGIP=1,\"echo.example\"\rAT" + std::string(80, '0') + "\r");
    const std::string said = program.out.rest();
    EXPECT_NE(said.find("490154203237518"), std::string::npos) << said;
    EXPECT_NE(said.find("+CCLK: \"30/01/02,03:04:"), std::string::npos) << said;
    EXPECT_NE(said.find("ERROR"), std::string::npos) << said;
    EXPECT_EQ(program.wait(), 0);
}

TEST(Run, TakesAConfigurationFile) {
    const Scratch scratch;
    std::ofstream(scratch / "a.toml") << "module = \"BG96\"\nstorage = \"memory\"\nlog = \"off\"\n"
                                         "[port]\nuart1 = \"stdio:\"\n";
    Program program({"run", "--config", scratch / "a.toml"}, "AT\r");
    EXPECT_EQ(program.out.rest(), "AT\r\r\nOK\r\n");
    EXPECT_EQ(program.wait(), 0);
}

/// A program with one TCP port, ready, and where that is.
struct Served {
    explicit Served(std::vector<std::string> more = {}) : program(with(std::move(more))) {
        const std::string line = program.out.until("\n");
        url = line.substr(line.find(' ') + 1, line.size() - line.find(' ') - 2);
        program.out.until("ready\n");
    }
    static std::vector<std::string> with(std::vector<std::string> more) {
        more.insert(more.begin(), {"run", "--storage", "memory", "--log", "off", "--port", "uart1=tcp:127.0.0.1:0"});
        return more;
    }
    Program program;
    std::string url;
};

TEST(Run, AHostThatDoesNotReadLosesNothingAndBlocksNobody) {
    const Scratch scratch;
    const std::string path = scratch / "usbat";
    Served served({"--port", "usbat=pty:" + path});
    Reader slow(connect_to(served.url));
    // Far more answers than the modem, the kernel and the socket hold together; the sender blocks until they are read.
    constexpr std::size_t commands = 200'000;
    std::string lines = "ATE0\r";
    for (std::size_t i = 0; i < commands; ++i) lines += "ATI\r";
    std::thread sender([&] { write_all(slow.fd(), lines); });

    Reader other(open_terminal(path));
    for (int i = 0; i < 20; ++i) {
        write_all(other.fd(), "AT\r");
        EXPECT_EQ(other.until("OK\r\n"), "AT\r\r\nOK\r\n");
    }
    EXPECT_EQ(slow.until("OK\r\n"), "ATE0\r\r\nOK\r\n");
    const std::string answer = slow.until("OK\r\n");
    EXPECT_TRUE(answer.starts_with("\r\nQuectel\r\nBG96\r\n")) << answer;
    for (std::size_t i = 1; i < commands; ++i) ASSERT_EQ(slow.until("OK\r\n"), answer) << i;
    sender.join();
    served.program.send_signal(SIGTERM);
    EXPECT_EQ(served.program.wait(), 0);
}

TEST(Run, AHostMayComeBack) {
    const Scratch scratch;
    const std::string path = scratch / "uart1";
    Program program({"run", "--storage", "memory", "--port", "uart1=pty:" + path});
    program.out.until("ready\n");
    for (int i = 0; i < 3; ++i) {
        Reader host(open_terminal(path));
        write_all(host.fd(), "AT\r");
        EXPECT_EQ(host.until("OK\r\n"), "AT\r\r\nOK\r\n");
        // What is begun goes with the host.
        write_all(host.fd(), "AT+Q");
        EXPECT_EQ(host.until("AT+Q"), "AT+Q");
    }
}

TEST(Run, ALinkLeftByADeadProgramIsTakenOver) {
    const Scratch scratch;
    const std::string path = scratch / "uart1";
    const std::vector<std::string> arguments{
        "run", "--storage", "memory", "--port", "uart1=pty:" + path, "--control", "unix:" + (scratch / "control")};
    Program first(arguments);
    first.out.until("ready\n");
    first.send_signal(SIGKILL);
    EXPECT_EQ(first.wait(), 256 + SIGKILL);
    Program second(arguments);
    EXPECT_EQ(second.out.until("ready\n"), "uart1 pty:" + path + "\nready\n");
    second.send_signal(SIGTERM);
    EXPECT_EQ(second.wait(), 0);
}

TEST(Run, ALinkInUseIsRefused) {
    const Scratch scratch;
    const std::string path = scratch / "m";
    const std::string taken = "atls: --port usbat: pty:" + path + ": in use by another port or program\n";
    Program both({"run", "--storage", "memory", "--port", "uart1=pty:" + path, "--port", "usbat=pty:" + path});
    EXPECT_EQ(both.wait(), 2);
    EXPECT_EQ(both.err.rest(), taken);
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(path)));

    Program first({"run", "--storage", "memory", "--port", "uart1=pty:" + path});
    first.out.until("ready\n");
    const auto target = std::filesystem::read_symlink(path);
    Program second({"run", "--storage", "memory", "--port", "usbat=pty:" + path});
    EXPECT_EQ(second.wait(), 2);
    EXPECT_EQ(second.err.rest(), taken);
    EXPECT_EQ(std::filesystem::read_symlink(path), target);
    Reader host(open_terminal(path));
    write_all(host.fd(), "AT\r");
    EXPECT_EQ(host.until("OK\r\n"), "AT\r\r\nOK\r\n");
}

TEST(Run, TheFirstHostMaySeeTheModuleBoot) {
    Served served({"--quirk", "boot_urcs_at_start=1"});
    Reader host(connect_to(served.url));
    EXPECT_EQ(host.until("RDY\r\n"), "\r\nRDY\r\n");
    Served quiet;
    Reader other(connect_to(quiet.url));
    write_all(other.fd(), "AT\r");
    EXPECT_EQ(other.until("OK\r\n"), "AT\r\r\nOK\r\n");
}

TEST(Run, SaysWhyItCannotStart) {
    const Scratch scratch;
    std::ofstream(scratch / "bad.toml") << "module = \"BG96\"\nmodul = 1\n";
    std::ofstream(scratch / "file") << "in the way";
    const std::string pty = "uart1=pty:" + (scratch / "p");
    const std::pair<std::vector<std::string>, std::string> table[] = {
        {{}, "no command; atls --help lists them"},
        {{"fly"}, "not expected: fly"},
        {{"run"}, "no port: give at least one --port NAME=URL"},
        {{"run", "--nonsense"}, "--nonsense"},
        {{"run", "--module", "BG97", "--port", pty}, "no module \"BG97\"; there are BG96"},
        {{"run", "--port", "com1=pty:/x"}, "has no port \"com1\"; it has uart1, usbat, usbmodem"},
        {{"run", "--port", "uart1"}, "\"uart1\" is not NAME=URL"},
        {{"run", "--port", pty, "--port", pty}, "uart1 is given twice"},
        {{"run", "--port", "uart1=smoke:signal"}, "smoke:signal: unknown kind of link"},
        {{"run", "--port", "uart1=pty:" + (scratch / "file")}, "--port uart1: pty:" + (scratch / "file")},
        {{"run", "--port", "uart1=tcp:1.2.3.4:1"}, "--port uart1: tcp:1.2.3.4:1: "},
        {{"run", "--port", pty, "--seed", "many"}, "--seed: \"many\" is not a number of 0 or more"},
        {{"run", "--port", pty, "--seed", "-1"}, "--seed: \"-1\" is not a number of 0 or more"},
        {{"run", "--port", pty, "--seed", "18446744073709551616"}, "--seed"},
        {{"run", "--port", pty, "--clock", "noon"}, "--clock: \"noon\""},
        {{"run", "--port", pty, "--hosts", "a"}, "\"a\" is not NAME=ADDRESS"},
        {{"run", "--port", pty, "--hosts", "a=b"}, "a=b is not a numeric address"},
        {{"run", "--port", pty, "--log", "loud"}, "--log: \"loud\""},
        {{"run", "--port", pty, "--log-format", "xml"}, "--log-format: \"xml\""},
        {{"run", "--port", pty, "--quirk", "odd=1"}, "no quirk \"odd\"; there are longest_line"},
        {{"run", "--port", pty, "--imei", "1"}, "--imei: \"1\""},
        {{"run", "--port", pty, "--keylog", "/nonexistent/keys"}, "--keylog: /nonexistent/keys: no such file"},
        {{"run", "--port", pty, "--storage", scratch / "file"}, "--storage: "},
        {{"run", "--port", pty, "--control", "unix:/nonexistent/c"}, "--control: /nonexistent/c: "},
        {{"run", "--config", "/nonexistent.toml"}, "/nonexistent.toml: cannot be read: no such file"},
        {{"run", "--config", scratch / "bad.toml"}, "bad.toml:2:1: unknown key \"modul\"; there are"},
        {{"suites", "BG97"}, "no module \"BG97\"; there are BG96"},
        {{"suites"}, "MODULE is required"},
        {{"ctl", "status"}, "no modem runs here"},
        {{"ctl", "--socket", "/nonexistent", "status"}, "no modem at /nonexistent: no such file"},
        {{"ctl", "--modem", "a/b", "status"}, "--modem: \"a/b\""},
    };
    for (const auto& [arguments, reason] : table) {
        std::string command = "atls";
        for (const std::string& word : arguments) command += " " + word;
        Program program(arguments);
        EXPECT_EQ(program.wait(), 2) << command;
        const std::string said = program.err.rest();
        EXPECT_TRUE(said.starts_with("atls: ")) << command << "\n" << said;
        EXPECT_NE(said.find(reason), std::string::npos) << command << "\n" << said;
        EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << command << "\n" << said;
        EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(scratch / "p"))) << command;
    }
}

TEST(Run, ATakenTcpPortIsNamed) {
    Program first({"run", "--storage", "memory", "--port", "uart1=tcp:127.0.0.1:0"});
    const std::string line = first.out.until("\n");
    const std::string url = line.substr(6, line.size() - 7);
    Program second({"run", "--storage", "memory", "--port", "uart1=" + url});
    EXPECT_EQ(second.wait(), 2);
    EXPECT_NE(second.err.rest().find("--port uart1: " + url + ": cannot listen: address already in use"),
              std::string::npos);
}

TEST(Ctl, ReachesARunningModem) {
    Program modem({"run", "--storage", "memory", "--port", "uart1=tcp:127.0.0.1:0", "--control",
                   "unix:/tmp/atls-ctl-test-" + std::to_string(::getpid())});
    const std::string line = modem.out.until("\n");
    modem.out.until("ready\n");
    const std::string place = "/tmp/atls-ctl-test-" + std::to_string(::getpid());

    Program status({"ctl", "--socket", place, "status"});
    EXPECT_TRUE(status.out.rest().starts_with("module BG96"));
    EXPECT_EQ(status.wait(), 0);

    Program refused({"ctl", "--socket", "unix:" + place, "clock", "noon", "-8"});
    EXPECT_EQ(refused.err.rest(), "atls: \"noon\" is not a time such as 2026-11-21T08:00:00Z\n");
    EXPECT_EQ(refused.wait(), 1);

    Reader host(connect_to(line.substr(6, line.size() - 7)));
    write_all(host.fd(), "AT+CREG=1\r");
    host.until("OK\r\n");
    Program lost({"ctl", "--socket", place, "network", "searching"});
    EXPECT_EQ(lost.wait(), 0);
    EXPECT_EQ(host.until("+CREG: 2\r\n"), "\r\n+CREG: 2\r\n");
    modem.send_signal(SIGTERM);
    EXPECT_EQ(modem.wait(), 0);
    EXPECT_FALSE(std::filesystem::exists(place));
}

TEST(Listings, ShowWhatThereIs) {
    Program version({"--version"});
    EXPECT_EQ(version.out.rest(), "atls 0.1.0\n");
    EXPECT_EQ(version.wait(), 0);
    Program modules({"modules"});
    EXPECT_TRUE(modules.out.rest().starts_with("BG96 "));
    Program suites({"suites", "bg96"});
    EXPECT_TRUE(suites.out.rest().starts_with("0XC02F  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    Program commands({"commands", "BG96"});
    EXPECT_NE(commands.out.rest().find("+QSSLOPEN"), std::string::npos);
    Program document({"commands", "BG96", "--markdown"});
    EXPECT_NE(document.out.rest().find("| "), std::string::npos);
}

}  // namespace
}  // namespace atls::app
