// atls modules, suites, commands: what there is, for people.
#pragma once

#include <string>

#include "at/dialect.hpp"

namespace atls::app {

std::string modules_listing();
std::string suites_listing(const at::Dialect& dialect);
std::string commands_listing(const at::Dialect& dialect);

}  // namespace atls::app
