// A terminal with line editing and history, on which others may write while a line is typed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "loop/loop.hpp"

namespace atls::app {

class Terminal {
public:
    /// Standard input and output are a terminal that can move its cursor.
    static bool usable();

    explicit Terminal(loop::Loop& loop);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    enum class Ended { enter, control_z, escape, input };
    struct Line {
        Ended ended = Ended::input;  ///< input: no more will come
        std::string text;
    };
    /// Edits one line; the loop runs meanwhile. `prompt`, asked each time the line is drawn, stands before it unless an
    /// unfinished line was shown last.
    Line read(std::function<std::string()> prompt);
    /// From the loop or between reads. A last line without its end becomes the prompt. Octets that would drive the
    /// terminal are shown as \xNN.
    void show(std::string_view octets);
    /// Whole lines of the console's own, above the line being edited.
    void say(std::string_view lines);
    /// The unfinished line shown last.
    [[nodiscard]] const std::string& unfinished() const;
    /// read() returns Ended::input.
    void end();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace atls::app
