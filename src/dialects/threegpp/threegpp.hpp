// 3GPP TS 27.007 commands as the modules answer them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "at/call.hpp"
#include "at/command.hpp"
#include "at/dialect.hpp"
#include "at/urc.hpp"
#include "base/time.hpp"

namespace atls::dialects::threegpp {

std::span<const at::Command> commands();
std::span<const at::Urc> urcs();
std::span<const at::Part> missing_parts();

/// 27.007 9.2: the words of a +CME ERROR code; empty if the standard has none.
std::string_view error_text(int code);
namespace cme {
inline constexpr int operation_not_allowed = 3;
inline constexpr int operation_not_supported = 4;
inline constexpr int sim_not_inserted = 10;
inline constexpr int sim_pin_required = 11;
inline constexpr int sim_failure = 13;
inline constexpr int incorrect_password = 16;
inline constexpr int no_network_service = 30;
inline constexpr int incorrect_parameters = 50;
inline constexpr int unknown = 100;
}  // namespace cme

/// CEREG's and CGREG's reports: 4 adds the timers of power saving. A family may declare CEREG's differently.
inline constexpr std::array<std::int64_t, 4> levels_with_psm{0, 1, 2, 4};
inline constexpr at::Int evolved_level = at::opt(at::Int{"n", levels_with_psm, "(0-2,4)"}, at::Brackets::no);

// --- for tables that build on this one ------------------------------------------------------------------------------

/// What a command answers that needs the SIM's files while they cannot be had; nullopt: they can. A PIN still wanted
/// locks only some of them.
std::optional<at::Reply> without_sim(const at::Call& call);
std::optional<at::Reply> without_unlocked_sim(const at::Call& call);
/// What AT+CPIN= answers when `pin` does not unlock the card; nullopt: it does.
std::optional<at::Reply> wrong_pin(const at::Call& call, const std::string& pin);
/// AT+CPSMS: 1 while the host asks for power saving.
int psm_mode(const modem::Modem& modem);
/// AT+CFUN without a restart: the card comes up before the network does.
void set_functionality(at::Unit& unit, modem::Functionality now);
/// The SIM has just come up: +CPIN: READY and what follows, on the URC port.
void announce_sim(at::Unit& unit);

/// "26/11/21,08:00:00", with four digits of the year "2026/11/21,08:00:00".
enum class Year : std::uint8_t { two_digits, four_digits };
std::string time_text(WallTime time, Year year);
/// Quarters of an hour, as "+08" or "-32".
std::string zone_text(int zone_quarters);
/// What a clock in that zone shows.
WallTime local_time(WallTime utc, int zone_quarters);

}  // namespace atls::dialects::threegpp
