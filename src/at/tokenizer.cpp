#include "at/tokenizer.hpp"

namespace atls::at {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return ascii_upper(c) >= 'A' && ascii_upper(c) <= 'Z'; }
bool in_name(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("!%-./:_").find(c) != std::string_view::npos;
}
bool starts_extended(char c) { return std::string_view("+^%$*#").find(c) != std::string_view::npos; }

// Blanks outside quotes mean nothing anywhere: a note's own example writes AT+ QSSLOPEN =1, 0.
std::string without_blanks(std::string_view body) {
    std::string kept;
    kept.reserve(body.size());
    bool quoted = false;
    for (const char c : body) {
        if (c == '"') quoted = !quoted;
        if (quoted || (c != ' ' && c != '\t')) kept.push_back(c);
    }
    return kept;
}

// Where the command that starts before `from` ends: at the ; outside quotes, or at the end of the line.
std::size_t end_of_command(std::string_view body, std::size_t from) {
    bool quoted = false;
    while (from < body.size() && (quoted || body[from] != ';')) {
        if (body[from] == '"') quoted = !quoted;
        ++from;
    }
    return from;
}

}  // namespace

CommandLine::CommandLine(std::string_view body) : body_(without_blanks(body)) {}

bool CommandLine::at_end() const { return at_ >= body_.size(); }

Result<Parsed, Unreadable> CommandLine::next() {
    auto parsed = starts_extended(body_[at_]) ? extended() : basic();
    if (!parsed) return parsed;
    if (at_ < body_.size() && body_[at_] == ';') {
        ++at_;
    } else if (!parsed->basic && !at_end()) {
        return Unreadable{parsed->name};  // an extended command ends at ; or at the line's end
    }
    return parsed;
}

Result<Parsed, Unreadable> CommandLine::extended() {
    Parsed parsed;
    parsed.name.push_back(body_[at_++]);
    while (at_ < body_.size() && in_name(body_[at_])) parsed.name.push_back(ascii_upper(body_[at_++]));
    const std::size_t end = end_of_command(body_, at_);
    const std::string_view rest = std::string_view(body_).substr(at_, end - at_);
    at_ = end;
    if (rest.empty()) return parsed;
    if (rest == "?") {
        parsed.form = Form::read;
        return parsed;
    }
    if (rest == "=?") {
        parsed.form = Form::test;
        return parsed;
    }
    if (rest.front() != '=') return Unreadable{parsed.name};
    parsed.form = Form::set;
    // AT+QCFG="nwscanseq"? is seen to work on a BG96: the ? behind a key asks no more than its absence.
    const bool asked = rest.ends_with("\"?");
    auto arguments = split_arguments(rest.substr(1, rest.size() - (asked ? 2 : 1)));
    if (!arguments) return Unreadable{parsed.name};
    parsed.arguments = std::move(*arguments);
    return parsed;
}

Result<Parsed, Unreadable> CommandLine::basic() {
    Parsed parsed;
    parsed.basic = true;
    if (body_[at_] == '&') parsed.name.push_back(body_[at_++]);
    if (at_end() || !is_letter(body_[at_])) return Unreadable{};
    parsed.name.push_back(ascii_upper(body_[at_++]));
    if (parsed.name == "D") {
        // Dialling takes the rest of the line.
        parsed.form = Form::set;
        parsed.arguments.push_back({body_.substr(at_), false, true});
        at_ = body_.size();
        return parsed;
    }
    std::string number = digits();
    if (parsed.name == "S") {
        if (number.empty()) return Unreadable{parsed.name};
        parsed.arguments.push_back({number, false, true});
        if (!at_end() && body_[at_] == '?') {
            ++at_;
            parsed.form = Form::read;
            return parsed;
        }
        if (at_end() || body_[at_] != '=') return Unreadable{parsed.name};
        ++at_;
        number = digits();
    }
    if (!number.empty()) {
        parsed.form = Form::set;
        parsed.arguments.push_back({number, false, true});
    }
    if (parsed.name == "S" && parsed.form != Form::set) return Unreadable{parsed.name};
    return parsed;
}

std::string CommandLine::digits() {
    std::string number;
    while (!at_end() && is_digit(body_[at_])) number.push_back(body_[at_++]);
    return number;
}

std::optional<std::vector<Argument>> split_arguments(std::string_view text) {
    std::vector<Argument> arguments(1);
    bool quoted = false;
    for (const char c : text) {
        Argument& now = arguments.back();
        if (quoted) {
            if (c == '"') {
                quoted = false;
            } else {
                now.text.push_back(c);
            }
        } else if (c == ',') {
            arguments.emplace_back();
        } else if (now.quoted || (c == '"' && now.present)) {
            return std::nullopt;  // "ab"c or ab"c"
        } else if (c == '"') {
            quoted = now.quoted = now.present = true;
        } else {
            now.text.push_back(c);
            now.present = true;
        }
    }
    if (quoted) return std::nullopt;
    return arguments;
}

}  // namespace atls::at
