#include "app/console.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "app/demo.hpp"
#include "app/dialogue.hpp"
#include "app/key_log.hpp"
#include "app/terminal.hpp"
#include "app/version.hpp"
#include "loop/timer.hpp"
#include "loop/watch.hpp"

namespace atls::app {

namespace {

// Lines of a script that are read ahead of the modem.
constexpr std::size_t enough_waiting = 256;

void print(std::string_view octets) {
    std::fwrite(octets.data(), 1, octets.size(), stdout);
    std::fflush(stdout);
}

/// Lines from a pipe or a file. Ends when they did and the modem has said the last of it.
class Script {
public:
    Script(loop::Loop& loop, Dialogue& dialogue)
        : loop_(loop), dialogue_(dialogue), input_(loop, STDIN_FILENO, [this] { read(); }) {
        dialogue_.on_turn = [this] { look(); };
        input_.want_read(true);
    }
    ~Script() { dialogue_.on_turn = nullptr; }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

private:
    void read() {
        std::array<char, 16384> buffer{};
        const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count > 0) {
            begun_.append(buffer.data(), static_cast<std::size_t>(count));
        } else {
            ended_ = true;
        }
        take_lines();
        look();
    }

    void take_lines() {
        std::size_t end = 0;
        while ((end = begun_.find('\n')) != std::string::npos) {
            take(begun_.substr(0, end));
            begun_.erase(0, end + 1);
        }
        if (ended_ && !begun_.empty()) take(std::exchange(begun_, std::string()));
    }

    void take(std::string line) {
        if (line.ends_with('\r')) line.pop_back();
        // A Ctrl-Z or ESC at its end was typed instead of Enter.
        const bool keys = line.ends_with('\x1A') || line.ends_with('\x1B');
        keys ? dialogue_.keys(std::move(line)) : dialogue_.line(std::move(line));
    }

    void look() {
        input_.want_read(!ended_ && dialogue_.waiting() < enough_waiting);
        if (ended_ && begun_.empty() && dialogue_.finished()) loop_.stop();
    }

    loop::Loop& loop_;
    Dialogue& dialogue_;
    loop::Watch input_;
    std::string begun_;
    bool ended_ = false;
};

void talk(Terminal& terminal, Dialogue& dialogue, const std::string& module) {
    const auto prompt = [&dialogue, &module] { return dialogue.session().in_data_phase() ? "data: " : module + ": "; };
    for (;;) {
        Terminal::Line line = terminal.read(prompt);
        switch (line.ended) {
            case Terminal::Ended::enter:
                if (line.text == "!quit") return;
                dialogue.line(std::move(line.text));
                break;
            case Terminal::Ended::control_z:
                dialogue.keys(line.text + '\x1A');
                break;
            case Terminal::Ended::escape:
                dialogue.keys("\x1B");
                break;
            case Terminal::Ended::input:
                return;
        }
    }
}

constexpr std::string_view keys_help =
    "!help lists control verbs. Ctrl-Z sends what follows a > prompt, ESC cancels it, Ctrl-D on an empty line ends.\n";

}  // namespace

Result<int, StartFailure> console(Settings settings, bool demo) {
    loop::Loop loop;
    const bool at_terminal = Terminal::usable();
    // Whoever else writes to the terminal must not garble the line being typed.
    std::unique_ptr<Terminal> terminal;
    std::function<void(std::string_view)> log_sink;
    if (at_terminal) {
        if (settings.log.format == LogFormat::text) settings.log.format = LogFormat::brief;
        log_sink = [&terminal](std::string_view line) { terminal ? terminal->say(line) : print(line); };
    }
    const auto log = make_log(settings.log, log_sink);

    std::unique_ptr<Demo> servers;
    if (demo) {
        auto started = Demo::start(loop);
        if (!started) return started.error();
        servers = std::move(*started);
        for (const auto& [name, addresses] : servers->hosts()) settings.hosts[name] = addresses;
    }
    Site site(loop, *log, {.hosts = settings.hosts});
    auto machine = Machine::create(site, settings);
    if (!machine) return machine.error();
    if (settings.keylog) {
        auto key_log = open_key_log(*settings.keylog);
        if (!key_log) return key_log.error();
        (*machine)->modem().sockets.key_log = std::move(*key_log);
    }
    if (servers) {
        if (const auto furnished = servers->furnish((*machine)->modem()); !furnished) return furnished.error();
    }

    if (at_terminal) {
        terminal = std::make_unique<Terminal>(loop);
        print("atls " + std::string(version) + ", a " + settings.dialect->name + " on this terminal. " +
              std::string(keys_help));
        if (servers) print(servers->introduction());
    }
    const auto show = [&terminal](BytesView octets) { terminal ? terminal->show(octets) : print(octets); };
    Dialogue dialogue(**machine, settings.dialect->ports.front(), at_terminal, show);
    dialogue.say = [&terminal](std::string_view lines) { terminal ? terminal->say(lines) : print(lines); };
    const loop::Signals signals(loop, {SIGTERM, SIGINT, SIGHUP},
                                [&](int) { terminal ? terminal->end() : loop.stop(); });
    if (terminal) {
        talk(*terminal, dialogue, settings.dialect->name);
        return 0;
    }
    const Script script(loop, dialogue);
    loop.run();
    return dialogue.failed() ? 1 : 0;
}

}  // namespace atls::app
