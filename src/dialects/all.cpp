#include "dialects/all.hpp"

#include <array>

#include "dialects/bg96/bg96.hpp"

namespace atls::dialects {

std::span<const at::Dialect* const> all() {
    static const std::array<const at::Dialect*, 1> modules{&bg96()};
    return modules;
}

const at::Dialect* find(std::string_view name) {
    for (const at::Dialect* module : all()) {
        if (equal_ignoring_case(module->name, name)) return module;
    }
    return nullptr;
}

}  // namespace atls::dialects
