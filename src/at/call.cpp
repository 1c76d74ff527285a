#include "at/call.hpp"

#include "at/session.hpp"
#include "at/unit.hpp"
#include "base/ensure.hpp"

namespace atls::at {

modem::Modem& Call::modem() const { return unit.modem; }
const Dialect& Call::dialect() const { return unit.dialect; }
const Quirks& Call::quirks() const { return unit.quirks; }
LineProfile& Call::line() const { return session.line; }
modem::PortId Call::port() const { return session.id(); }

bool Call::bind(std::span<const Param* const> params, std::span<const Argument> arguments) {
    if (arguments.size() > params.size()) return false;
    params_.assign(params.begin(), params.end());
    values_.clear();
    given_ = arguments.size();
    for (std::size_t i = 0; i < params.size(); ++i) {
        auto value = check(dialect().as_declared(*params[i]), i < arguments.size() ? arguments[i] : Argument{});
        if (!value) return false;
        values_.push_back(std::move(*value));
    }
    return true;
}

const Value& Call::value_of(const Param& param) const {
    static const Value absent;
    for (std::size_t i = 0; i < params_.size(); ++i) {
        if (params_[i] == &param) return values_[i];
    }
    // Not bound: the query form of a key, or a form without arguments.
    return absent;
}

}  // namespace atls::at
