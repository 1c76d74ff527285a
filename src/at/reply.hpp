// What a command handler answers, as a value. The engine owns echo, framing, order and result-code formats.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "at/multiplexer.hpp"
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "modem/events.hpp"

namespace atls::at {

class Reply;

/// The final result code of a command.
struct Final {
    enum class What : std::uint8_t {
        ok,
        error,         ///< plain ERROR, whatever CMEE says
        cme,           ///< +CME ERROR: code, or ERROR with CMEE=0
        fault,         ///< ERROR, and AT+QIGETERROR will name `fault`
        words,         ///< a text of its own that counts as success: SEND OK, CONNECT OK, DEACT OK
        failed_words,  ///< a text of its own that counts as failure: NO CARRIER, SEND FAIL
        silent,        ///< no result code at all
    };
    What what = What::ok;
    int code = 0;                             ///< What::cme
    modem::Fault fault = modem::Fault::none;  ///< What::fault
    std::string words;
    std::optional<int> numeric;  ///< with ATV0; none: the words stay words
};

/// The command goes on until an event ends it. `on_event` returns the reply once it saw the event it waits for.
/// It sees every event of the modem while it waits, before URCs are made of them.
struct Wait {
    std::function<std::optional<Reply>(const modem::Event&)> on_event;
};

/// How the host's data ended.
enum class End : std::uint8_t { full, terminated, cancelled, timed_out, escaped };
struct Collected {
    Bytes data;
    End end = End::full;
};
/// The host is asked for data: a prompt, or CONNECT.
struct Collect {
    enum class Invite : std::uint8_t { prompt, connect, silence };
    Invite invite = Invite::prompt;
    bool prompt_ends_line = false;      ///< CR LF > CR LF instead of CR LF > blank
    std::size_t limit = 0;              ///< octets; reaching it ends
    bool control_z = false;             ///< 1A ends and 1B cancels; else they are data
    bool echo = false;                  ///< payload is echoed as far as ATE allows
    bool escape = false;                ///< +++ within guards, or DTR, ends
    bool secret = false;                ///< no copy of it stays in memory; `done` wipes what it got
    std::optional<Duration> idle;       ///< without an octet for so long, it ends
    std::size_t acknowledge_every = 0;  ///< 'A' goes out after each so many octets; 0: never
    std::function<Reply(Collected)> done;
};

/// Data to the host, pulled as the port drains.
struct Stream {
    std::string header;  ///< the line before the data: "CONNECT", "CONNECT 10"
    /// At most `most` octets more; empty: finished. nullopt: nothing now, and HttpData follows.
    std::function<std::optional<Bytes>(std::size_t most)> more;
    bool escape = false;
    std::function<Reply(bool escaped)> done;
};

/// The port becomes the socket's wire: CONNECT, then data both ways.
struct EnterTransparent {
    int socket = 0;
};

/// OK, and from the next octet on the port carries the multiplexer's frames.
struct EnterMultiplexer {
    MuxSettings settings;
};

/// An information block (may be empty), then how the command goes on.
class Reply {
public:
    using Then = std::variant<Final, Wait, Collect, Stream, EnterTransparent, EnterMultiplexer>;

    Reply(Final final) : then(std::move(final)) {}
    Reply(Wait wait) : then(std::move(wait)) {}
    Reply(Collect collect) : then(std::move(collect)) {}
    Reply(Stream stream) : then(std::move(stream)) {}
    Reply(EnterTransparent enter) : then(enter) {}
    Reply(EnterMultiplexer enter) : then(enter) {}

    Reply&& with(std::string line) && {
        info.push_back(std::move(line));
        return std::move(*this);
    }

    std::vector<std::string> info;  ///< lines of one block
    Then then;
};

// --- the usual replies --------------------------------------------------------------------------------------------

inline Reply ok() { return Final{}; }
/// One information line (or several), then OK.
inline Reply info(std::string line) { return Reply(Final{}).with(std::move(line)); }
inline Reply info(std::vector<std::string> lines) {
    Reply reply{Final{}};
    reply.info = std::move(lines);
    return reply;
}
inline Reply error() { return Final{.what = Final::What::error, .words = {}, .numeric = {}}; }
inline Reply cme_error(int code) { return Final{.what = Final::What::cme, .code = code, .words = {}, .numeric = {}}; }
/// OK if none.
inline Reply fault(modem::Fault why) {
    if (why == modem::Fault::none) return ok();
    return Final{.what = Final::What::fault, .fault = why, .words = {}, .numeric = {}};
}
inline Reply words(std::string text) {
    return Final{.what = Final::What::words, .words = std::move(text), .numeric = {}};
}
inline Reply failed_words(std::string text, std::optional<int> numeric = {}) {
    return Final{.what = Final::What::failed_words, .words = std::move(text), .numeric = numeric};
}
inline Reply silent() { return Final{.what = Final::What::silent, .words = {}, .numeric = {}}; }
inline Reply no_carrier() { return failed_words("NO CARRIER", 3); }

/// Waits for an Event of type E that `matches`; then `reply` makes the answer.
template <class E>
Reply when(std::function<bool(const E&)> matches, std::function<Reply(const E&)> reply) {
    return Wait{
        [matches = std::move(matches), reply = std::move(reply)](const modem::Event& event) -> std::optional<Reply> {
            const auto* found = std::get_if<E>(&event);
            if (found == nullptr || !matches(*found)) return std::nullopt;
            return reply(*found);
        }};
}

/// A text line from parts: line("+QSSLOPEN: ", id, ",", code).
namespace part {
inline std::string text(std::string_view words) { return std::string(words); }
inline std::string text(const char* words) { return words; }
inline std::string text(const std::string& words) { return words; }
template <class Number>
requires std::is_integral_v<Number> std::string text(Number number) { return std::to_string(number); }
}  // namespace part
template <class... Parts>
std::string line(const Parts&... parts) {
    std::string joined;
    ((joined += part::text(parts)), ...);
    return joined;
}
inline std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace atls::at
