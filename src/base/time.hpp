// Two clocks that never mix: Time is monotonic and drives timeouts; WallTime is what the module's AT+CCLK shows.
#pragma once

#include <chrono>

namespace atls {

using Duration = std::chrono::microseconds;

/// Tag of the monotonic clock. It has no now(): time is handed to the inner half from outside.
struct Monotonic {
    using duration = Duration;
    using rep = Duration::rep;
    using period = Duration::period;
    using time_point = std::chrono::time_point<Monotonic, Duration>;
    static constexpr bool is_steady = true;
};
using Time = Monotonic::time_point;

/// UTC, whole seconds.
using WallTime = std::chrono::sys_seconds;

}  // namespace atls
