// Where the key that encrypts a module's NVRAM comes from.
#pragma once

#include <string>

#include "store/sealed_files.hpp"

namespace atls::app {

/// file:PATH       32 octets that only the user may read; made there if there is no such file, its folder too
/// env:NAME        64 hexadecimal digits in an environment variable
/// credential:NAME a file of 32 octets in $CREDENTIALS_DIRECTORY (systemd's LoadCredential); never made
bool well_formed_key_place(const std::string& place);
Result<store::SealKey, modem::FileFailure> nvram_key(const std::string& place);

}  // namespace atls::app
