// Wake-ups and the process's signals.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>

#include "base/time.hpp"
#include "loop/loop.hpp"

namespace atls::loop {

/// One deadline, set as often as need be. now() has reached it when `due` is called. Made for Timers::next_deadline().
class Timer {
public:
    Timer(Loop& loop, std::function<void()> due);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// nullopt: none. Setting the same deadline again costs nothing.
    void set(std::optional<Time> deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Signals as callbacks from the loop, as long as it lives.
class Signals {
public:
    Signals(Loop& loop, std::initializer_list<int> numbers, std::function<void(int)> arrived);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace atls::loop
