#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>

namespace atls {

void broken(const char* what, const std::source_location& where) {
    std::fprintf(stderr, "%s:%u: broken: %s\n", where.file_name(), where.line(), what);
    std::abort();
}

}  // namespace atls
