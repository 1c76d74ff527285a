// The settings of a port as AT&F, ATZ, AT&W and AT&V see them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "at/session.hpp"

namespace atls::dialects::hayes {

inline constexpr std::array<std::int64_t, 8> rates{9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600};

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
