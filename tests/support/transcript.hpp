// Transcripts: what a host sends and what it must see, octet by octet. This file: reading them, with file:line for
// every fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "at/dialect.hpp"
#include "base/result.hpp"

namespace atls::test {

enum class StepKind : std::uint8_t {
    send_line,  ///< "> AT"           the line, CR; its echo is expected while echo is on
    send_raw,   ///< ">> \x1A"        octets; no echo is taken for granted
    line,       ///< "< OK"           consecutive lines are one frame, a final result code is one of its own
    frame_end,  ///< "<"              what follows is another frame
    prompt,     ///< "< >"            CR LF > blank
    urc,        ///< "~ RDY"          a frame of its own
    raw,        ///< "| 0D0A", or | "text\r\n"
    advance,    ///< "@ +30s"
    verb,       ///< "! pdp drop 1"
};

struct Step {
    StepKind kind = StepKind::verb;
    int line = 0;      ///< in the file
    std::string text;  ///< without the mark
};

struct Transcript {
    std::string file;
    std::string title;
    std::vector<std::string> uses;  ///< modules or families: "bg96", "ec200"
    std::string origin;             ///< "BG96 SSL note 3.3"
    std::vector<Step> steps;

    [[nodiscard]] std::string where(int line) const { return file + ":" + std::to_string(line) + ": "; }
};

/// "file:line: what is wrong with it"
struct TranscriptFault {
    std::string text;
};

Result<Transcript, TranscriptFault> parse_transcript(std::string file, std::string_view text);
Result<Transcript, TranscriptFault> read_transcript(const std::string& path);

/// The modules it is for, in order; those of one family stand together.
Result<std::vector<const at::Dialect*>, TranscriptFault> modules_of(const Transcript& transcript);

/// Every *.txt below `folder`, sorted.
std::vector<std::string> transcript_files(const std::string& folder);

}  // namespace atls::test
