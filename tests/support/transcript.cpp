#include "support/transcript.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>

#include "dialects/all.hpp"

namespace atls::test {

namespace {

struct Mark {
    std::string_view text;
    StepKind kind;
};
// A longer mark comes before the one that it begins with.
constexpr Mark marks[] = {
    {">>", StepKind::send_raw}, {">", StepKind::send_line}, {"<", StepKind::line}, {"~", StepKind::urc},
    {"|", StepKind::raw},       {"@", StepKind::advance},   {"!", StepKind::verb},
};

std::string_view trimmed(std::string_view text) {
    const auto end = text.find_last_not_of(" \t\r");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// "# Title.   use bg96 ec200   from BG96 SSL note 3.3"
bool read_header(const std::string& text, Transcript& transcript) {
    static const std::regex form(R"(# *(.+?) {2,}use +(\S+(?: \S+)*) {2,}from +(.+))");
    std::smatch parts;
    if (!std::regex_match(text, parts, form)) return false;
    transcript.title = parts[1];
    std::istringstream words(parts[2]);
    for (std::string word; words >> word;) transcript.uses.push_back(word);
    transcript.origin = parts[3];
    return true;
}

std::optional<Step> read_step(std::string_view text, int line) {
    for (const auto& mark : marks) {
        if (!text.starts_with(mark.text)) continue;
        std::string_view rest = text.substr(mark.text.size());
        if (!rest.empty() && rest.front() != ' ') return std::nullopt;
        if (!rest.empty()) rest.remove_prefix(1);
        StepKind kind = mark.kind;
        if (kind == StepKind::line && rest.empty()) kind = StepKind::frame_end;
        if (kind == StepKind::line && rest == ">") kind = StepKind::prompt;
        return Step{kind, line, std::string(rest)};
    }
    return std::nullopt;
}

}  // namespace

Result<Transcript, TranscriptFault> parse_transcript(std::string file, std::string_view text) {
    Transcript transcript{std::move(file), {}, {}, {}, {}};
    int number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (number == 1) {
            if (!read_header(std::string(line), transcript)) {
                return TranscriptFault{transcript.where(number) + "not a header: # Title.  use DIALECT  from ORIGIN"};
            }
            continue;
        }
        if (line.empty() || line.front() == '#') continue;
        auto step = read_step(line, number);
        if (!step) return TranscriptFault{transcript.where(number) + "not a step: " + std::string(line)};
        transcript.steps.push_back(std::move(*step));
    }
    if (number == 0) return TranscriptFault{transcript.where(1) + "empty file"};
    return transcript;
}

Result<Transcript, TranscriptFault> read_transcript(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return TranscriptFault{path + ":1: cannot be read"};
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return parse_transcript(path, text);
}

Result<std::vector<const at::Dialect*>, TranscriptFault> modules_of(const Transcript& transcript) {
    std::vector<const at::Dialect*> modules;
    for (const auto& word : transcript.uses) {
        const auto before = modules.size();
        for (const at::Dialect* dialect : dialects::all()) {
            const bool meant = equal_ignoring_case(dialect->name, word) || equal_ignoring_case(dialect->family, word);
            if (meant) modules.push_back(dialect);
        }
        if (modules.size() == before) return TranscriptFault{transcript.where(1) + "no module or family " + word};
    }
    return modules;
}

std::vector<std::string> transcript_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".txt" &&
            entry.path().filename() != "CMakeLists.txt")
            files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace atls::test
