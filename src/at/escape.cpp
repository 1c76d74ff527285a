#include "at/escape.hpp"

#include <utility>

namespace atls::at {

namespace {
constexpr std::size_t plusses = 3;
}

bool EscapeDetector::fits(Time now) const {
    if (held_ == 0) return now - last_ >= timing_.before;
    if (held_ >= plusses || now - first_plus_ > timing_.within) return false;
    return !timing_.gap || now - last_ <= *timing_.gap;
}

EscapeDetector::Step EscapeDetector::feed(BytesView octets, Time now) {
    Step step;
    if (octets.empty()) return step;
    const bool only_plus = octets.size() <= plusses - held_ && octets.find_first_not_of('+') == BytesView::npos;
    if (only_plus && fits(now)) {
        if (held_ == 0) first_plus_ = now;
        held_ += octets.size();
        last_ = now;
        return step;
    }
    step.released = take_held();
    last_ = now;
    step.data = octets;
    return step;
}

std::optional<Time> EscapeDetector::deadline() const {
    if (held_ == 0) return std::nullopt;
    if (held_ == plusses) return last_ + timing_.after;
    return first_plus_ + timing_.within;
}

EscapeDetector::Verdict EscapeDetector::expire(Time now) {
    const auto due = deadline();
    if (!due || now < *due) return Verdict::pending;
    if (held_ == plusses) {
        held_ = 0;
        return Verdict::escaped;
    }
    return Verdict::refused;
}

Bytes EscapeDetector::take_held() { return Bytes(std::exchange(held_, 0), '+'); }

}  // namespace atls::at
