#include "support/world.hpp"

#include <algorithm>
#include <charconv>

namespace atls::test {

namespace {
// A World that moves longer than this without a timer due later is in a loop of its own making.
constexpr int most_steps = 2'000'000;

modem::Start start_of(const at::Dialect& dialect) {
    return {at::with_quirks(dialect.profile, dialect.quirks), modem::identity_from(1), world_began, 0};
}
}  // namespace

World::World(const at::Dialect& dialect, PortMaker make_port)
    : ufs(dialect.profile.ufs_octets),
      ram(dialect.profile.ram_octets),
      nvram(dialect.profile.nvram_octets),
      make_port_(std::move(make_port)),
      modem(start_of(dialect), {net, ufs, nv, timers, log, dialect.profile.ram_octets > 0 ? &ram : nullptr, &nvram}),
      unit(modem, dialect) {}

HostPort& World::port(const std::string& name) {
    auto& slot = ports_[name];
    if (!slot) {
        slot = make_port_(name);
        slot->enter(unit, name);
    }
    return *slot;
}

bool World::settle() {
    for (int step = 0; step < most_steps; ++step) {
        bool moved = false;
        for (const auto& [name, its_port] : ports_) moved = its_port->step() || moved;
        const auto due = timers.next_deadline();
        if (due && *due <= timers.now()) {
            timers.advance(timers.now());
            moved = true;
        }
        if (!moved) return true;
    }
    return false;
}

bool World::advance(Duration by) {
    const Time target = timers.now() + by;
    for (;;) {
        if (!settle()) return false;
        const auto due = timers.next_deadline();
        if (!due || *due > target) break;
        timers.advance(*due);
    }
    timers.advance(target);
    return settle();
}

void World::serve(const std::string& place, std::shared_ptr<ServerScript> script) {
    const auto where = place_of(place);
    ensure(where.has_value(), "serving at no host:port");
    script->start(net, where->host, where->port);
    keep(place, std::move(script));
}

void World::call(const std::string& from, std::uint16_t port, std::shared_ptr<ServerScript> script) {
    const auto where = place_of(from);
    ensure(where.has_value(), "calling from no host:port");
    ServerScript& caller = *script;
    keep(from, std::move(script));
    caller.call(net, {where->host, where->port}, port);
}

void World::keep(const std::string& place, std::shared_ptr<ServerScript> script) {
    auto& slot = servers_[place];
    if (slot) replaced_.push_back(slot);
    slot = std::move(script);
}

ServerScript* World::server(const std::string& place) const {
    const auto found = servers_.find(place);
    return found == servers_.end() ? nullptr : found->second.get();
}

std::string World::log_tail(std::size_t lines) const {
    std::string text;
    const std::size_t first = log.entries.size() - std::min(lines, log.entries.size());
    for (std::size_t i = first; i < log.entries.size(); ++i) {
        text += "\n  log " + log.entries[i].where + ": " + log.entries[i].text;
        for (const auto& [key, value] : log.entries[i].fields) text.append(" ").append(key).append("=").append(value);
    }
    return text;
}

std::optional<Place> place_of(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    Place place{text.substr(0, colon), 0};
    const char* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data() + colon + 1, end, place.port);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return place;
}

}  // namespace atls::test
