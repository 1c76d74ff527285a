#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>

namespace atls {

void broken(const char* what, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: broken: %s\n", file, line, what);
    std::abort();
}

}  // namespace atls
