#include "at/line_editor.hpp"

namespace atls::at {

LineEditor::Step LineEditor::feed(BytesView octets, const Characters& characters) {
    Step step;
    for (const char c : octets) {
        ++step.consumed;
        take(c, characters, step);
        if (step.got != Got::nothing) break;
    }
    return step;
}

void LineEditor::reset() {
    state_ = State::idle;
    body_.clear();
    may_repeat_ = true;
}

void LineEditor::take(char c, const Characters& characters, Step& step) {
    switch (state_) {
        case State::idle:
            if (ascii_upper(c) == 'A') {
                state_ = State::saw_a;
                first_ = c;
            } else if (c != characters.terminator && c != '\n') {
                may_repeat_ = false;
            }
            return;
        case State::saw_a:
            if (ascii_upper(c) == 'T') {
                state_ = State::in_body;
                body_.clear();
                step.echo += {first_, c};
            } else if (c == '/' && may_repeat_) {
                state_ = State::idle;
                step.echo += {first_, c};
                step.got = Got::repeat;
            } else {
                may_repeat_ = false;
                if (ascii_upper(c) == 'A') {
                    first_ = c;
                } else {
                    state_ = State::idle;
                }
            }
            return;
        case State::in_body:
        case State::overflowed:
            take_body(c, characters, step);
            return;
    }
}

void LineEditor::take_body(char c, const Characters& characters, Step& step) {
    if (c == characters.terminator || (characters.line_feed_ends && c == '\n')) {
        step.echo.push_back(c);
        step.got = state_ == State::overflowed ? Got::too_long : Got::line;
        state_ = State::idle;
        may_repeat_ = true;
        return;
    }
    if (c == '\n') return;  // ignored inside a line, as on the real modules, and not echoed
    step.echo.push_back(c);
    if (c == characters.backspace) {
        if (!body_.empty()) body_.pop_back();
        return;
    }
    if (body_.size() >= longest_) {
        state_ = State::overflowed;
        return;
    }
    body_.push_back(c);
}

}  // namespace atls::at
