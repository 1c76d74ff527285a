// A row of a command table: name, parameters, handlers, origin. Everything the engine and the documents need of it.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string_view>

#include "at/origin.hpp"
#include "at/param.hpp"
#include "at/reply.hpp"

namespace atls::at {

class Call;
using Handler = Reply (*)(Call&);

/// Up to ten parameters, in order.
using Params = std::array<const Param*, 10>;
inline std::span<const Param* const> used(const Params& params) {
    std::size_t count = 0;
    while (count < params.size() && params[count] != nullptr) ++count;
    return {params.data(), count};
}

/// What a wrong parameter, or a missing form, answers.
enum class Errors : std::uint8_t {
    plain,    ///< ERROR: V.250 commands, and those that real modules answer so
    general,  ///< +CME ERROR: 50 (27.007 "incorrect parameters") as CMEE says
    file,     ///< +CME ERROR: the dialect's number for a bad parameter
    http,     ///< +CME ERROR: the dialect's number for a bad parameter of HTTP commands
    socket,   ///< ERROR, and QIGETERROR tells; OK resets QIGETERROR
};

/// How =? is answered.
enum class TestForm : std::uint8_t { derived, only_ok, handler, none };

/// One key of a command that has a key among its parameters: AT+QSSLCFG="sslversion",… One table a dialect, not a chain
/// of ifs.
struct Key {
    std::string_view name;
    Params params{};
    std::size_t index_params = 0;  ///< so many lead the values; with just these, the value is queried
    Handler set = nullptr;
    Handler query = nullptr;
    Origin origin{};
    bool hidden = false;       ///< accepted, not listed in =?
    Handler prompt = nullptr;  ///< with just the index parameters, data is asked for instead of a query
    bool missing = false;      ///< known and not built: answers as an unknown key, and is listed as missing
};

struct Command {
    std::string_view name;      ///< "+QSSLOPEN", "&F", "E"
    Params params{};            ///< with keys: what stands before the key; with just these, `set` answers
    Handler set = nullptr;      ///< AT+X=…; for basic commands: ATX<n>
    Handler read = nullptr;     ///< AT+X?
    Handler execute = nullptr;  ///< AT+X; nullptr for basic commands means set with the parameter left out
    TestForm test = TestForm::derived;
    Handler test_handler = nullptr;
    std::span<const Key> keys{};
    Errors errors = Errors::plain;
    std::chrono::milliseconds within{300};  ///< the maximum response time by the note
    Origin origin{};
    /// A manual knows it, we do not: it answers ERROR, or what `execute` says whatever the form, and is listed as
    /// missing.
    bool missing = false;
};

enum class Form : std::uint8_t { execute, read, test, set };
std::string_view name_of(Form form);

}  // namespace atls::at
