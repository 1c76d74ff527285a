#include "dialects/all.hpp"

#include <vector>

#include "dialects/bc66/bc66.hpp"
#include "dialects/bg96/bg96.hpp"
#include "dialects/ec200/ec200.hpp"
#include "dialects/gsm/gsm.hpp"

namespace atls::dialects {

std::span<const at::Dialect* const> all() {
    static const std::vector<const at::Dialect*> modules = [] {
        std::vector<const at::Dialect*> all{&bg96()};
        for (const auto family : {ec200_modules(), bc66_modules(), gsm_modules()}) {
            for (const at::Dialect& module : family) all.push_back(&module);
        }
        return all;
    }();
    return modules;
}

const at::Dialect* find(std::string_view name) {
    for (const at::Dialect* module : all()) {
        if (equal_ignoring_case(module->name, name)) return module;
    }
    return nullptr;
}

}  // namespace atls::dialects
