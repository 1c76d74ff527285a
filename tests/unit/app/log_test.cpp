#include "app/log.hpp"

#include <gtest/gtest.h>

namespace atls::app {
namespace {

struct Lines {
    std::string text;
    std::function<void(std::string_view)> sink() {
        return [this](std::string_view line) { text += line; };
    }
};

/// Without the time, which is the host's.
std::string after_time(const std::string& line) { return line.substr(line.find('Z') + 1); }

TEST(Log, WritesTextLines) {
    Lines lines;
    const auto log = make_log({Level::info, LogFormat::text}, lines.sink());
    log->write(Level::warning, "tls", "certificate expired 2024-01-02 (CN=%v {} x)", {{"cause", "expired"}});
    EXPECT_EQ(after_time(lines.text), " warning tls: certificate expired 2024-01-02 (CN=%v {} x)\n");
    EXPECT_EQ(lines.text.size() - after_time(lines.text).size(), std::string_view("2026-11-21T08:00:00.000Z").size());
}

TEST(Log, KeepsAPeersTextOnItsLine) {
    Lines lines;
    const auto log = make_log({Level::info, LogFormat::text}, lines.sink());
    log->write(Level::info, "tls", "CN=a\nb\x1B[2J", {});
    EXPECT_EQ(after_time(lines.text), " info tls: CN=a\\x0Ab\\x1B[2J\n");
}

TEST(Log, WritesJsonLines) {
    Lines lines;
    const auto log = make_log({Level::info, LogFormat::json}, lines.sink());
    log->write(Level::error, "socket", "refused\n%l", {{"socket", "4"}, {"cause", "\"x\""}});
    EXPECT_TRUE(lines.text.starts_with("{\"time\":\"2"));
    EXPECT_EQ(after_time(lines.text),
              "\",\"level\":\"error\",\"where\":\"socket\",\"text\":\"refused\\n%l\","
              "\"fields\":{\"socket\":\"4\",\"cause\":\"\\\"x\\\"\"}}\n");
}

TEST(Log, ObeysItsLevel) {
    Lines lines;
    const auto log = make_log({Level::warning, LogFormat::text}, lines.sink());
    EXPECT_FALSE(log->enabled(Level::info));
    EXPECT_TRUE(log->enabled(Level::error));
    log->write(Level::info, "at", "no", {});
    EXPECT_EQ(lines.text, "");
    const auto off = make_log({std::nullopt, LogFormat::text}, lines.sink());
    off->write(Level::error, "at", "no", {});
    EXPECT_FALSE(off->enabled(Level::error));
    EXPECT_EQ(lines.text, "");
}

TEST(Log, KnowsItsLevels) {
    EXPECT_EQ(level_named("trace"), Level::trace);
    EXPECT_EQ(level_named("error"), Level::error);
    EXPECT_FALSE(level_named("Warning"));
    EXPECT_FALSE(level_named(""));
}

}  // namespace
}  // namespace atls::app
