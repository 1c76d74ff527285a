#include "support/transcript_runner.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "at/tokenizer.hpp"
#include "support/transcript_verbs.hpp"

namespace atls::test {

namespace {

using Problem = TranscriptRun::Problem;

// What differs, in two lines one above the other, with a mark where they part.
std::string difference(BytesView expected, BytesView got) {
    const auto parted = std::mismatch(expected.begin(), expected.end(), got.begin(), got.end());
    const auto same = static_cast<std::size_t>(parted.first - expected.begin());
    const std::size_t column = escaped(expected.substr(0, same)).size();
    std::string shown_got = escaped(got.substr(0, expected.size() + 80));
    if (got.size() > expected.size() + 80) shown_got += "…";
    return "\n  expected: " + escaped(expected) + "\n  got:      " + shown_got +
           "\n  here:     " + std::string(column, ' ') + "^";
}

// The echo of a line: the editor drops whatever stands before AT.
Bytes echo_of(const Bytes& line) {
    for (std::size_t at = 0; at + 1 < line.size(); ++at) {
        if (equal_ignoring_case(line.substr(at, 2), "AT")) return line.substr(at) + "\r";
    }
    return {};
}

}  // namespace

bool is_final(std::string_view line) {
    static constexpr std::array<std::string_view, 10> words{
        "OK", "ERROR", "CONNECT", "NO CARRIER", "SEND OK", "SEND FAIL", "DEACT OK", "BUSY", "NO ANSWER", "NO DIALTONE"};
    static constexpr std::array<std::string_view, 2> beginnings{"+CME ERROR: ", "+CMS ERROR: "};
    static constexpr std::array<std::string_view, 4> endings{"CLOSE OK", "CONNECT OK", "CONNECT FAIL",
                                                             "ALREADY CONNECT"};
    if (std::find(words.begin(), words.end(), line) != words.end()) return true;
    if (std::any_of(beginnings.begin(), beginnings.end(), [&](auto word) { return line.starts_with(word); }))
        return true;
    if (std::any_of(endings.begin(), endings.end(), [&](auto word) { return line.ends_with(word); })) return true;
    const auto number = line.substr(std::min<std::size_t>(line.size(), 8));
    return line.starts_with("CONNECT ") && !number.empty() && number.find_first_not_of("0123456789") == BytesView::npos;
}

Played play(const Transcript& transcript, const at::Dialect& module, const PortMaker& ports) {
    World world(module, ports);
    return TranscriptRun(transcript, world).run();
}

TranscriptRun::TranscriptRun(const Transcript& transcript, World& its_world)
    : world(its_world), transcript_(transcript) {
    // What modules that share a file differ in.
    const modem::Profile& profile = world.modem.profile;
    captures_ = {{"contexts", std::to_string(profile.contexts)},
                 {"model", profile.model},
                 {"http_dns_error", std::to_string(world.unit.quirks.http_dns_error)},
                 {"revision", profile.revision},
                 {"AcT", std::to_string(profile.access_technology)},
                 {"ufs", std::to_string(profile.ufs_octets)},
                 {"bad_file_parameter", std::to_string(world.unit.dialect.errors->cme_bad_file_parameter)}};
    world.unit.on_used = [this](const std::string& entry) { used_.insert(entry); };
}

Played TranscriptRun::run() {
    int line = 1;
    Problem problem;
    for (const auto& step : transcript_.steps) {
        line = step.line;
        problem = take(step);
        if (problem) break;
    }
    if (!problem) problem = nothing_left();
    world.unit.on_used = nullptr;
    if (!problem) return {{}, std::move(used_)};
    return {transcript_.where(line) + *problem + world.log_tail(12), std::move(used_)};
}

Problem TranscriptRun::take(const Step& step) {
    if (step.kind != StepKind::line) in_frame_ = false;
    switch (step.kind) {
        case StepKind::line:
            return expect_line(step.text);
        case StepKind::frame_end:
            return {};
        case StepKind::prompt:
            asked_ = nullptr;
            return expect_octets("\r\n> ");
        case StepKind::urc:
            return expect_urc(step.text);
        case StepKind::raw: {
            const auto octets = raw_octets(step.text, captures_);
            return octets ? expect_octets(*octets) : Problem("neither hex nor \"text\": " + step.text);
        }
        case StepKind::send_line:
        case StepKind::send_raw:
        case StepKind::advance:
        case StepKind::verb:
            return stimulus(step);
    }
    return {};
}

Problem TranscriptRun::stimulus(const Step& step) {
    if (step.kind == StepKind::verb && passive_verb(step.text)) return run_verb(*this, reused(step.text, captures_));
    if (auto left = nothing_left()) return left;
    if (step.kind == StepKind::send_line) return send_line(step.text);
    if (step.kind == StepKind::send_raw) {
        const auto pattern = Pattern::parse(step.text);
        if (!pattern) return pattern.error();
        asked_ = nullptr;
        port().send(pattern->filled(captures_));
        return settle();
    }
    if (step.kind == StepKind::advance) return advance(step.text);
    if (auto wrong = run_verb(*this, reused(step.text, captures_))) return wrong;
    return settle();
}

Problem TranscriptRun::send_line(const std::string& text) {
    const auto pattern = Pattern::parse(text);
    if (!pattern) return pattern.error();
    const Bytes line = pattern->filled(captures_);
    const auto& session = port().session();
    const bool echoed = session.line.echo && !session.in_data_phase();
    asked_ = nullptr;
    asked_at_ = world.timers.now();
    if (!session.in_data_phase() && line.size() >= 2) {
        at::CommandLine commands(BytesView(line).substr(2));
        if (!commands.at_end()) {
            const auto first = commands.next();
            if (first) asked_ = world.unit.dialect.find(first->name);
        }
    }
    port().send(line + "\r");
    if (auto restless = settle()) return restless;
    return echoed ? expect_octets(echo_of(line)) : std::nullopt;
}

Problem TranscriptRun::expect_line(const std::string& text) {
    const auto pattern = Pattern::parse(as_module_names(text));
    if (!pattern) return pattern.error();
    const bool final = is_final(pattern->filled(captures_));
    if (final) in_frame_ = false;
    const std::string before = in_frame_ ? "" : "\r\n";
    in_frame_ = !final;
    auto problem = expect_pattern(before, *pattern, "\r\n");
    return !problem && final ? in_time() : problem;
}

// A module that is reached by its multiplexer calls the ports of its sockets cmux1, cmux2 ….
std::string TranscriptRun::as_module_names(std::string text) const {
    if (text.find("STATE: ") == std::string::npos) return text;
    for (const auto& [name, its_port] : world.ports()) {
        const std::string quoted = '"' + name + '"';
        const auto at = text.find(quoted);
        if (at != std::string::npos) text.replace(at, quoted.size(), '"' + its_port->session().name() + '"');
    }
    return text;
}

Problem TranscriptRun::expect_urc(const std::string& text) {
    const auto pattern = Pattern::parse(text);
    if (!pattern) return pattern.error();
    return expect_pattern("\r\n", *pattern, "\r\n");
}

Problem TranscriptRun::expect_pattern(const std::string& before, const Pattern& pattern, const std::string& after) {
    if (pattern.literal()) return expect_octets(before + pattern.filled(captures_) + after);
    const BytesView got = pending();
    const auto end = got.find(after, before.size());
    const bool framed = got.starts_with(before) && end != BytesView::npos;
    if (!framed || !pattern.matches(got.substr(before.size(), end - before.size()), captures_)) {
        return "another answer" + difference(before + pattern.filled(captures_) + after, got);
    }
    pending().erase(0, end + after.size());
    return {};
}

Problem TranscriptRun::expect_octets(const Bytes& expected) {
    if (!pending().starts_with(expected)) return "another answer" + difference(expected, pending());
    pending().erase(0, expected.size());
    return {};
}

std::optional<std::int64_t> TranscriptRun::count_after(const Bytes& start) {
    if (!pending().starts_with(start)) return std::nullopt;
    const char* begin = pending().data() + start.size();
    std::int64_t count = 0;
    const auto [stopped, fault] = std::from_chars(begin, pending().data() + pending().size(), count);
    if (fault != std::errc{}) return std::nullopt;
    return count;
}

Problem TranscriptRun::nothing_left() {
    for (const auto& [name, octets] : pending_) {
        if (!octets.empty()) return "before this, " + name + " had more to say: " + escaped(octets);
    }
    return {};
}

Problem TranscriptRun::in_time() {
    const at::Command* row = std::exchange(asked_, nullptr);
    const auto most = std::exchange(longest_, std::nullopt);
    if (row == nullptr) return {};
    const Duration allowed = most.value_or(row->within);
    const Duration taken = world.timers.now() - asked_at_;
    if (taken <= allowed) return {};
    return "the answer took " + std::to_string(taken.count()) + " us, AT" + std::string(row->name) + " has " +
           std::to_string(allowed.count());
}

Problem TranscriptRun::advance(const std::string& text) {
    const auto by = duration_of(text);
    if (!by) return "no duration such as +30s: " + text;
    if (!world.advance(*by)) return "the world does not come to rest";
    collect();
    return {};
}

Problem TranscriptRun::settle() {
    if (!world.settle()) return "the world does not come to rest";
    collect();
    return {};
}

Problem TranscriptRun::switch_port(const std::string& name) {
    port_name_ = name;
    world.port(name);
    return {};
}

void TranscriptRun::collect() {
    for (const auto& [name, its_port] : world.ports()) pending_[name] += its_port->take_received();
}

}  // namespace atls::test
