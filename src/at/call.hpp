// What a handler gets: the checked arguments and the modem. A handler is a pure step of a few lines.
#pragma once

#include <span>
#include <vector>

#include "at/command.hpp"
#include "at/dialect.hpp"
#include "at/param.hpp"
#include "modem/modem.hpp"

namespace atls::at {

class Session;
class Unit;

class Call {
public:
    Call(Session& on_session, Unit& on_unit, const Command& row, Form called_form)
        : session(on_session), unit(on_unit), command(row), form(called_form) {}

    Session& session;  ///< the port that asks
    Unit& unit;        ///< all ports of the modem
    const Command& command;
    const Form form;
    const Key* key = nullptr;

    [[nodiscard]] modem::Modem& modem() const;
    [[nodiscard]] const Dialect& dialect() const;
    [[nodiscard]] const Quirks& quirks() const;
    [[nodiscard]] LineProfile& line() const;
    [[nodiscard]] modem::PortId port() const;

    [[nodiscard]] bool has(const Param& param) const { return value_of(param).present; }
    /// The argument; the lowest value, or "", where it was left out.
    std::int64_t operator[](const Int& param) const { return value_of(param).number; }
    std::int64_t operator[](const Hex& param) const { return value_of(param).number; }
    const std::string& operator[](const Text& param) const { return value_of(param).text; }
    [[nodiscard]] int number(const Int& param) const { return static_cast<int>(value_of(param).number); }
    [[nodiscard]] int number_or(const Int& param, int otherwise) const {
        return has(param) ? number(param) : otherwise;
    }
    [[nodiscard]] std::string text_or(const Text& param, const std::string& otherwise) const {
        return has(param) ? (*this)[param] : otherwise;
    }
    /// As the host wrote it, whatever the kind; for settings that are only stored and shown.
    [[nodiscard]] const std::string& raw(const Param& param) const { return value_of(param).text; }
    /// How many arguments were written behind the key.
    [[nodiscard]] std::size_t given() const { return given_; }

    /// Checks arguments against the declarations; false: one breaks its own.
    bool bind(std::span<const Param* const> params, std::span<const Argument> arguments);

private:
    [[nodiscard]] const Value& value_of(const Param& param) const;

    std::vector<const Param*> params_;
    std::vector<Value> values_;
    std::size_t given_ = 0;
};

}  // namespace atls::at
