// The settings of a port as AT&F, ATZ, AT&W and AT&V see them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "at/session.hpp"

namespace atls::dialects::hayes {

struct Register {
    int number;
    int at::LineProfile::*value;
    int lowest;
    int highest;
};
/// nullptr: there is no such S register.
const Register* find_register(std::int64_t number);

/// Factory settings; the rate stays.
void reset_profile(at::Unit& unit, at::Session& session);
/// Factory settings with the stored ones over them; the rate stays.
void recall_profile(at::Unit& unit, at::Session& session);
/// Durable on return; false: the disk refused.
bool store_profile(at::Unit& unit, const at::Session& session);
/// The lines of AT&V.
std::vector<std::string> profile_lines(const at::LineProfile& line);

}  // namespace atls::dialects::hayes
