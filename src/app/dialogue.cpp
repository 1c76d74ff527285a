#include "app/dialogue.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/settled.hpp"
#include "control/verbs.hpp"

namespace atls::app {

namespace {

constexpr std::size_t most_kept_for_wait = 1 << 16;
constexpr int default_wait_seconds = 30;
constexpr Duration guard_margin = std::chrono::milliseconds(20);

/// The part of a typed command line that the modem echoes: it drops what stands before AT or A/.
std::string echo_of(const std::string& line) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const bool prefix = ascii_upper(line[i]) == 'A' && (ascii_upper(line[i + 1]) == 'T' || line[i + 1] == '/');
        if (prefix) return line.substr(i);
    }
    return {};
}

}  // namespace

Dialogue::Dialogue(Machine& machine, std::string port, bool hide_echo, std::function<void(BytesView)> show)
    : machine_(machine),
      hide_echo_(hide_echo),
      show_(std::move(show)),
      soon_(machine.site().loop, [this] { turn(); }),
      session_(machine.unit().add_port(std::move(port), *this)) {
    const Clockwork::Entry entry(machine_.site().clockwork);
    session_.attach();
}

void Dialogue::line(std::string text) {
    queue_.push_back({std::move(text)});
    turn();
}

void Dialogue::keys(std::string text) {
    queue_.push_back({std::move(text), true});
    turn();
}

bool Dialogue::finished() {
    const Clockwork::Entry entry(machine_.site().clockwork);
    return queue_.empty() && !awaited_ && !escape_decided_ && settled(session_, machine_.modem()) &&
           session_.output().empty();
}

void Dialogue::turn() {
    {
        const Clockwork::Entry entry(machine_.site().clockwork);
        drain();
        while (!queue_.empty() && send_next()) drain();
        drain();
    }
    if (on_turn) on_turn();
}

void Dialogue::drain() {
    for (;;) {
        BytesView output = session_.output();
        const std::size_t count = output.size();
        if (count == 0) break;
        if (!hidden_echo_.empty() && output.starts_with(hidden_echo_)) output.remove_prefix(hidden_echo_.size());
        hidden_echo_.clear();
        since_line_.append(output);
        if (!output.empty()) show_(output);
        session_.output_sent(count);
    }
    if (awaited_ && since_line_.find(awaited_->text) != std::string::npos) awaited_.reset();
    if (since_line_.size() > 2 * most_kept_for_wait) since_line_.erase(0, since_line_.size() - most_kept_for_wait);
}

// Sends or does what is first in the queue; false: it has to wait.
bool Dialogue::send_next() {
    Item& first = queue_.front();
    if (awaited_) return false;
    if (escape_decided_ && session_.in_data_phase() && machine_.site().clockwork.timers().now() < *escape_decided_) {
        hold_until(*escape_decided_);
        return false;
    }
    escape_decided_.reset();
    const bool verb = !first.is_keys && !first.begun && first.text.starts_with('!') && !first.text.starts_with("!!");
    if (verb) return control(first.text.substr(1));
    if (is_escape(first)) return send_escape();
    return send_octets(first);
}

bool Dialogue::send_octets(Item& item) {
    const bool data = session_.in_data_phase();
    std::string octets = item.text;
    if (!item.begun && !item.is_keys) {
        if (octets.starts_with("!!")) octets.erase(0, 1);
        octets += data ? "\r\n" : std::string(1, static_cast<char>(session_.line.terminator));
    }
    if (!data && hide_echo_ && session_.line.echo) hidden_echo_ = echo_of(octets);
    const std::size_t taken = session_.feed(octets);
    if (taken == 0) {
        hidden_echo_.clear();
        return false;
    }
    // What the session says from now on answers this line.
    if (!item.begun) since_line_.clear();
    last_sent_ = machine_.site().clockwork.timers().now();
    if (taken == octets.size()) {
        queue_.pop_front();
    } else {
        item = {octets.substr(taken), item.is_keys, true};
    }
    return true;
}

bool Dialogue::is_escape(const Item& item) const {
    return !item.is_keys && !item.begun && item.text == "+++" && session_.in_data_phase();
}

// +++ counts only between silences, which somebody who types lines cannot keep by hand.
bool Dialogue::send_escape() {
    const at::Quirks& quirks = machine_.unit().quirks;
    const Time now = machine_.site().clockwork.timers().now();
    const Time quiet = last_sent_ + std::chrono::milliseconds(quirks.escape_before_ms) + guard_margin;
    if (now < quiet) {
        hold_until(quiet);
        return false;
    }
    if (session_.feed("+++") == 0) return false;
    queue_.pop_front();
    since_line_.clear();
    last_sent_ = now;
    escape_decided_ = now + std::chrono::milliseconds(quirks.escape_after_ms) + guard_margin;
    hold_until(*escape_decided_);
    return true;
}

void Dialogue::hold_until(Time when) {
    hold_ = machine_.site().clockwork.timers().at(when, [this] { soon_.call(); });
}

bool Dialogue::control(const std::string& verb) {
    // In its turn: the command before it has ended. A data phase may last, and a verb may be what ends it.
    if (!session_.in_data_phase() && session_.feed("\r") == 0) return false;
    queue_.pop_front();
    if (verb.starts_with("wait ")) {
        await(std::string_view(verb).substr(5));
        return true;
    }
    const auto answer = control::run(machine_.unit(), verb);
    if (answer) {
        if (!answer->empty() && say) say(*answer);
    } else {
        failed_ = true;
        if (say) say("! " + answer.error().text + "\n");
    }
    return true;
}

void Dialogue::await(std::string_view arguments) {
    int seconds = default_wait_seconds;
    const auto blank = arguments.rfind(' ');
    if (blank != std::string_view::npos) {
        const std::string_view last = arguments.substr(blank + 1);
        const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), seconds);
        const bool number = error == std::errc() && end == last.data() + last.size() && !last.empty();
        if (number) arguments = arguments.substr(0, blank);
        if (!number) seconds = default_wait_seconds;
    }
    awaited_ = Awaited{std::string(arguments), {}};
    awaited_->limit = machine_.site().clockwork.timers().after(std::chrono::seconds(seconds), [this] {
        failed_ = true;
        if (say) say("! waited in vain for " + awaited_->text + "\n");
        awaited_.reset();
        soon_.call();
    });
}

}  // namespace atls::app
