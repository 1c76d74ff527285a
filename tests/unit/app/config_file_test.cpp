#include "app/config_file.hpp"

#include <gtest/gtest.h>

namespace atls::app {
namespace {

std::string failure_of(const std::string& text) {
    const auto parsed = parse_config(text, "a.toml");
    return parsed ? "none" : parsed.error().text;
}

TEST(ConfigFile, MirrorsTheFlags) {
    const auto parsed = parse_config(R"(
module = "BG96"
storage = "memory"
seed = 7
clock = "unset"
keylog = "/tmp/keys"
log = "debug"
log-format = "json"
control = "unix:/tmp/x"
imei = "490154203237518"
imsi = "001010123456789"
iccid = "89000000000000000000"
psk = "me:00ff"
sleep-after = "30"
pace = "on"
flash = "1000"
nvram-key = "env:ATLS_KEY"

[port]
uart1 = "pty:/tmp/a"
usbat = "tcp:127.0.0.1:0"

[hosts]
"echo.example" = "127.0.0.1"

[quirk]
longest_line = 512
)",
                                     "a.toml");
    ASSERT_TRUE(parsed) << parsed.error().text;
    const Options& options = *parsed;
    EXPECT_EQ(options.seed, 7U);
    EXPECT_EQ(options.ports.size(), 2U);
    EXPECT_EQ(options.hosts.at(0).name, "echo.example");
    EXPECT_EQ(options.quirks.at(0).value, "512");
    for (const TextOption& option : text_options) EXPECT_TRUE(options.*option.value) << option.name;
    EXPECT_EQ(options.log_format, "json");
}

TEST(ConfigFile, SaysWhereItIsWrong) {
    EXPECT_TRUE(failure_of("seed = \n").starts_with("a.toml:1:")) << failure_of("seed = \n");
    EXPECT_TRUE(failure_of("module = \"BG96\"\nmodul = \"x\"\n")
                    .starts_with("a.toml:2:1: unknown key \"modul\"; there are seed, module, storage"))
        << failure_of("module = \"BG96\"\nmodul = \"x\"\n");
    EXPECT_EQ(failure_of("seed = \"x\""), "a.toml:1:8: seed must be a number of 0 or more");
    EXPECT_EQ(failure_of("seed = -1"), "a.toml:1:8: seed must be a number of 0 or more");
    EXPECT_EQ(failure_of("module = 1"), "a.toml:1:10: module must be a string");
    EXPECT_EQ(failure_of("port = \"uart1=pty:\""), "a.toml:1:8: port must be a table");
    EXPECT_EQ(failure_of("[quirk]\nlongest_line = 1.5"), "a.toml:2:16: longest_line must be a string or a number");
}

TEST(ConfigFile, MustBeReadable) {
    const auto none = read_config("/nonexistent/a.toml");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().text, "/nonexistent/a.toml: cannot be read: no such file or directory");
    const auto directory = read_config("/tmp");
    ASSERT_FALSE(directory);
    EXPECT_EQ(directory.error().text, "/tmp: cannot be read: is a directory");
}

TEST(Options, FlagsLieOverTheFile) {
    Options flags;
    flags.module = "BG96";
    flags.ports = {{"uart1", "pty:/a"}};
    Options file;
    file.module = "M66";
    file.seed = 3;
    file.ports = {{"uart1", "pty:/b"}, {"usbat", "pty:/c"}};
    const Options both = overlay(flags, file);
    EXPECT_EQ(both.module, "BG96");
    EXPECT_EQ(both.seed, 3U);
    ASSERT_EQ(both.ports.size(), 2U);
    EXPECT_EQ(both.ports[0].value, "pty:/a");
    EXPECT_EQ(both.ports[1].value, "pty:/c");
}

}  // namespace
}  // namespace atls::app
