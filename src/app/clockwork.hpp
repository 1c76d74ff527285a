// The inner half's time: shared timers, moved on before anything enters it, and the one alarm that wakes the loop for
// them.
#pragma once

#include "base/timers.hpp"
#include "loop/loop.hpp"
#include "loop/timer.hpp"

namespace atls::app {

class Clockwork {
public:
    explicit Clockwork(loop::Loop& loop);
    Clockwork(const Clockwork&) = delete;
    Clockwork& operator=(const Clockwork&) = delete;

    [[nodiscard]] Timers& timers() { return timers_; }

    /// Stands around every call from the outside into the inner half. Only the outermost counts.
    class Entry {
    public:
        explicit Entry(Clockwork& clockwork) : clockwork_(clockwork) { clockwork_.enter(); }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry() { clockwork_.leave(); }

    private:
        Clockwork& clockwork_;
    };

private:
    void enter();
    void leave();

    loop::Loop& loop_;
    Timers timers_;
    loop::Timer alarm_;
    int depth_ = 0;
};

}  // namespace atls::app
