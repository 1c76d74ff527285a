// Where a row's knowledge comes from. Shown in docs/commands.md: a guess is never hidden.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace atls::at {

enum class Source : std::uint8_t {
    note,      ///< the vendor's application note for this function
    manual,    ///< another manual of the vendor, or of a sibling module
    standard,  ///< V.250, 3GPP 27.007 …
    trace,     ///< seen on a real module
    driver,    ///< a driver in use needs it so
    guess,     ///< ours; switchable where it shows on the wire
};

struct Origin {
    Source source = Source::guess;
    std::string_view document;
    std::string_view clause;
};

constexpr Origin note(std::string_view document, std::string_view clause) { return {Source::note, document, clause}; }
constexpr Origin manual(std::string_view document, std::string_view clause = {}) {
    return {Source::manual, document, clause};
}
constexpr Origin standard(std::string_view document, std::string_view clause = {}) {
    return {Source::standard, document, clause};
}
constexpr Origin trace(std::string_view device, std::string_view what = {}) { return {Source::trace, device, what}; }
constexpr Origin driver(std::string_view name, std::string_view what = {}) { return {Source::driver, name, what}; }
constexpr Origin guess(std::string_view why = {}) { return {Source::guess, why, {}}; }

/// "note BG96 SSL 2.1.2", for documents.
std::string words_of(const Origin& origin);

}  // namespace atls::at
