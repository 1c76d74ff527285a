// Unsolicited result codes: rows that turn Events into text. Rendered only when they go out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "at/origin.hpp"
#include "modem/events.hpp"

namespace atls::modem {
class Modem;
}

namespace atls::at {

class Unit;

/// One URC: CR LF head CR LF, then `data` as it is.
struct UrcText {
    std::string head;
    Bytes data;
    bool more = false;  ///< the same event has more to say (pushed data): ask again after this
    bool bare = false;  ///< the data alone, without a line before it
};
using UrcTexts = std::vector<UrcText>;
inline UrcTexts urc(std::string head) { return {UrcText{std::move(head), {}, false}}; }

struct Urc {
    std::string_view name;  ///< as documents list it: +QSSLURC: "recv"
    Origin origin;
    /// Empty: not this row's event, or not wanted as things are set.
    UrcTexts (*make)(const modem::Event& event, Unit& unit);
};

/// A row for events of type E, made by `render`.
template <class E, UrcTexts (*render)(const E&, Unit&)>
constexpr Urc on(std::string_view name, Origin origin) {
    return {name, origin, [](const modem::Event& event, Unit& unit) -> UrcTexts {
                const auto* mine = std::get_if<E>(&event);
                return mine != nullptr ? render(*mine, unit) : UrcTexts{};
            }};
}

/// A later event of the same subject makes a queued one needless: what is shown is read when it goes out.
bool same_subject(const modem::Event& a, const modem::Event& b);
/// Tells of what happened to this socket before the host closed it. That an open found the id in use is about the open.
bool gone_with_socket(const modem::Event& event, int id);

}  // namespace atls::at
