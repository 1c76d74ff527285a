// A modem of some dialect with everything it is plugged into, on one virtual clock: network, files, ports, log.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "at/unit.hpp"
#include "base/timers.hpp"
#include "modem/modem.hpp"
#include "support/fake_files.hpp"
#include "support/fake_net.hpp"
#include "support/host_port.hpp"
#include "support/memory_log.hpp"
#include "support/server_script.hpp"

namespace atls::test {

/// What the module's clock shows when a World begins.
inline constexpr WallTime world_began{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{8}};

class World {
public:
    explicit World(const at::Dialect& dialect, PortMaker make_port = memory_ports(Pieces::whole));

    /// The port of that name, made when it is first asked for.
    HostPort& port(const std::string& name);
    [[nodiscard]] const std::map<std::string, std::unique_ptr<HostPort>>& ports() const { return ports_; }

    /// Until nothing moves and no timer is due. false: that never happens.
    bool settle();
    /// Time goes by, all that becomes due on the way happens at its time.
    bool advance(Duration by);

    /// "host:port" and what runs there.
    void serve(const std::string& place, std::shared_ptr<ServerScript> script);
    /// The same, but it comes to the module's local port.
    void call(const std::string& from, std::uint16_t port, std::shared_ptr<ServerScript> script);
    [[nodiscard]] ServerScript* server(const std::string& place) const;

    /// The latest `lines` of the log, for reports.
    [[nodiscard]] std::string log_tail(std::size_t lines) const;

    Timers timers;
    MemoryLog log;
    FakeNet net{timers};
    FakeFiles ufs;
    FakeFiles ram;
    FakeFiles nv;
    FakeFiles nvram;

private:
    void keep(const std::string& place, std::shared_ptr<ServerScript> script);

    // The unit's ports outlive it.
    std::map<std::string, std::unique_ptr<HostPort>> ports_;
    std::map<std::string, std::shared_ptr<ServerScript>> servers_;
    std::vector<std::shared_ptr<ServerScript>> replaced_;  ///< their connections live on
    PortMaker make_port_;

public:
    modem::Modem modem;
    at::Unit unit;
};

/// "host:8010" → host, port; nullopt: no port, or none that exists.
struct Place {
    std::string host;
    std::uint16_t port = 0;
};
std::optional<Place> place_of(const std::string& text);

}  // namespace atls::test
