#include "store/file_name.hpp"

#include "base/bytes.hpp"

namespace atls::store {

namespace {

// NAME_MAX of every Linux file system; some encrypting ones have 143.
constexpr std::size_t longest = 255;

/// Octets of the well-formed UTF-8 sequence of more than one octet at the front, or 0. RFC 3629, clause 4.
std::size_t utf8_sequence(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto between = [&](std::size_t i, unsigned low, unsigned high) { return at(i) >= low && at(i) <= high; };
    const auto tail = [&](std::size_t i) { return between(i, 0x80, 0xBF); };
    if (between(0, 0xC2, 0xDF) && tail(1)) return 2;
    if (between(0, 0xE0, 0xEF) && tail(1) && tail(2)) {
        const bool overlong = at(0) == 0xE0 && at(1) < 0xA0;
        const bool surrogate = at(0) == 0xED && at(1) > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (between(0, 0xF0, 0xF4) && tail(1) && tail(2) && tail(3)) {
        const bool overlong = at(0) == 0xF0 && at(1) < 0x90;
        const bool beyond = at(0) == 0xF4 && at(1) > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool is_plain(char c, bool leads) { return c >= ' ' && c <= '~' && c != '/' && c != '%' && !(leads && c == '.'); }

}  // namespace

std::optional<std::string> safe_name(std::string_view name) {
    std::string safe;
    for (std::size_t i = 0; i < name.size();) {
        const auto sequence = utf8_sequence(name.substr(i));
        if (sequence != 0 || is_plain(name[i], i == 0)) {
            safe += name.substr(i, sequence != 0 ? sequence : 1);
            i += sequence != 0 ? sequence : 1;
        } else {
            safe += "%" + to_hex(name.substr(i, 1));
            ++i;
        }
    }
    if (safe.empty() || safe.size() > longest) return std::nullopt;
    return safe;
}

std::optional<std::string> name_from(std::string_view safe) {
    std::string name;
    for (std::size_t i = 0; i < safe.size();) {
        if (safe[i] != '%') {
            name += safe[i++];
            continue;
        }
        const auto octet = from_hex(safe.substr(i + 1, 2));
        if (!octet || octet->size() != 1) return std::nullopt;
        name += *octet;
        i += 3;
    }
    if (safe_name(name) != safe) return std::nullopt;
    return name;
}

}  // namespace atls::store
