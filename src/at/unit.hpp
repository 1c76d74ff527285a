// One modem with all its AT ports: routes events to the port they belong to, holds what the ports share.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "at/call.hpp"
#include "at/dialect.hpp"
#include "at/line.hpp"
#include "at/multiplexer.hpp"
#include "at/session.hpp"
#include "modem/modem.hpp"

namespace atls::at {

class Unit final : private modem::EventSink {
public:
    Unit(modem::Modem& modem, const Dialect& dialect);

    modem::Modem& modem;
    const Dialect& dialect;
    Quirks quirks;  ///< the dialect's, as switched by the user

    /// A new AT port; `name` as AT+QURCCFG and QISTATE know it. The line outlives the unit.
    Session& add_port(std::string name, Line& line);
    [[nodiscard]] Session* port(modem::PortId id);
    [[nodiscard]] Session* port(std::string_view name);
    [[nodiscard]] const std::string& port_name(modem::PortId id) const;
    [[nodiscard]] std::size_t ports() const { return sessions_.size(); }
    /// Where URCs without a socket go: one port, or "all" of them.
    [[nodiscard]] std::vector<Session*> urc_ports();
    void set_urc_port(std::string name) { urc_port_ = std::move(name); }
    [[nodiscard]] const std::string& urc_port_name() const { return urc_port_; }
    /// The host gives up a PDP context: ports that hold one of its sockets in transparent mode are in command mode
    /// again.
    void free_transparent_ports(int context);
    /// The module's multiplexer, if AT+CMUX has ever been given; its ports cmux1 … cmux4 stay.
    [[nodiscard]] Multiplexer* multiplexer() const { return multiplexer_.get(); }
    /// The same, made if need be. Null: a port of such a name is a link of its own.
    Multiplexer* make_multiplexer();
    modem::PortId showing = 0;  ///< the port that a URC is being rendered for
    /// A port other than `except` in a data phase (FILE data modes exclude each other).
    [[nodiscard]] bool data_phase_elsewhere(const Session& except) const;

    /// A dialect's own state of this modem, made on first use.
    template <class T>
    T& state() {
        auto& slot = states_[std::type_index(typeid(T))];
        if (!slot.has_value()) slot = T{};
        return *std::any_cast<T>(&slot);
    }
    /// Forgets what is not saved: power off.
    void forget_states() { states_.clear(); }

    /// Called with the catalogue name of each row form that is not refused, and of each URC. For the gate over
    /// transcripts.
    std::function<void(const std::string& entry)> on_used;

private:
    void on_event(const modem::Event& event) override;

    [[nodiscard]] std::vector<Session*> with_channels(const std::vector<Session*>& ports) const;
    void load_stored();

    std::unique_ptr<Multiplexer> multiplexer_;  ///< before the sessions: those on it speak to it
    std::vector<std::unique_ptr<Session>> sessions_;
    std::string urc_port_;
    std::map<std::type_index, std::any> states_;
};

}  // namespace atls::at
