// The modules atls can be. One line each in all.cpp.
#pragma once

#include <span>
#include <string_view>

#include "at/dialect.hpp"

namespace atls::dialects {

std::span<const at::Dialect* const> all();
/// By name, without regard to case; null if there is none.
const at::Dialect* find(std::string_view name);

}  // namespace atls::dialects
