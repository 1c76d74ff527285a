// For what only a fault of our own can break. The peer's faults are values, the world's are a Result.
#pragma once

namespace atls {

[[noreturn]] void broken(const char* what, const char* file, int line);

// The builtins, not std::source_location: clang 14 with libstdc++ 12 has none.
inline void ensure(bool holds, const char* what, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (!holds) broken(what, file, line);
}

}  // namespace atls
