// What the 27.007 commands remember for the whole module until it is switched off: at::Unit::state<Reports>().
#pragma once

#include <array>
#include <map>
#include <string>

#include "modem/events.hpp"

namespace atls::dialects::threegpp {

struct Reports {
    std::array<int, 3> registration{};        ///< <n> of CREG, CGREG, CEREG
    std::array<std::string, 3> last_shown{};  ///< what their URCs, or nothing yet, last told
    /// The same for each port, where URCs go to all of them.
    std::array<std::map<modem::PortId, std::string>, 3> shown_on{};
    int operator_mode = 0;              ///< COPS <mode>: 0 automatic, 1 manual, 4 manual then automatic
    int operator_format = 0;            ///< COPS <format>
    std::string character_set = "GSM";  ///< CSCS

    int& level(modem::Domain domain) { return registration[static_cast<std::size_t>(domain)]; }
    std::string& shown(modem::Domain domain) { return last_shown[static_cast<std::size_t>(domain)]; }
    const std::string& shown(modem::Domain domain, modem::PortId port) {
        const auto& each = shown_on[static_cast<std::size_t>(domain)];
        const auto found = each.find(port);
        return found == each.end() ? shown(domain) : found->second;
    }
    /// `on_all`: other ports have yet to be told the same.
    void tell(modem::Domain domain, modem::PortId port, const std::string& status, bool on_all) {
        auto& each = shown_on[static_cast<std::size_t>(domain)];
        if (on_all) {
            each[port] = status;
            return;
        }
        each.clear();
        shown(domain) = status;
    }
    void begin(modem::Domain domain, std::string status) {
        shown(domain) = std::move(status);
        shown_on[static_cast<std::size_t>(domain)].clear();
    }
};

}  // namespace atls::dialects::threegpp
