#include "tls/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "tls/suites.hpp"

namespace atls::tls {

namespace {

struct Alert {
    std::uint8_t number;
    std::string_view name;
};
// RFC 5246 7.2, RFC 6066 9, RFC 4279 6, RFC 7301 3.2; 41 is SSL 3.0's.
constexpr std::array<Alert, 33> alerts{{{0, "close_notify"},
                                        {10, "unexpected_message"},
                                        {20, "bad_record_mac"},
                                        {21, "decryption_failed"},
                                        {22, "record_overflow"},
                                        {30, "decompression_failure"},
                                        {40, "handshake_failure"},
                                        {41, "no_certificate"},
                                        {42, "bad_certificate"},
                                        {43, "unsupported_certificate"},
                                        {44, "certificate_revoked"},
                                        {45, "certificate_expired"},
                                        {46, "certificate_unknown"},
                                        {47, "illegal_parameter"},
                                        {48, "unknown_ca"},
                                        {49, "access_denied"},
                                        {50, "decode_error"},
                                        {51, "decrypt_error"},
                                        {60, "export_restriction"},
                                        {70, "protocol_version"},
                                        {71, "insufficient_security"},
                                        {80, "internal_error"},
                                        {86, "inappropriate_fallback"},
                                        {90, "user_canceled"},
                                        {100, "no_renegotiation"},
                                        {109, "missing_extension"},
                                        {110, "unsupported_extension"},
                                        {111, "certificate_unobtainable"},
                                        {112, "unrecognized_name"},
                                        {113, "bad_certificate_status_response"},
                                        {115, "unknown_psk_identity"},
                                        {116, "certificate_required"},
                                        {120, "no_application_protocol"}}};

}  // namespace

std::string date_text(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

std::string address_text(const Bytes& octets) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = octets.size() == 4 ? AF_INET : AF_INET6;
    if (octets.size() != 4 && octets.size() != 16) return to_hex(octets);
    const char* written = inet_ntop(family, octets.data(), text.data(), text.size());
    return written == nullptr ? to_hex(octets) : written;
}

std::string alert_text(std::uint8_t number) {
    const auto found = std::find_if(alerts.begin(), alerts.end(), [&](const Alert& a) { return a.number == number; });
    const std::string name = found == alerts.end() ? "alert" : std::string(found->name);
    return name + " (" + std::to_string(number) + ")";
}

std::string suite_text(std::uint16_t number) {
    const Bytes octets{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
    const Suite* suite = find_suite(number);
    return (suite == nullptr ? "suite" : std::string(suite->name)) + " (" + to_hex(octets) + ")";
}

}  // namespace atls::tls
