// The LTE Standard modules EC200M-CN, EC200N-CN, EC800M-CN and EC800N-CN as Dialect values. They differ in identity
// only.
#pragma once

#include <span>
#include <string_view>

#include "at/dialect.hpp"

namespace atls::dialects {

struct Ec200Identity {
    std::string_view name;           ///< as on the command line
    std::string_view model;          ///< ATI, CGMM
    std::string_view revision;       ///< ATI, CGMR
    std::string_view long_revision;  ///< QGMR
};

/// The family's body with this identity.
at::Dialect ec200(const Ec200Identity& identity);

/// The modules: identities.cpp lists them.
std::span<const at::Dialect> ec200_modules();

/// The family's AT+QSSLCFG table.
std::span<const at::Command> ec200_ssl_config();
/// Its AT+QICSGP.
std::span<const at::Command> ec200_pdp_commands();
/// What these modules have beside the shared general commands: ICCID QSCLKEX QADC CEDRXRDP.
std::span<const at::Command> ec200_general_commands();

}  // namespace atls::dialects
