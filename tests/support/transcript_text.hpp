// The text of transcript steps: escapes, words, durations, and lines with captures.
#pragma once

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace atls::test {

/// What a pattern caught, by name.
using Captures = std::map<std::string, std::string>;

/// \r \n \t \\ \" \< \xNN; nullopt: another escape.
std::optional<Bytes> unescape(std::string_view text);
/// The other way, for reports: CR LF as \r\n, the rest printable or \xNN.
std::string escaped(BytesView octets);

/// Words apart by blanks, "quoted words" with escapes; nullopt: a quote or escape is wrong.
std::optional<std::vector<std::string>> words_of(std::string_view text);

/// "+30s", "+1500ms", "+2m", "+1h", "+3d"
std::optional<Duration> duration_of(std::string_view text);

/// Raw octets as the | step has them: hex with blanks anywhere, or "text" with escapes and <name>.
std::optional<Bytes> raw_octets(std::string_view text, const Captures& captures = {});

/// Each <name> that something was caught for, replaced by that.
std::string reused(std::string text, const Captures& captures);

/// A line with <name:regex> and <name>. A <name> that nothing was caught for stands for itself: notes print <APN>.
class Pattern {
public:
    /// The error says what is wrong.
    static Result<Pattern, std::string> parse(std::string_view text);

    /// The whole of `line`? Catches on success.
    [[nodiscard]] bool matches(BytesView line, Captures& captures) const;
    /// With captures put in; for what is sent and for reports.
    [[nodiscard]] Bytes filled(const Captures& captures) const;
    [[nodiscard]] bool literal() const;

private:
    struct Part {
        enum class Kind { literal, capture, reuse } kind = Kind::literal;
        std::string text;  ///< octets, or the name
        std::string regex;
        unsigned groups = 0;  ///< within regex
    };
    std::vector<Part> parts_;
};

}  // namespace atls::test
