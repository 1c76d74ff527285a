#include "base/timers.hpp"

#include <algorithm>

namespace atls {

Timers::Handle& Timers::Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        cancel();
        timers_ = std::exchange(other.timers_, nullptr);
        due_ = other.due_;
        number_ = other.number_;
    }
    return *this;
}

void Timers::Handle::cancel() {
    if (timers_ != nullptr) timers_->pending_.erase({due_, number_});
    timers_ = nullptr;
}

bool Timers::Handle::pending() const { return timers_ != nullptr && timers_->pending_.contains({due_, number_}); }

Timers::Handle Timers::at(Time due, Action action) {
    Handle handle;
    handle.timers_ = this;
    handle.due_ = due;
    handle.number_ = ++created_;
    pending_.emplace(Key{due, handle.number_}, std::move(action));
    return handle;
}

std::optional<Time> Timers::next_deadline() const {
    if (pending_.empty()) return std::nullopt;
    return pending_.begin()->first.first;
}

void Timers::advance(Time now) {
    while (!pending_.empty() && pending_.begin()->first.first <= now) {
        auto due = pending_.extract(pending_.begin());
        now_ = std::max(now_, due.key().first);
        due.mapped()();
    }
    now_ = std::max(now_, now);
}

}  // namespace atls
