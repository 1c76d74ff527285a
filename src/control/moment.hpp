// Points in time as people type them: 2026-11-21T08:00:00Z, 2026-11-21T08:00:00+02:00.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace atls::control {

struct Moment {
    WallTime utc{};
    int zone_quarters = 0;  ///< of the offset that was written; Z: 0
};

/// ISO 8601, whole seconds, with Z or an offset of whole quarters of an hour. nullopt: anything else.
std::optional<Moment> parse_moment(std::string_view text);
/// "2026-11-21T08:00:00Z"
std::string words_of(WallTime utc);
/// -48 … +56, an optional sign; nullopt: anything else.
std::optional<int> parse_zone(std::string_view text);

}  // namespace atls::control
