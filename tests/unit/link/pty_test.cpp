#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

#include <cstring>
#include <fstream>

#include "link/kinds.hpp"
#include "link/serial.hpp"
#include "unit/link/bench.hpp"

namespace atls::link {
namespace {

class Pty : public testing::Test {
protected:
    void open_modem() {
        auto opened = open(loop, "pty:" + path, modem);
        ASSERT_TRUE(opened.ok()) << opened.error().text;
        modem.channel = std::move(*opened);
    }
    loop::Fd open_host() const { return loop::Fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)); }
    bool until_said(const std::string& text) {
        return loop.run_until([&] { return modem.said == text; }, generous);
    }
    static std::string target_of(const std::string& link) { return std::filesystem::read_symlink(link).string(); }

    Scratch scratch;
    std::string path = scratch / "ttyModem";
    loop::Loop loop;
    Modem modem;
};

TEST_F(Pty, IsARawTerminalUnderItsNameUntilDestroyed) {
    open_modem();
    EXPECT_EQ(modem.channel->url(), "pty:" + path);
    EXPECT_TRUE(target_of(path).starts_with("/dev/pts/"));
    const auto host = open_host();
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    EXPECT_EQ(mode.c_lflag & static_cast<tcflag_t>(ICANON | ECHO | ISIG), 0U);
    EXPECT_EQ(mode.c_oflag & static_cast<tcflag_t>(OPOST), 0U);
    modem.channel.reset();
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(path)));
}

TEST_F(Pty, WithoutAPathIsItsDevice) {
    auto opened = open(loop, "pty:", modem);
    ASSERT_TRUE(opened.ok());
    EXPECT_TRUE((*opened)->url().starts_with("pty:/dev/pts/"));
}

TEST_F(Pty, ReplacesAStaleLinkAndADanglingOne) {
    std::filesystem::create_symlink("/dev/pts/99999", path);
    open_modem();
    EXPECT_NE(target_of(path), "/dev/pts/99999");
    modem.channel.reset();
    std::filesystem::create_symlink(scratch / "nothing", path);
    open_modem();
    EXPECT_TRUE(target_of(path).starts_with("/dev/pts/"));
}

TEST_F(Pty, ReplacesNothingElse) {
    std::ofstream(path) << "precious";
    auto opened = open(loop, "pty:" + path, modem);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().text,
              "pty:" + path + ": cannot create link: a file that is no link to a pty is in the way");
    std::filesystem::rename(path, scratch / "file");
    std::filesystem::create_symlink(scratch / "file", path);
    EXPECT_FALSE(open(loop, "pty:" + path, modem).ok());
    EXPECT_EQ(target_of(path), scratch / "file");
}

TEST_F(Pty, SaysWhyTheLinkCannotBe) {
    auto opened = open(loop, "pty:/no/such/folder/x", modem);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().text, "pty:/no/such/folder/x: cannot create link: no such file or directory");
}

TEST_F(Pty, LeavesALinkThatIsNoLongerItsOwn) {
    open_modem();
    std::filesystem::remove(path);
    std::filesystem::create_symlink("/dev/pts/99999", path);
    modem.channel.reset();
    EXPECT_EQ(target_of(path), "/dev/pts/99999");
}

TEST_F(Pty, ANameInUseIsRefusedHoweverItIsWritten) {
    open_modem();
    const auto target = target_of(path);
    std::filesystem::create_directory(scratch / "inner");
    std::filesystem::create_directory_symlink(".", scratch / "same");
    for (const std::string& written : {path, scratch / "inner/../ttyModem", scratch / "same/ttyModem"}) {
        Modem second;
        auto opened = open(loop, "pty:" + written, second);
        ASSERT_FALSE(opened.ok()) << written;
        EXPECT_EQ(opened.error().text, "pty:" + written + ": in use by another port or program");
        EXPECT_EQ(target_of(path), target);
    }
    Modem neighbour;
    EXPECT_TRUE(open(loop, "pty:" + (scratch / "inner/ttyModem"), neighbour).ok()) << "the name in another folder";
    modem.channel.reset();
    EXPECT_TRUE(open(loop, "pty:" + path, modem).ok());
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(scratch / "")) left.push_back(entry.path().filename());
    EXPECT_THAT(left, testing::UnorderedElementsAre("inner", "same"));
}

TEST_F(Pty, LetsGoOfANameThatItCouldNotTake) {
    std::ofstream(path) << "precious";
    EXPECT_FALSE(open(loop, "pty:" + path, modem).ok());
    std::filesystem::remove(path);
    open_modem();
}

TEST_F(Pty, TellsB0AsDtrOffAndAnyRateAsOn) {
    open_modem();
    const auto host = open_host();
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    ASSERT_TRUE(until_said("A"));
    ::cfsetspeed(&mode, B0);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    EXPECT_TRUE(until_said("A-"));
    ::cfsetspeed(&mode, B9600);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    EXPECT_TRUE(until_said("A-+"));
    ::cfsetspeed(&mode, B115200);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    ASSERT_EQ(::write(host.get(), "AT\r", 3), 3);
    EXPECT_TRUE(until_said("A-+b"));
}

TEST_F(Pty, HearsAHostThatFillsItsTermiosAnew) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    termios mode{};
    mode.c_cflag = CS8 | CREAD | CLOCAL;
    mode.c_cc[VMIN] = 1;
    for (const char* expected : {"A-", "A-+", "A-+-", "A-+-+"}) {
        ::cfsetspeed(&mode, modem.said.back() == '-' ? B57600 : B0);
        ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
        ASSERT_TRUE(until_said(expected)) << expected;
    }
}

TEST_F(Pty, ANewHostFindsDtrAsItsTerminalHasIt) {
    open_modem();
    auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    ::cfsetspeed(&mode, B0);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    ASSERT_TRUE(until_said("A-"));
    host = loop::Fd();
    ASSERT_TRUE(until_said("A-D"));
    host = open_host();
    EXPECT_TRUE(until_said("A-DA-"));
}

TEST_F(Pty, IsAttachedAsLongAsAnybodyHasItOpen) {
    open_modem();
    auto first = open_host();
    auto second = open_host();
    ASSERT_TRUE(until_said("A"));
    first = loop::Fd();
    ASSERT_EQ(::write(second.get(), "x", 1), 1);
    EXPECT_TRUE(until_said("Ab"));
    second = loop::Fd();
    EXPECT_TRUE(until_said("AbD"));
}

TEST_F(Pty, AFlushByTheHostIsNotData) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    modem.to_send.append("lost");
    modem.push();
    ASSERT_EQ(::tcflush(host.get(), TCIOFLUSH), 0);
    ASSERT_EQ(::write(host.get(), "AT\r", 3), 3);
    EXPECT_TRUE(loop.run_until([&] { return modem.received == "AT\r"; }, generous));
}

TEST_F(Pty, ABulkIsOfferedAsOneAndWhole) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    const Bytes sent = random_octets(8000, 1);
    ASSERT_EQ(::write(host.get(), sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
    ASSERT_TRUE(loop.run_until([&] { return modem.received.size() >= sent.size(); }, generous));
    EXPECT_EQ(modem.said, "Ab") << "although one read gives half of it";
    EXPECT_TRUE(modem.received == sent);
}

TEST_F(Pty, DtrIsHeardAmidABulkThatIsRefusedAtTimes) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    Bytes sent;
    modem.appetite = 3000;
    for (int round = 0; round < 40; ++round) {
        const Bytes piece = random_octets(4000, static_cast<std::uint64_t>(round));
        for (std::size_t at = 0; at < piece.size();) {
            const auto count = ::write(host.get(), piece.data() + at, piece.size() - at);
            if (count > 0) at += static_cast<std::size_t>(count);
            modem.resume();
            loop.poll();
        }
        sent += piece;
        ::cfsetspeed(&mode, round % 2 == 0 ? B0 : B9600);
        ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
        const char expected = round % 2 == 0 ? '-' : '+';
        const auto told = [&] {
            modem.resume();
            return modem.said.find_last_of("-+") != Bytes::npos &&
                   modem.said[modem.said.find_last_of("-+")] == expected && modem.received.size() == sent.size();
        };
        ASSERT_TRUE(loop.run_until(told, generous)) << "round " << round;
    }
    EXPECT_TRUE(modem.received == sent);
}

// A peer that reads nothing keeps a host from sending, not from hanging up.
TEST_F(Pty, ADropGetsThroughToAModemThatTakesNothing) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    modem.appetite = 0;
    modem.under_pressure = 100;
    ASSERT_EQ(::write(host.get(), "stuck", 5), 5);
    ASSERT_TRUE(until_said("Ak"));
    ASSERT_EQ(::write(host.get(), "more", 4), 4);
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    ::cfsetspeed(&mode, B0);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    ASSERT_TRUE(until_said("Akk-"));
    EXPECT_EQ(modem.received, "stuckmore");
}

// What the new host sets is not heard before the old one's octets are taken: nothing may turn round meanwhile.
TEST_F(Pty, ANewHostsSettingsWaitInPeace) {
    open_modem();
    auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    modem.appetite = 1;
    ASSERT_EQ(::write(host.get(), "old", 3), 3);
    ASSERT_TRUE(until_said("Ak"));
    host = loop::Fd();
    host = open_host();
    termios mode{};
    ASSERT_EQ(::tcgetattr(host.get(), &mode), 0);
    ::cfsetspeed(&mode, B9600);
    ASSERT_EQ(::tcsetattr(host.get(), TCSANOW, &mode), 0);
    int turns = 0;
    EXPECT_FALSE(loop.run_until([&] { return ++turns > 100; }, std::chrono::milliseconds(300)));
    modem.appetite = 100;
    modem.resume();
    EXPECT_TRUE(loop.run_until([&] { return modem.attached == 2; }, generous));
    EXPECT_TRUE(loop.run_until([&] { return !modem.rates.empty() && modem.rates.back() == 9600; }, generous));
}

// 14400 has no name in the C library.
TEST_F(Pty, AnyRateIsToldAsANumber) {
    open_modem();
    const auto host = open_host();
    ASSERT_TRUE(until_said("A"));
    ASSERT_EQ(std::system(("stty -F " + path + " 57600").c_str()), 0);
    ASSERT_TRUE(loop.run_until([&] { return !modem.rates.empty() && modem.rates.back() == 57600; }, generous));
    auto driver = open_serial(path);
    ASSERT_TRUE(driver.ok()) << driver.error().text;
    SerialMode mode;
    mode.rate = 14400;
    ASSERT_TRUE((*driver)->set_mode(mode).ok());
    ASSERT_TRUE(loop.run_until([&] { return modem.rates.back() == 14400; }, generous));
}

TEST_F(Pty, ManyQuickVisitsLeaveItSound) {
    open_modem();
    for (int i = 1; i <= 20; ++i) {
        auto host = open_host();
        ASSERT_TRUE(host);
        host = loop::Fd();
    }
    ASSERT_TRUE(loop.run_until([&] { return modem.detached == modem.attached && modem.detached > 0; }, generous));
    const auto host = open_host();
    const int before = modem.attached;
    EXPECT_TRUE(loop.run_until([&] { return modem.attached == before + 1; }, generous));
}

TEST_F(Pty, ManyShareOneInotifyInstance) {
    std::vector<std::unique_ptr<Modem>> modems;
    for (int i = 0; i < 200; ++i) {
        auto& one = *modems.emplace_back(std::make_unique<Modem>());
        auto opened = open(loop, "pty:" + scratch / ("m" + std::to_string(i)).c_str(), one);
        ASSERT_TRUE(opened.ok()) << i << " " << opened.error().text;
        one.channel = std::move(*opened);
    }
    const auto host = loop::Fd(::open((scratch / "m117").c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_TRUE(loop.run_until([&] { return modems[117]->attached == 1; }, generous));
    EXPECT_EQ(modems[116]->attached, 0);
}

}  // namespace
}  // namespace atls::link
