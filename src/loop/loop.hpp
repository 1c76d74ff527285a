// The one thread's event loop. What it calls, it calls from run(), poll() or run_until(), never from inside another
// call.
#pragma once

#include <functional>
#include <memory>

#include "base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace atls::loop {

class Loop {
public:
    /// Also ignores SIGPIPE: a host that went away is an EPIPE, not our death.
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Until stop(), even with nothing to wait for.
    void run();
    /// From any thread; the current, or else the next, run() returns once the callback under way has ended.
    void stop();
    /// Runs what is ready and does not wait.
    void poll();
    /// Runs until `done` says so, looked at after each callback; false when `limit` passed first.
    bool run_until(const std::function<bool()>& done, Duration limit);

    /// Runs `task` later, in order. From any thread.
    void post(std::function<void()> task);
    [[nodiscard]] Time now() const;

    /// For this folder, and for a library that brings its own Asio objects (an HTTP server).
    [[nodiscard]] boost::asio::io_context& context();

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

/// A callback run from the loop after call(); several calls before it runs count as one. Destroying it withdraws.
class Soon {
public:
    Soon(Loop& loop, std::function<void()> task);
    ~Soon();
    Soon(const Soon&) = delete;
    Soon& operator=(const Soon&) = delete;
    void call();

private:
    struct State;
    Loop& loop_;
    std::shared_ptr<State> state_;
};

}  // namespace atls::loop
