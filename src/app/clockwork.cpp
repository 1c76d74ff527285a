#include "app/clockwork.hpp"

namespace atls::app {

Clockwork::Clockwork(loop::Loop& loop)
    : loop_(loop), timers_(loop.now()), alarm_(loop, [this] { const Entry due(*this); }) {}

void Clockwork::enter() {
    if (++depth_ == 1) timers_.advance(loop_.now());
}

void Clockwork::leave() {
    if (depth_ == 1) {
        // What was put off to "the next turn" is due now; it need not wait for the alarm.
        timers_.advance(timers_.now());
        alarm_.set(timers_.next_deadline());
    }
    --depth_;
}

}  // namespace atls::app
