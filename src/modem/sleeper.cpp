#include "modem/sleeper.hpp"

#include <utility>

namespace atls::modem {

void Sleeper::allow(Sleep deepest) {
    deepest_ = deepest;
    watch();
}

void Sleeper::set_idle_time(std::chrono::seconds idle) {
    idle_ = idle;
    watch();
}

void Sleeper::host_spoke() {
    if (now_ == Sleep::light) enter(Sleep::awake);
    if (idle_timer_.pending()) watch();
}

bool Sleeper::fall_asleep(Sleep depth) {
    if (depth > deepest_) return false;
    enter(depth);
    return true;
}

bool Sleeper::wake() {
    if (now_ == Sleep::awake) return false;
    enter(Sleep::awake);
    return true;
}

void Sleeper::reset() {
    now_ = Sleep::awake;
    watch();
}

void Sleeper::enter(Sleep depth) {
    const Sleep before = std::exchange(now_, depth);
    watch();
    if (before != depth) events_.on_event(SleepChanged{before, depth});
}

void Sleeper::watch() {
    idle_timer_.cancel();
    if (now_ != Sleep::awake || idle_.count() == 0 || deepest_ == Sleep::awake) return;
    idle_timer_ = timers_.after(idle_, [this] {
        if (busy && busy()) return watch();
        enter(deepest_);
    });
}

}  // namespace atls::modem
