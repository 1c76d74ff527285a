// Plays a transcript against a modem in a World. Strict: when the host acts again, every octet it got has been
// accounted for.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "support/transcript.hpp"
#include "support/transcript_text.hpp"
#include "support/world.hpp"

namespace atls::test {

struct Played {
    std::string failure;         ///< empty: as the transcript says. Else file:line, expected, got, and the log
    std::set<std::string> used;  ///< names of catalogue entries

    [[nodiscard]] bool good() const { return failure.empty(); }
};

Played play(const Transcript& transcript, const at::Dialect& module, const PortMaker& ports);

/// One play, step by step; what the verbs see of it.
class TranscriptRun {
public:
    TranscriptRun(const Transcript& transcript, World& world);
    Played run();

    // --- for verbs: nullopt, or what is wrong -------------------------------------------------------------------
    using Problem = std::optional<std::string>;
    Problem switch_port(const std::string& name);
    HostPort& port() { return world.port(port_name_); }
    /// The next answer may take so long, whatever its row says.
    void allow(Duration longest) { longest_ = longest; }
    Problem settle();
    Problem expect_octets(const Bytes& expected);
    /// The number that stands behind `start` in what has come.
    [[nodiscard]] std::optional<std::int64_t> count_after(const Bytes& start);

    World& world;

private:
    Problem take(const Step& step);
    Problem stimulus(const Step& step);
    Problem send_line(const std::string& text);
    Problem expect_line(const std::string& text);
    [[nodiscard]] std::string as_module_names(std::string text) const;
    Problem expect_urc(const std::string& text);
    Problem expect_pattern(const std::string& before, const Pattern& pattern, const std::string& after);
    Problem nothing_left();
    Problem in_time();
    Problem advance(const std::string& text);
    void collect();
    Bytes& pending() { return pending_[port_name_]; }

    const Transcript& transcript_;
    std::string port_name_ = "uart1";
    std::map<std::string, Bytes> pending_;  ///< received and not yet accounted for
    Captures captures_;
    bool in_frame_ = false;
    std::set<std::string> used_;
    // The command whose final result is awaited, for its maximum response time.
    const at::Command* asked_ = nullptr;
    Time asked_at_;
    std::optional<Duration> longest_;
};

/// Is this line a final result code, which stands in a frame of its own?
bool is_final(std::string_view line);

}  // namespace atls::test
