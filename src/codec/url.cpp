#include "codec/url.hpp"

#include <algorithm>
#include <charconv>

#include "base/bytes.hpp"

namespace atls::codec {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool takes_prefix(std::string_view& text, std::string_view prefix) {
    if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// What may not stand in a request line.
bool ends_a_word(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; }

std::optional<std::uint16_t> port_of(std::string_view digits) {
    unsigned number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool good = fault == std::errc{} && end == digits.data() + digits.size() && number >= 1 && number <= 65535;
    return good ? std::optional(static_cast<std::uint16_t>(number)) : std::nullopt;
}

// "host", "host:80", "[::1]:80"
bool take_authority(Url& url, std::string_view text) {
    if (const auto user = text.rfind('@'); user != std::string_view::npos) text.remove_prefix(user + 1);
    std::size_t end = text.find(':');
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        url.host = text.substr(1, close - 1);
        end = close + 1 == text.size() ? std::string_view::npos : close + 1;
        if (end != std::string_view::npos && text[end] != ':') return false;
    } else {
        url.host = text.substr(0, end);
    }
    if (url.host.empty()) return false;
    if (end == std::string_view::npos || end + 1 == text.size()) return true;
    const auto port = port_of(text.substr(end + 1));
    if (port) url.port = *port;
    return port.has_value();
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    if (std::any_of(text.begin(), text.end(), ends_a_word)) return std::nullopt;
    Url url;
    url.secure = takes_prefix(text, "https://");
    if (!url.secure && !takes_prefix(text, "http://")) return std::nullopt;
    url.port = url.secure ? https_port : http_port;
    text = text.substr(0, text.find('#'));
    const auto end = std::min(text.find_first_of("/?"), text.size());
    if (!take_authority(url, text.substr(0, end))) return std::nullopt;
    url.target = text.substr(end);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    return url;
}

std::string Url::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (secure ? https_port : http_port) ? name : name + ":" + std::to_string(port);
}

}  // namespace atls::codec
