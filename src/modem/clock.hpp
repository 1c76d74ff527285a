// The module's own clock (AT+CCLK), which certificate validity is checked against. Never the host's after start.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "base/timers.hpp"

namespace atls::modem {

class Clock {
public:
    /// `utc` unset: a module that never got network time; it counts from 1980-01-06 00:00:00 as such modules do.
    Clock(const Timers& timers, std::optional<WallTime> utc, int zone_quarters = 0);

    [[nodiscard]] WallTime utc() const;
    [[nodiscard]] int zone_quarters() const { return zone_quarters_; }  ///< -48 … +56, quarters of an hour
    [[nodiscard]] bool ever_set() const { return ever_set_; }
    /// The host's name for where the time came from: "AT+CCLK", "network time", "NTP", "never set".
    [[nodiscard]] const char* origin() const { return origin_; }
    /// When network time last arrived (AT+QLTS); nullopt: never.
    [[nodiscard]] std::optional<WallTime> network_time() const;
    /// What network time is now, counted on from there, and its zone; the Unix epoch and 0 if it never came.
    [[nodiscard]] WallTime network_time_now() const;
    [[nodiscard]] int network_zone_quarters() const { return heard_ ? heard_->zone_quarters : 0; }

    void set(WallTime utc, int zone_quarters, const char* origin);
    /// Network time arrived; the clock itself stays as it is.
    void hear_network(WallTime utc, int zone_quarters);

private:
    struct Heard {
        WallTime utc;
        Time at;
        int zone_quarters;
    };
    const Timers& timers_;
    WallTime base_;
    Time base_at_;
    int zone_quarters_;
    bool ever_set_;
    const char* origin_;
    std::optional<Heard> heard_;
};

}  // namespace atls::modem
