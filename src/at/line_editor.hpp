// Finds command lines in what the host sends (V.250 5.2): prefix, echo, backspace, terminator, A/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace atls::at {

class LineEditor {
public:
    struct Characters {
        char terminator = '\r';  ///< S3
        char backspace = '\b';   ///< S5
        bool line_feed_ends = false;
    };
    enum class Got : std::uint8_t { nothing, line, repeat, too_long };
    struct Step {
        Got got = Got::nothing;
        std::size_t consumed = 0;
        Bytes echo;  ///< what goes back to the host if echo is on
    };

    explicit LineEditor(std::size_t longest) : longest_(longest) {}

    /// Takes octets up to and including the end of one line. Whatever stands before AT or at is dropped unechoed. A/
    /// counts only where nothing but line ends came since the last line.
    Step feed(BytesView octets, const Characters& characters);
    /// The body of the line just found, without AT and without the terminator.
    [[nodiscard]] const std::string& body() const { return body_; }
    /// A line has begun and is not ended.
    [[nodiscard]] bool in_line() const { return state_ != State::idle; }
    /// Forgets a line that has begun: the host is gone.
    void reset();
    /// A data phase ended. What comes now may be its surplus, and base64 holds A/: no repeat before the next line.
    void after_payload() { may_repeat_ = false; }

private:
    enum class State : std::uint8_t { idle, saw_a, in_body, overflowed };
    void take(char c, const Characters& characters, Step& step);
    void take_body(char c, const Characters& characters, Step& step);

    std::size_t longest_;
    std::string body_;
    char first_ = 'A';  ///< the A or a that may begin a prefix, not echoed until the T follows
    State state_ = State::idle;
    bool may_repeat_ = true;
};

}  // namespace atls::at
