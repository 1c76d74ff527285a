#include "at/unit.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/ensure.hpp"

namespace atls::at {

namespace {

// As AT+QCFG keeps it: 0 all channels, or one.
constexpr const char* urc_channel_option = "QCFG/cmux/urcport";

// The port an event belongs to, by the field every port's own event has.
template <class E>
concept HasPort = requires(const E& event) {
    event.port;
};

std::optional<modem::PortId> port_of(const modem::Event& event) {
    return std::visit(
        [](const auto& what) -> std::optional<modem::PortId> {
            if constexpr (HasPort<decltype(what)>) {
                return what.port;
            } else {
                return std::nullopt;
            }
        },
        event);
}

}  // namespace

Unit::Unit(modem::Modem& the_modem, const Dialect& its_dialect)
    : modem(the_modem), dialect(its_dialect), quirks(its_dialect.quirks), urc_port_(its_dialect.urc_port) {
    modem.listen(this);
    // A host that pauses in the middle of what it was asked for is still there.
    modem.sleeper.busy = [this] {
        return std::any_of(sessions_.begin(), sessions_.end(), [](const auto& port) { return port->in_data_phase(); });
    };
}

Session& Unit::add_port(std::string name, Line& line) {
    const auto id = static_cast<modem::PortId>(sessions_.size());
    if (sessions_.empty()) load_stored();
    sessions_.push_back(std::make_unique<Session>(*this, id, std::move(name), line));
    sessions_.back()->start_profile();
    return *sessions_.back();
}

Session* Unit::port(modem::PortId id) { return id < sessions_.size() ? sessions_[id].get() : nullptr; }

Session* Unit::port(std::string_view name) {
    for (const auto& session : sessions_) {
        if (session->name() == name) return session.get();
    }
    return nullptr;
}

const std::string& Unit::port_name(modem::PortId id) const {
    ensure(id < sessions_.size(), "name of an unknown port");
    return sessions_[id]->name();
}

std::vector<Session*> Unit::urc_ports() {
    if (Session* named = port(urc_port_)) return with_channels({named});
    std::vector<Session*> ports;
    for (const auto& session : sessions_) {
        if (multiplexer_ && multiplexer_->has(*session)) continue;
        ports.push_back(session.get());
        if (urc_port_ != "all") break;  // the module runs without the named one: its first
    }
    return with_channels(ports);
}

// A port that carries the multiplexer shows nothing itself: its channels do, all or the one of QCFG="cmux/urcport".
std::vector<Session*> Unit::with_channels(const std::vector<Session*>& ports) const {
    std::vector<Session*> speaking;
    for (Session* const one : ports) {
        if (one->multiplexed()) {
            const int only = std::atoi(modem.option(urc_channel_option, "0").c_str());
            for (Session* const channel : multiplexer_->open_channels(only)) speaking.push_back(channel);
        } else {
            speaking.push_back(one);
        }
    }
    return speaking;
}

Multiplexer* Unit::make_multiplexer() {
    if (multiplexer_) return multiplexer_.get();
    for (int dlci = 1; dlci <= Multiplexer::channels; ++dlci) {
        if (port("cmux" + std::to_string(dlci)) != nullptr) return nullptr;
    }
    multiplexer_ = std::make_unique<Multiplexer>(*this);
    return multiplexer_.get();
}

void Unit::load_stored() {
    for (const auto load : dialect.restore_module) load(*this);
}

void Unit::free_transparent_ports(int context) {
    for (const auto& socket : modem.sockets.all()) {
        const auto holder = modem.sockets.held_by(socket.id);
        if (holder && socket.context == context) port(*holder)->carrier_lost(socket.id);
    }
}

bool Unit::data_phase_elsewhere(const Session& except) const {
    for (const auto& session : sessions_) {
        if (session.get() != &except && session->in_data_phase() && !session->in_data_mode()) return true;
    }
    return false;
}

void Unit::on_event(const modem::Event& event) {
    if (std::holds_alternative<modem::PoweredDown>(event)) {
        for (const auto& session : sessions_) session->power_lost();
        forget_states();
        load_stored();
        for (const auto& session : sessions_) session->power_back();
    }
    if (const auto* closed = std::get_if<modem::SocketClosedHere>(&event)) {
        for (const auto& session : sessions_) session->forget_socket(closed->id);
    }
    // Two ports may wait for the same thing: each closes the same socket, say.
    bool awaited = false;
    // A command that goes on may add ports (AT+CMUX).
    for (std::size_t i = 0; i < sessions_.size(); ++i) awaited = sessions_[i]->offer(event) || awaited;
    if (awaited) return;
    if (const auto owner = port_of(event)) {
        if (Session* mine = port(*owner)) {
            for (Session* session : with_channels({mine})) session->notify(event);
        }
        return;
    }
    for (Session* session : urc_ports()) session->notify(event);
}

}  // namespace atls::at
