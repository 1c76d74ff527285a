// The inner half's only clock and its pending timers. The outside advances it; nothing here sleeps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace atls {

class Timers {
public:
    using Action = std::function<void()>;

    /// One pending timer; destroying or assigning it cancels.
    class Handle {
    public:
        Handle() = default;
        Handle(Handle&& other) noexcept { *this = std::move(other); }
        Handle& operator=(Handle&& other) noexcept;
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        ~Handle() { cancel(); }
        void cancel();
        [[nodiscard]] bool pending() const;

    private:
        friend class Timers;
        Timers* timers_ = nullptr;
        Time due_;
        std::uint64_t number_ = 0;
    };

    explicit Timers(Time start = Time{}) : now_(start) {}
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] Handle after(Duration delay, Action action) { return at(now_ + delay, std::move(action)); }
    [[nodiscard]] Handle at(Time due, Action action);
    /// When advance() has something to do next.
    [[nodiscard]] std::optional<Time> next_deadline() const;
    /// Runs what is due up to `now`, in order of due time then of creation, with now() set to each due time.
    void advance(Time now);

private:
    using Key = std::pair<Time, std::uint64_t>;
    std::map<Key, Action> pending_;
    Time now_;
    std::uint64_t created_ = 0;
};

}  // namespace atls
