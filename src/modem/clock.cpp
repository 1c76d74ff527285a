#include "modem/clock.hpp"

namespace atls::modem {

namespace {
// The GPS epoch, where the modules' clocks stand before any network told them the time.
constexpr WallTime never_set_time =
    std::chrono::sys_days{std::chrono::year{1980} / std::chrono::January / std::chrono::day{6}};
}  // namespace

Clock::Clock(const Timers& timers, std::optional<WallTime> utc, int zone_quarters)
    : timers_(timers),
      base_(utc.value_or(never_set_time)),
      base_at_(timers.now()),
      zone_quarters_(zone_quarters),
      ever_set_(utc.has_value()),
      origin_(utc ? "network time" : "never set") {
    if (utc) hear_network(*utc, zone_quarters);
}

WallTime Clock::utc() const { return base_ + std::chrono::floor<std::chrono::seconds>(timers_.now() - base_at_); }

void Clock::set(WallTime utc, int zone_quarters, const char* origin) {
    base_ = utc;
    base_at_ = timers_.now();
    zone_quarters_ = zone_quarters;
    ever_set_ = true;
    origin_ = origin;
}

void Clock::hear_network(WallTime utc, int zone_quarters) { heard_ = Heard{utc, timers_.now(), zone_quarters}; }

std::optional<WallTime> Clock::network_time() const {
    if (!heard_) return std::nullopt;
    return heard_->utc;
}

WallTime Clock::network_time_now() const {
    if (!heard_) return {};
    return heard_->utc + std::chrono::floor<std::chrono::seconds>(timers_.now() - heard_->at);
}

}  // namespace atls::modem
