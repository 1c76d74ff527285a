// What the 27.007 commands remember for the whole module until it is switched off: at::Unit::state<Reports>().
#pragma once

#include <array>
#include <string>

#include "modem/events.hpp"

namespace atls::dialects::threegpp {

struct Reports {
    std::array<int, 3> registration{};        ///< <n> of CREG, CGREG, CEREG
    std::array<std::string, 3> last_shown{};  ///< what their URCs, or nothing yet, last told
    int operator_mode = 0;                    ///< COPS <mode>: 0 automatic, 1 manual, 4 manual then automatic
    int operator_format = 0;                  ///< COPS <format>
    std::string character_set = "GSM";        ///< CSCS

    int& level(modem::Domain domain) { return registration[static_cast<std::size_t>(domain)]; }
    std::string& shown(modem::Domain domain) { return last_shown[static_cast<std::size_t>(domain)]; }
};

}  // namespace atls::dialects::threegpp
