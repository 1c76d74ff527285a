// Octets and the changes of a signal beside them (DTR), in the order they came.
#pragma once

#include <deque>
#include <optional>

#include "base/bytes.hpp"

namespace atls {

class MarkedQueue {
public:
    void append(BytesView octets) { octets_.append(octets); }
    /// The signal changed behind what is here.
    void mark(bool on) { marks_.push_back({octets_.size(), on}); }
    /// The octets before the next change.
    [[nodiscard]] BytesView octets() const {
        return marks_.empty() ? octets_.view() : octets_.view().substr(0, marks_.front().behind);
    }
    void consume(std::size_t count) {
        octets_.consume(count);
        for (Mark& mark : marks_) mark.behind -= count;
    }
    /// The next change, once no octets are before it.
    std::optional<bool> take_mark() {
        if (marks_.empty() || marks_.front().behind > 0) return std::nullopt;
        const bool on = marks_.front().on;
        marks_.pop_front();
        return on;
    }
    /// The signal went off and came on again: octets before that, which nobody takes, must go, or they would be taken
    /// for something else afterwards.
    bool drop_what_a_pulse_ended() {
        if (marks_.size() < 2) return false;
        consume(marks_.front().behind);
        return true;
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
    ByteQueue octets_;
    std::deque<Mark> marks_;
};

}  // namespace atls
