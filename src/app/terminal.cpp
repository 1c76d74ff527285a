#include "app/terminal.hpp"

#include <histedit.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <deque>
#include <string>
#include <utility>

#include "loop/timer.hpp"
#include "loop/watch.hpp"

namespace atls::app {

namespace {

constexpr char control_z = '\x1A';
constexpr char escape = '\x1B';
constexpr char lone_escape = '\x1C';  // ^\ raises SIGQUIT, so it never comes from the keyboard
constexpr int lines_of_history = 1000;
// A line this long without an end is data; it becomes no prompt.
constexpr std::size_t longest_prompt = 200;
constexpr Duration for_ever = std::chrono::hours(24 * 365);

std::string visible(std::string_view octets) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '\r') continue;
        if (c == '\n' || c == '\t' || (octet >= 0x20 && octet != 0x7F)) {
            text += c;
        } else {
            text += "\\x";
            text += digits[octet >> 4U];
            text += digits[octet & 15U];
        }
    }
    return text;
}

std::size_t columns() {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

/// No echo, also between two lines: what is typed then would show twice. Undone when destroyed.
class NoEcho {
public:
    NoEcho() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios mode = before_;
        mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0;
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }

private:
    termios before_{};
    bool changed_ = false;
};

}  // namespace

struct Terminal::State {
    explicit State(loop::Loop& on)
        : loop(on),
          keyboard(loop, STDIN_FILENO, [this] { read_keys(); }),
          // Where the terminal makes ^Z a signal, it is a key all the same.
          suspend(loop, {SIGTSTP}, [this](int) { keys.push_back(control_z); }),
          resized(loop, {SIGWINCH}, [this](int) { el_resize(editor); }),
          redraw(loop, [this] { refresh(); }) {}

    void read_keys() {
        std::array<char, 256> buffer{};
        const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) {
            ended = true;
        } else {
            keys.insert(keys.end(), buffer.begin(), buffer.begin() + count);
            // A cursor key's sequence comes in one piece: what ends with ESC is the key itself.
            if (keys.back() == escape && takes_escape) keys.back() = lone_escape;
        }
        if (ended) keyboard.want_read(false);
    }

    /// libedit asks for a key: the loop runs until there is one.
    static int next_key(EditLine* editor, wchar_t* into) {
        State* self = nullptr;
        el_get(editor, EL_CLIENTDATA, &self);
        std::mbstate_t decoding{};
        for (;;) {
            self->loop.run_until([self] { return !self->keys.empty() || self->ended; }, for_ever);
            if (self->keys.empty()) return 0;
            const char octet = self->keys.front();
            self->keys.pop_front();
            const auto used = std::mbrtowc(into, &octet, 1, &decoding);
            if (used == static_cast<std::size_t>(-2)) continue;
            if (used == static_cast<std::size_t>(-1)) *into = L'?';
            return 1;
        }
    }

    static unsigned char on_end_key(EditLine* editor, int key) {
        State* self = nullptr;
        el_get(editor, EL_CLIENTDATA, &self);
        self->end_key = static_cast<char>(key);
        el_push(editor, "\n");
        return CC_NORM;
    }

    static char* prompt_of(EditLine* editor) {
        State* self = nullptr;
        el_get(editor, EL_CLIENTDATA, &self);
        self->drawn_prompt = self->unfinished.empty() ? self->prompt() : self->unfinished;
        return self->drawn_prompt.data();
    }

    /// Takes the line being edited off the screen.
    void erase() {
        if (!editing || erased) return;
        erased = true;
        const LineInfo* line = el_line(editor);
        const auto before = static_cast<std::size_t>(line->cursor - line->buffer) + drawn_prompt.size();
        const std::size_t rows = before / columns();
        std::fputs("\r", stdout);
        if (rows > 0) std::fprintf(stdout, "\x1B[%zuA", rows);
        std::fputs("\x1B[J", stdout);
        fresh_line = true;
        redraw.call();
    }

    void refresh() {
        std::fflush(stdout);
        if (!editing || !erased) return;
        erased = false;
        el_set(editor, EL_REFRESH);
    }

    void print(const std::string& text) {
        erase();
        const std::string all = unfinished + text;
        const auto end = all.rfind('\n');
        const auto whole = end == std::string::npos ? 0 : end + 1;
        std::fwrite(all.data(), 1, whole, stdout);
        unfinished = all.substr(whole);
        if (unfinished.size() > longest_prompt) {
            std::fprintf(stdout, "%s\n", unfinished.c_str());
            unfinished.clear();
        }
        redraw.call();
    }

    loop::Loop& loop;
    NoEcho no_echo;
    EditLine* editor = nullptr;
    History* history = nullptr;
    loop::Watch keyboard;
    loop::Signals suspend, resized;
    loop::Soon redraw;
    std::deque<char> keys;
    std::function<std::string()> prompt;
    std::string drawn_prompt;
    std::string unfinished;
    char end_key = 0;
    bool takes_escape = false;
    bool ended = false;
    bool editing = false;
    bool erased = false;
    bool fresh_line = true;  ///< the cursor is where a line begins, by our doing: a CR LF now would be an empty line
};

bool Terminal::usable() {
    const char* kind = std::getenv("TERM");
    const bool moves = kind != nullptr && std::string_view(kind) != "dumb" && *kind != '\0';
    return moves && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

Terminal::Terminal(loop::Loop& loop) : state_(std::make_unique<State>(loop)) {
    State& state = *state_;
    std::setlocale(LC_CTYPE, "");
    state.editor = el_init("atls", stdin, stdout, stderr);
    state.history = history_init();
    HistEvent event{};
    history(state.history, &event, H_SETSIZE, lines_of_history);
    history(state.history, &event, H_SETUNIQUE, 1);
    EditLine* editor = state.editor;
    el_set(editor, EL_CLIENTDATA, &state);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_HIST, history, state.history);
    el_set(editor, EL_PROMPT, State::prompt_of);
    el_set(editor, EL_GETCFN, State::next_key);
    el_set(editor, EL_ADDFN, "atls-end", "sends the line with this key instead of Enter", State::on_end_key);
    el_set(editor, EL_BIND, "^Z", "atls-end", nullptr);
    el_set(editor, EL_BIND, "^\\", "atls-end", nullptr);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

Terminal::~Terminal() {
    el_end(state_->editor);
    history_end(state_->history);
    std::fflush(stdout);
}

Terminal::Line Terminal::read(std::function<std::string()> prompt) {
    State& state = *state_;
    state.prompt = std::move(prompt);
    state.end_key = 0;
    state.editing = true;
    state.erased = false;
    std::fflush(stdout);
    state.keyboard.want_read(!state.ended);
    int count = 0;
    const char* typed = el_gets(state.editor, &count);
    state.keyboard.want_read(false);
    state.editing = false;
    state.unfinished.clear();
    state.fresh_line = true;
    if (typed == nullptr || count <= 0) {
        std::fputs("\n", stdout);
        return {};
    }
    Line line{Ended::enter, {typed, static_cast<std::size_t>(count)}};
    if (line.text.ends_with('\n')) line.text.pop_back();
    if (state.end_key == control_z) line.ended = Ended::control_z;
    if (state.end_key == lone_escape) line.ended = Ended::escape;
    HistEvent event{};
    if (line.ended == Ended::enter && !line.text.empty()) history(state.history, &event, H_ENTER, line.text.c_str());
    return line;
}

void Terminal::show(std::string_view octets) {
    State& state = *state_;
    if (state.unfinished.empty()) state.erase();
    if (state.fresh_line && octets.starts_with("\r\n")) octets.remove_prefix(2);
    state.fresh_line = false;
    state.print(visible(octets));
    state.takes_escape = state.unfinished == "> ";
}

void Terminal::say(std::string_view lines) {
    State& state = *state_;
    state.erase();
    const std::string kept = std::move(state.unfinished);
    state.unfinished.clear();
    state.print(visible(lines));
    state.unfinished = kept;
}

const std::string& Terminal::unfinished() const { return state_->unfinished; }

void Terminal::end() {
    state_->ended = true;
    state_->keyboard.want_read(false);
}

}  // namespace atls::app
