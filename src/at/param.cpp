#include "at/param.hpp"

#include <algorithm>
#include <charconv>

namespace atls::at {

namespace {

std::optional<std::int64_t> parse_number(const Param& param, std::string_view text) {
    int base = 10;
    if (param.kind == Kind::hex) {
        if (!equal_ignoring_case(text.substr(0, 2), "0X")) return std::nullopt;
        text.remove_prefix(2);
        base = 16;
    }
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data(), end, number, base);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

bool allowed(const Param& param, std::int64_t number) {
    if (param.only.empty()) return number >= param.lowest && number <= param.highest;
    return std::find(param.only.begin(), param.only.end(), number) != param.only.end();
}

}  // namespace

std::string hex4(std::int64_t number) {
    const auto low = static_cast<std::uint16_t>(number);
    const char octets[2] = {static_cast<char>(low >> 8U), static_cast<char>(low & 0xFFU)};
    return "0X" + to_hex(BytesView(octets, 2));
}

std::optional<Value> check(const Param& param, const Argument& argument) {
    if (!argument.present) return param.optional ? std::optional<Value>(Value{}) : std::nullopt;
    if (param.kind == Kind::text) {
        const auto length = static_cast<std::int64_t>(argument.text.size());
        if (length < param.lowest || length > param.highest) return std::nullopt;
        return Value{true, 0, argument.text};
    }
    if (argument.quoted && !param.quotes_allowed) return std::nullopt;
    const auto number = parse_number(param, argument.text);
    if (!number || !allowed(param, *number)) return std::nullopt;
    return Value{true, *number, argument.text};
}

std::string shown(const Param& param) {
    if (!param.shown.empty()) return std::string(param.shown);
    if (param.kind == Kind::text) return "<" + std::string(param.name) + ">";
    if (param.only.empty()) return "(" + std::to_string(param.lowest) + "-" + std::to_string(param.highest) + ")";
    std::string list;
    for (const auto value : param.only) {
        if (!list.empty()) list += ',';
        list += param.kind == Kind::hex ? hex4(value) : std::to_string(value);
    }
    return "(" + list + ")";
}

std::string shown(std::span<const Param* const> params) {
    std::string text;
    std::string closing;
    for (const Param* param : params) {
        const bool bracketed = param->optional && param->brackets == Brackets::yes;
        if (bracketed) {
            text += '[';
            closing += ']';
        }
        if (param != params.front()) text += ',';
        text += shown(*param);
    }
    return text + closing;
}

}  // namespace atls::at
