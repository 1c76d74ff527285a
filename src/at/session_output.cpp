// Session: what goes to the host. Output is pulled, so nothing grows while a host does not read.
#include "at/catalogue.hpp"
#include "at/session.hpp"
#include "at/unit.hpp"

namespace atls::at {

namespace {
constexpr std::size_t high_water = 16384;
// As AT+QCFG keeps it.
constexpr const char* ring_option = "QCFG/urc/ri/other";
}  // namespace

BytesView Session::output() {
    fill();
    // Nothing to send, ATE0Q1: what waits for the result to leave need not wait.
    if (out_.empty() && !running_) {
        all_sent();
        fill();
    }
    return out_.view();
}

void Session::output_sent(std::size_t count) {
    const bool refused_input = out_.size() >= most_unread_output;
    out_.consume(count);
    if (out_.empty() && !running_) all_sent();
    if (refused_input && out_.size() < most_unread_output) line_signals_.wake();
}

void Session::all_sent() {
    if (const auto rate = std::exchange(new_rate_, std::nullopt)) line_signals_.set_rate(*rate);
    if (const auto action = std::exchange(after_result_, nullptr)) action();
}

void Session::fill() {
    while (out_.size() < high_water && produce()) {
    }
}

// Puts one more piece into the output; false: there is nothing to put.
bool Session::produce() {
    if (auto* streaming = std::get_if<Streaming>(&mode_)) {
        const auto piece = streaming->stream.more(high_water);
        if (!piece) return false;
        if (piece->empty()) {
            end_streaming(false);
        } else {
            out_.append(*piece);
        }
        return true;
    }
    if (auto* transparent = std::get_if<Transparent>(&mode_)) {
        const Bytes piece = unit_.modem.sockets.read(transparent->socket, high_water);
        out_.append(piece);
        if (!piece.empty()) return true;
        if (!transparent->ended) return false;
        carrier_lost(transparent->socket);
        return true;
    }
    if (multiplexed()) {
        const Bytes frames = unit_.multiplexer()->output(high_water);
        out_.append(frames);
        return !frames.empty();
    }
    return may_show_urc() && show_next_urc();
}

bool Session::may_show_urc() {
    if (urcs_.empty() || !std::holds_alternative<Idle>(mode_)) return false;
    if (unit_.modem.sleeper.deaf()) {
        // Only that it falls asleep is still said.
        const auto* sleep = std::get_if<modem::SleepChanged>(&urcs_.front());
        if (sleep == nullptr || sleep->now != modem::Sleep::deep) return false;
    }
    if (!editor_.in_line()) return true;
    const Time due = last_input_ + std::chrono::milliseconds(unit_.quirks.urc_hold_ms);
    if (timers_.now() >= due) return true;
    urc_hold_ = timers_.at(due, [this] { line_signals_.wake(); });
    return false;
}

bool Session::show_next_urc() {
    const modem::Event event = std::move(urcs_.front());
    urcs_.pop_front();
    const std::size_t before = out_.size();
    bool more = false;
    unit_.showing = id_;
    for (const auto& table : unit_.dialect.urcs) {
        for (const auto& row : table) {
            for (const auto& text : row.make(event, unit_)) {
                if (!text.bare) out_.append(line.line_end() + text.head + line.line_end());
                out_.append(text.data);
                more = more || text.more;
                used(entry_name(row));
            }
        }
    }
    if (more) urcs_.push_front(event);
    if (out_.size() > before) ring();
    return true;
}

void Session::ring() {
    const bool off = unit_.modem.option(ring_option, "").starts_with("\"off\"");
    if (unit_.dialect.ring_with_urc.count() == 0 || off) return;
    line_signals_.set_ri(true);
    ring_ends_ = timers_.after(unit_.dialect.ring_with_urc, [this] { line_signals_.set_ri(false); });
}

void Session::put_info(const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    std::string block = line.verbose ? line.line_end() : std::string();
    for (const auto& text : lines) block += text + line.line_end();
    out_.append(block);
}

void Session::put_result(const std::string& words, std::optional<int> numeric) {
    if (line.quiet) return;
    if (line.verbose) {
        out_.append(line.line_end() + words + line.line_end());
    } else if (numeric) {
        out_.append(std::to_string(*numeric) + static_cast<char>(line.terminator));
    } else {
        out_.append(words + static_cast<char>(line.terminator));
    }
}

}  // namespace atls::at
