// Octets and the changes of a signal beside them (DTR), in the order they came.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace atls {

class MarkedQueue {
public:
    void append(BytesView octets) { octets_.append(octets); }
    /// The signal changed behind what is here.
    void mark(bool on) {
        // Off, on and off again with nothing between is off: a host that does nothing else fills no memory.
        const std::size_t count = marks_.size();
        const bool again = count >= 2 && marks_[count - 2].behind == size() && marks_[count - 2].on == on;
        if (again) {
            marks_.pop_back();
        } else {
            marks_.push_back({size(), on});
        }
    }

    /// Offers all in order to `taker`, which has on_bytes(), on_bytes_before_drop() and on_dtr() as ChannelUser has
    /// them. False: octets were refused and stay, or `gone` has become true, and this is no more.
    /// `drop_follows`: the signal goes off behind all that is here.
    template <class Taker>
    bool offer(Taker& taker, const bool& gone, bool drop_follows = false) {
        while (!empty()) {
            if (const auto on = take_mark()) {
                taker.on_dtr(*on);
                if (gone) return false;
                continue;
            }
            const BytesView now = marks_.empty() ? octets_.view() : octets_.view().substr(0, marks_.front().behind);
            std::size_t taken = taker.on_bytes(now);
            if (gone) return false;
            if (taken < now.size() && (marks_.empty() ? drop_follows : !marks_.front().on)) {
                taken += taker.on_bytes_before_drop(now.substr(taken));
                if (gone) return false;
            }
            const bool all = taken == now.size();
            consume(taken);
            if (!all) return false;
        }
        return true;
    }

    /// The next change, once no octets are before it.
    std::optional<bool> take_mark() {
        if (marks_.empty() || marks_.front().behind > 0) return std::nullopt;
        const bool on = marks_.front().on;
        marks_.erase(marks_.begin());
        return on;
    }
    [[nodiscard]] bool empty() const { return octets_.empty() && marks_.empty(); }
    [[nodiscard]] std::size_t size() const { return octets_.size(); }
    /// The changes stay.
    void drop_octets() {
        octets_.clear();
        for (Mark& mark : marks_) mark.behind = 0;
    }
    void clear() {
        octets_.clear();
        marks_.clear();
    }

private:
    struct Mark {
        std::size_t behind = 0;  ///< so many octets
        bool on = false;
    };

    void consume(std::size_t count) {
        octets_.consume(count);
        for (Mark& mark : marks_) mark.behind -= count;
    }

    ByteQueue octets_;
    std::vector<Mark> marks_;
};

}  // namespace atls
