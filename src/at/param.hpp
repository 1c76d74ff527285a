// A parameter is declared once; the declaration drives parsing, range errors, =?, typed access and the documents.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace atls::at {

enum class Kind : std::uint8_t {
    integer,  ///< decimal
    hex,      ///< 0X… or 0x…
    text,     ///< quoted or bare
};
/// How an optional parameter looks in =?: in brackets, as most are, or plain, as some real modules print it.
enum class Brackets : std::uint8_t { yes, no };

struct Param {
    std::string_view name;  ///< as the standard or the note writes it, without < >
    Kind kind = Kind::text;
    std::int64_t lowest = 0;               ///< text: shortest length
    std::int64_t highest = 0;              ///< text: longest length, octets
    std::span<const std::int64_t> only{};  ///< if not empty, just these values, and =? lists them
    std::string_view shown{};              ///< in =?; empty: derived from the range
    bool optional = false;
    Brackets brackets = Brackets::yes;
    bool quotes_allowed = true;  ///< for numbers: "0X0035" as well as 0X0035
    bool unlisted = false;       ///< accepted, not shown in =?
};

inline constexpr std::array<std::int64_t, 2> zero_or_one{0, 1};

// Typed, so that call[param] yields the right type.
struct Int : Param {
    constexpr Int(std::string_view label, std::int64_t low, std::int64_t high, std::string_view in_test = {})
        : Param{label, Kind::integer, low, high, {}, in_test, false, Brackets::yes, false} {}
    constexpr Int(std::string_view label, std::span<const std::int64_t> values, std::string_view in_test = {})
        : Param{label, Kind::integer, 0, 0, values, in_test, false, Brackets::yes, false} {}
};
/// 0 or 1, shown as (0,1).
struct Flag : Int {
    constexpr explicit Flag(std::string_view label) : Int(label, zero_or_one) {}
};
struct Hex : Param {
    constexpr Hex(std::string_view label, std::span<const std::int64_t> values, bool may_be_quoted)
        : Param{label, Kind::hex, 0, 0, values, {}, false, Brackets::yes, may_be_quoted} {}
};
struct Text : Param {
    constexpr explicit Text(std::string_view label, std::int64_t longest = 255, std::string_view in_test = {})
        : Param{label, Kind::text, 0, longest, {}, in_test, false, Brackets::yes, true} {}
};

/// The same number, which may stand in quotes.
template <class P>
constexpr P in_quotes_too(P param) {
    param.quotes_allowed = true;
    return param;
}
/// The same parameter, which may be left out.
template <class P>
constexpr P opt(P param, Brackets brackets = Brackets::yes) {
    param.optional = true;
    param.brackets = brackets;
    return param;
}

/// The same parameter, accepted and not shown in =?.
template <class P>
constexpr P unlisted(P param) {
    param.unlisted = true;
    return param;
}

/// A text that must not be empty.
constexpr Text filled(Text param) {
    param.lowest = 1;
    return param;
}

/// One argument as the host wrote it.
struct Argument {
    std::string text;  ///< without quotes
    bool quoted = false;
    bool present = false;  ///< something was written: an empty "" is present, nothing between commas is not
};

/// A checked argument.
struct Value {
    bool present = false;
    std::int64_t number = 0;
    std::string text;
};

/// nullopt: the argument breaks the declaration (missing, out of range, wrong kind, too long).
std::optional<Value> check(const Param& param, const Argument& argument);

/// "0X0035": the low 16 bits.
std::string hex4(std::int64_t number);

/// What =? shows for one parameter: "(0-5)", "(0,1)", "<serveraddr>".
std::string shown(const Param& param);
/// What =? shows for all: "(1-16),(0-5),<serveraddr>[,(0-2)]".
std::string shown(std::span<const Param* const> params);

}  // namespace atls::at
