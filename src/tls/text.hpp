// Facts as people read them in a Failure's sentence.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace atls::tls {

std::string date_text(WallTime time);           ///< "2024-01-02 00:00:00"
std::string address_text(const Bytes& octets);  ///< 4 or 16 octets as an IP literal
std::string alert_text(std::uint8_t number);    ///< "certificate_expired (45)"
std::string suite_text(std::uint16_t number);   ///< "TLS_RSA_WITH_AES_128_CBC_SHA (002F)"

}  // namespace atls::tls
