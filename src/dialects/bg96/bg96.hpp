// The Quectel BG96 as a Dialect value.
#pragma once

#include <span>

#include "at/dialect.hpp"

namespace atls::dialects {

const at::Dialect& bg96();

/// Its AT+QSSLCFG table.
std::span<const at::Command> bg96_ssl_config();

}  // namespace atls::dialects
