// For what only a fault of our own can break. The peer's faults are values, the world's are a Result.
#pragma once

#include <source_location>

namespace atls {

[[noreturn]] void broken(const char* what, const std::source_location& where);

inline void ensure(bool holds, const char* what,
                   const std::source_location& where = std::source_location::current()) {
    if (!holds) broken(what, where);
}

}  // namespace atls
