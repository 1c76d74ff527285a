#include "loop/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "loop/asio.hpp"

namespace atls::loop {

struct Loop::Core {
    // Concurrency 1 spares the scheduler's locks' contention path; post() and stop() stay safe from other threads.
    Context context{1};
    boost::asio::executor_work_guard<Executor> stay = boost::asio::make_work_guard(context);
};

Loop::Loop() : core_(std::make_unique<Core>()) { std::signal(SIGPIPE, SIG_IGN); }
Loop::~Loop() = default;

// Asio stays stopped until restarted. Done afterwards, so that a stop() that comes too early is not lost.
void Loop::run() {
    core_->context.run();
    core_->context.restart();
}

void Loop::stop() { core_->context.stop(); }

void Loop::poll() {
    core_->context.poll();
    core_->context.restart();
}

bool Loop::run_until(const std::function<bool()>& done, Duration limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (core_->context.run_one_until(deadline) != 0) continue;
        core_->context.restart();
        return done();
    }
    return true;
}

void Loop::post(std::function<void()> task) { boost::asio::post(core_->context, std::move(task)); }

Time Loop::now() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return Time(std::chrono::floor<Duration>(since));
}

boost::asio::io_context& Loop::context() { return core_->context; }

struct Soon::State {
    std::function<void()> task;
    bool due = false;
    bool gone = false;
};

Soon::Soon(Loop& loop, std::function<void()> task) : loop_(loop), state_(std::make_shared<State>()) {
    state_->task = std::move(task);
}

Soon::~Soon() { state_->gone = true; }

void Soon::call() {
    if (std::exchange(state_->due, true)) return;
    boost::asio::post(loop_.context(), [state = state_] {
        state->due = false;
        if (!state->gone) state->task();
    });
}

}  // namespace atls::loop
