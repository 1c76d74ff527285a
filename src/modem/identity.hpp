// Who this modem and its SIM are: generated from a seed with valid check digits, settable.
#pragma once

#include <cstdint>
#include <string>

namespace atls::modem {

struct Identity {
    std::string imei;   ///< 15 digits, the last by Luhn
    std::string imsi;   ///< 15 digits
    std::string iccid;  ///< 20 digits, the last by Luhn
};

Identity identity_from(std::uint64_t seed);
/// The Luhn digit that makes `digits` + it valid.
char luhn_digit(const std::string& digits);

}  // namespace atls::modem
