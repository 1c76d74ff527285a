#include "app/settings.hpp"

#include <gtest/gtest.h>

#include "control/moment.hpp"

namespace atls::app {
namespace {

Environment around() {
    return {"/home/x/.local/share", "/run/user/1", control::parse_moment("2026-11-21T08:00:00Z")->utc, 4};
}

Settings settled(const Options& options) {
    const auto settings = settle(options, around());
    EXPECT_TRUE(settings) << (settings ? "" : settings.error().text);
    return settings ? *settings : Settings{};
}

std::string failure_of(const Options& options) {
    const auto settings = settle(options, around());
    return settings ? "none" : settings.error().text;
}

TEST(Settings, HaveDefaults) {
    const Settings settings = settled({});
    EXPECT_EQ(settings.dialect->name, "BG96");
    EXPECT_EQ(settings.storage, "/home/x/.local/share/atls/BG96");
    EXPECT_EQ(settings.utc, around().now);
    EXPECT_EQ(settings.zone_quarters, 4);
    EXPECT_EQ(settings.identity.imei.size(), 15U);
    EXPECT_EQ(settings.control.path, "/run/user/1/atls/BG96");
    EXPECT_FALSE(settings.control.demanded);
    EXPECT_EQ(settings.log.least, Level::info);
}

TEST(Settings, TakeWhatIsGiven) {
    Options options;
    options.module = "bg96";
    options.storage = "memory";
    options.seed = 2;
    options.clock = "2030-01-01T00:00:00+02:00";
    options.log = "off";
    options.log_format = "json";
    options.control = "unix:/tmp/c";
    options.imei = "49015420323751";
    options.ports = {{"uart1", "pty:"}};
    options.hosts = {{"Echo.Example", "127.0.0.1"}, {"echo.example", "::1"}};
    options.quirks = {{"longest_line", "100"}};
    const Settings settings = settled(options);
    EXPECT_EQ(settings.storage, "");
    EXPECT_EQ(control::words_of(*settings.utc), "2029-12-31T22:00:00Z");
    EXPECT_EQ(settings.zone_quarters, 8);
    EXPECT_FALSE(settings.log.least);
    EXPECT_EQ(settings.log.format, LogFormat::json);
    EXPECT_EQ(settings.control.path, "/tmp/c");
    EXPECT_TRUE(settings.control.demanded);
    EXPECT_EQ(settings.identity.imei, "490154203237518");
    EXPECT_EQ(settings.hosts.at("echo.example"), (std::vector<std::string>{"127.0.0.1", "::1"}));
    EXPECT_EQ(settings.quirks.longest_line, 100);
    EXPECT_FALSE(settings.psk);
    EXPECT_NE(settings.identity.imsi, settled({}).identity.imsi);

    options.clock = "unset";
    EXPECT_FALSE(settled(options).utc);
}

TEST(Settings, SayWhatIsWrong) {
    const auto with = [](auto Options::*member, auto value) {
        Options options;
        options.*member = value;
        return failure_of(options);
    };
    using Text = std::string;
    using Pairs = std::vector<NameValue>;
    EXPECT_TRUE(with(&Options::module, Text("BG97")).starts_with("no module \"BG97\"; there are BG96"));
    EXPECT_EQ(with(&Options::storage, Text("")), "--storage: a directory or memory");
    EXPECT_EQ(with(&Options::clock, Text("noon")),
              "--clock: \"noon\" is not host, unset or a time such as 2026-11-21T08:00:00Z");
    EXPECT_EQ(with(&Options::log, Text("loud")), "--log: \"loud\" is not trace, debug, info, warning, error or off");
    EXPECT_EQ(with(&Options::log_format, Text("xml")), "--log-format: \"xml\" is not text or json");
    EXPECT_EQ(with(&Options::control, Text("a/b")), "--control: \"a/b\" is neither unix:PATH nor a plain name");
    EXPECT_EQ(with(&Options::control, Text("unix:")), "--control: no path after unix:");
    EXPECT_EQ(with(&Options::imei, Text("123")), "--imei: \"123\" is not 15 digits");
    EXPECT_EQ(with(&Options::imei, Text("490154203237519")),
              "--imei: the last digit of 490154203237519 must be 8, the check digit of the others");
    EXPECT_EQ(with(&Options::imsi, Text("12345678901234x")), "--imsi: \"12345678901234x\" is not 15 digits");
    EXPECT_EQ(with(&Options::iccid, Text("8900")), "--iccid: \"8900\" is not 20 digits");
    EXPECT_TRUE(
        with(&Options::ports, Pairs{{"com1", "pty:"}}).starts_with("--port: BG96 has no port \"com1\"; it has uart1"));
    EXPECT_EQ(with(&Options::ports, Pairs{{"uart1", "pty:"}, {"uart1", "pty:"}}), "--port: uart1 is given twice");
    EXPECT_EQ(with(&Options::hosts, Pairs{{"a", "b"}}), "--hosts: a=b is not a numeric address");
    EXPECT_TRUE(
        with(&Options::quirks, Pairs{{"odd", "1"}}).starts_with("--quirk: no quirk \"odd\"; there are longest_line"));
    EXPECT_EQ(with(&Options::quirks, Pairs{{"longest_line", "x"}}),
              "--quirk: longest_line=x is not a number of 0 or more");
}

TEST(Settings, PreSharedKeyAndSleep) {
    Options options;
    options.module = "BC66";
    options.psk = "with:colon:00fF10";
    options.sleep_after = "30";
    const Settings settings = settled(options);
    ASSERT_TRUE(settings.psk);
    EXPECT_EQ(settings.psk->identity, "with:colon");
    EXPECT_EQ(to_hex(settings.psk->key), "00FF10");
    EXPECT_EQ(settings.sleep_after, std::chrono::seconds(30));
    const auto with_psk = [](const char* module, const char* psk) {
        Options one;
        one.module = module;
        one.psk = psk;
        return failure_of(one);
    };
    EXPECT_EQ(with_psk("EC200M-CN", "a:00"), "--psk: EC200M-CN has no PSK suite");
    EXPECT_EQ(with_psk("BC66", "a"), "--psk: not IDENTITY:HEXKEY");
    EXPECT_EQ(with_psk("BC66", ":00"), "--psk: not IDENTITY:HEXKEY");
    EXPECT_EQ(with_psk("BC66", "a:0"), "--psk: what stands behind the last colon is no key in hexadecimal");
    EXPECT_EQ(with_psk("BC66", "a:"), "--psk: what stands behind the last colon is no key in hexadecimal");
    Options slow;
    slow.module = "BC66";
    EXPECT_FALSE(settled(slow).pace);
    slow.pace = "on";
    EXPECT_TRUE(settled(slow).pace);
    slow.pace = "9600";
    EXPECT_EQ(failure_of(slow), "--pace: \"9600\" is neither on nor off");
    Options roomy;
    EXPECT_FALSE(settled(roomy).flash);
    roomy.flash = "200000000";
    EXPECT_EQ(settled(roomy).flash, 200'000'000U);
    for (const char* const bad : {"", "big", "-1", "1e9", "9999999999999999"}) {
        roomy.flash = bad;
        EXPECT_EQ(failure_of(roomy), "--flash: \"" + std::string(bad) + "\" is not a number of octets");
    }
    Options soon;
    soon.sleep_after = "soon";
    EXPECT_EQ(failure_of(soon), "--sleep-after: \"soon\" is not a number of seconds");
}

}  // namespace
}  // namespace atls::app
