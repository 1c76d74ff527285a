// What can happen to a modem that its host does not ask for: one table, behind transcripts, console, unix socket and
// REST.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "at/unit.hpp"
#include "base/result.hpp"

namespace atls::control {

struct Refusal {
    std::string text;  ///< one line: what was wrong, and what would be right
};
/// Lines for people, each ended by LF; empty where there is nothing to say.
using Answer = Result<std::string, Refusal>;
using Arguments = std::span<const std::string_view>;

struct Verb {
    std::string_view name;       ///< one or two words: "network", "pdp drop"
    std::string_view arguments;  ///< as help shows them
    std::size_t least = 0;       ///< how many arguments
    std::size_t most = 0;
    std::string_view help;
    Answer (*run)(at::Unit& unit, Arguments arguments);
};

std::span<const Verb> verbs();

/// One line, "network lost": words between blanks. Case matters in no word that is ours.
Answer run(at::Unit& unit, std::string_view line);
/// "pdp drop CONTEXT"
std::string usage(const Verb& verb);

/// The same as an exchange over a socket: each line of the answer behind a blank, then "ok", or "error " and the
/// reason.
std::string converse(at::Unit& unit, std::string_view line);

}  // namespace atls::control
