#include "loop/timer.hpp"

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "loop/asio.hpp"

namespace atls::loop {

struct Timer::State {
    using Clock = std::chrono::steady_clock;

    State(Loop& loop, std::function<void()> callback) : timer(loop.context()), due(std::move(callback)) {}

    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer;
    std::function<void()> due;
    std::optional<Time> deadline;
    std::uint64_t setting = 0;  ///< an expiry already queued for an earlier setting is void
};

Timer::Timer(Loop& loop, std::function<void()> due) : state_(std::make_shared<State>(loop, std::move(due))) {}

Timer::~Timer() { set(std::nullopt); }

void Timer::set(std::optional<Time> deadline) {
    if (deadline == state_->deadline) return;
    state_->deadline = deadline;
    const auto setting = ++state_->setting;
    if (!deadline) {
        state_->timer.cancel();
        return;
    }
    state_->timer.expires_at(State::Clock::time_point(deadline->time_since_epoch()));
    state_->timer.async_wait([state = state_, setting](const boost::system::error_code& error) {
        if (error || state->setting != setting) return;
        state->deadline.reset();
        state->due();
    });
}

struct Signals::State {
    State(Loop& loop, std::function<void(int)> callback) : set(loop.context()), arrived(std::move(callback)) {}

    static void wait(const std::shared_ptr<State>& self) {
        self->set.async_wait([self](const boost::system::error_code& error, int number) {
            if (error || self->gone) return;
            self->arrived(number);
            if (!self->gone) wait(self);
        });
    }

    boost::asio::basic_signal_set<Executor> set;
    std::function<void(int)> arrived;
    bool gone = false;
};

Signals::Signals(Loop& loop, std::initializer_list<int> numbers, std::function<void(int)> arrived)
    : state_(std::make_shared<State>(loop, std::move(arrived))) {
    for (const int number : numbers) state_->set.add(number);
    State::wait(state_);
}

Signals::~Signals() {
    state_->gone = true;
    boost::system::error_code ignored;
    state_->set.cancel(ignored);
    state_->set.clear(ignored);
}

}  // namespace atls::loop
