// The parts of an http or https URL (RFC 3986, RFC 9110 4.2) that a request needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atls::codec {

struct Url {
    bool secure = false;  ///< https
    std::string host;     ///< a name or an address, IPv6 without brackets
    std::uint16_t port = 80;
    std::string target = "/";  ///< path and query, as they go on the request line

    /// For the Host field: the port only where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};

/// nullopt: another scheme, no host, a port that is none, blanks or control characters. User names and fragments are
/// dropped.
std::optional<Url> parse_url(std::string_view text);

}  // namespace atls::codec
