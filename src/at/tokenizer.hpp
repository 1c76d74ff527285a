// From a command line's body to commands and arguments (V.250 5.3, 5.4). No knowledge of any command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "at/command.hpp"
#include "at/param.hpp"
#include "base/result.hpp"

namespace atls::at {

struct Parsed {
    std::string name;  ///< upper case: "+QSSLOPEN", "E", "&F", "S"
    Form form = Form::execute;
    std::vector<Argument> arguments;  ///< Form::set
    bool basic = false;
};

/// What stands here is no command, and the rest of the line cannot be read.
struct Unreadable {
    std::string name;  ///< of the command whose arguments cannot be read; empty: there is not even a name
};

/// Walks a line's body (what stands between AT and CR) command by command.
class CommandLine {
public:
    explicit CommandLine(std::string_view body);

    [[nodiscard]] bool at_end() const;
    Result<Parsed, Unreadable> next();

private:
    Result<Parsed, Unreadable> extended();
    Result<Parsed, Unreadable> basic();
    std::string digits();

    std::string body_;  ///< blanks outside quotes removed
    std::size_t at_ = 0;
};

/// Splits at commas outside quotes; nullopt: a quote that is not closed or stands inside a word.
std::optional<std::vector<Argument>> split_arguments(std::string_view text);

}  // namespace atls::at
