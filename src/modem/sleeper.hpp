// Whether the module sleeps. The host allows it (AT+QSCLK); idleness or control brings it.
#pragma once

#include <chrono>
#include <functional>

#include "base/timers.hpp"
#include "modem/events.hpp"

namespace atls::modem {

class Sleeper {
public:
    Sleeper(Timers& timers, EventSink& events) : timers_(timers), events_(events) {}

    [[nodiscard]] Sleep now() const { return now_; }
    /// Deaf and mute until woken.
    [[nodiscard]] bool deaf() const { return now_ == Sleep::deep; }

    /// How deep the host lets it sleep; Sleep::awake: not at all.
    void allow(Sleep deepest);
    /// It falls asleep by itself after so long without an octet from the host; 0: only control sends it to sleep.
    void set_idle_time(std::chrono::seconds idle);
    /// Something is under way that sleep would cut off: asked before it falls asleep by itself. Empty: never.
    std::function<bool()> busy;
    /// The host has sent something; ends light sleep.
    void host_spoke();

    // SleepChanged follows each change.
    /// Control. False: the host does not allow that depth.
    bool fall_asleep(Sleep depth);
    /// The PSM_EINT pin, or the timer of the network. False: it was awake.
    bool wake();
    /// Power off: awake, silently.
    void reset();

private:
    void enter(Sleep depth);
    void watch();

    Timers& timers_;
    EventSink& events_;
    Sleep now_ = Sleep::awake;
    Sleep deepest_ = Sleep::awake;
    std::chrono::seconds idle_{0};
    Timers::Handle idle_timer_;
};

}  // namespace atls::modem
