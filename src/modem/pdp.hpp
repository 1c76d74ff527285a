// PDP contexts: settings, activation, the address derived from the IMEI.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "modem/events.hpp"
#include "modem/network.hpp"
#include "modem/next_turn.hpp"
#include "modem/profile.hpp"

namespace atls::modem {

struct ContextSettings {
    int type = 1;  ///< 1 IPv4, 2 IPv6, 3 both
    std::string apn;
    std::string user;
    std::string password;
    int authentication = 0;
};

class Contexts {
public:
    Contexts(const Profile& profile, const Network& network, const std::string& imei, Timers& timers, EventSink& events,
             Log& log);

    [[nodiscard]] ContextSettings settings(int context) const;  ///< defaults where never configured
    [[nodiscard]] bool configured(int context) const { return settings_.contains(context); }
    void configure(int context, ContextSettings settings);
    void forget(int context);
    [[nodiscard]] std::vector<int> configured_ids() const;

    [[nodiscard]] bool active(int context) const { return addresses_.contains(context); }
    [[nodiscard]] std::vector<int> active_ids() const;
    [[nodiscard]] std::string address(int context) const;  ///< "10.x.y.z"; empty if inactive
    /// For those that speak of an IPv6 address too.
    [[nodiscard]] std::string address_v6(int context) const;

    /// ContextActivated follows, never from inside the call. Faults: context_failed (no coverage, not attached, too
    /// many), not_allowed (active).
    /// `report`: the port that the event is for.
    void activate(int context, std::optional<PortId> report = {});
    /// For a service that sees to its context itself: at once and silently; an active one succeeds.
    Fault bring_up(int context);
    /// The network's default context: active at once, silently.
    void come_up(int context);
    /// Sockets of the context close silently; ContextDeactivated follows. An inactive one succeeds.
    void deactivate(int context, std::optional<PortId> report = {});
    /// The network drops it: SocketClosed for each of its sockets, then ContextLost.
    void lose(int context);
    void lose_all();
    /// Power off: all become inactive, silently. Their settings stay, as in the module's NV.
    void drop_all();

    [[nodiscard]] std::vector<std::string> name_servers(int context) const;  ///< primary, secondary; "" where unset
    void set_name_servers(int context, std::string primary, std::string secondary);

    /// Called before ContextDeactivated/ContextLost go out, so that sockets are gone first. `lost`: by the network.
    std::function<void(int context, bool lost)> on_gone;

private:
    Fault try_to_activate(int context);
    void drop(int context, bool lost);

    struct NameServers {
        std::string primary;
        std::string secondary;
    };
    const Profile& profile_;
    const Network& network_;
    std::string imei_;
    EventSink& events_;
    Log& log_;
    std::map<int, ContextSettings> settings_;
    std::map<int, std::string> addresses_;
    std::map<int, NameServers> name_servers_;
    NextTurn later_;
};

}  // namespace atls::modem
