// Short network errands of the host: names (QIDNSGIP), pings (QPING), network time (QNTP). Outcomes are Events.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "modem/clock.hpp"
#include "modem/events.hpp"
#include "modem/next_turn.hpp"
#include "modem/outside.hpp"
#include "modem/pdp.hpp"

namespace atls::modem {

class Errands {
public:
    Errands(Contexts& contexts, Clock& clock, Net& net, Timers& timers, EventSink& events, Log& log);
    ~Errands();

    /// NameResolved follows.
    void resolve(PortId port, int context, const std::string& host);
    /// A PingReply for each probe, one a second at most, then PingFinished. busy while another one runs.
    void ping(PortId port, int context, const std::string& host, std::chrono::seconds timeout, int count,
              std::size_t octets = 32);
    [[nodiscard]] bool pinging() const;
    /// How often an unanswered request is repeated, and for how long.
    struct Patience {
        std::chrono::seconds ask_again{15};
        std::chrono::seconds in_all{125};
    };
    /// TimeFetched follows within patience.in_all; `set_clock`: the module's clock is set by a good answer. busy while
    /// another one runs.
    void fetch_time(PortId port, int context, const std::string& server, std::uint16_t udp_port, bool set_clock,
                    Patience patience);
    void fetch_time(PortId port, int context, const std::string& server, std::uint16_t udp_port, bool set_clock) {
        fetch_time(port, context, server, udp_port, set_clock, Patience{});
    }
    struct TimeServer {
        std::string server;
        std::uint16_t port = 123;
    };
    [[nodiscard]] std::optional<TimeServer> fetching_time() const;
    /// What runs over that context ends with context_lost.
    void context_gone(int context);
    /// Power off: everything ends silently.
    void drop_all();

private:
    class Ping;
    class TimeFetch;
    class Lookup;
    /// Queues the errand's last event; the errand itself goes when that is delivered.
    void finish(const Lookup& lookup, NameResolved outcome);
    void finish(const Ping& ping, PingFinished outcome);
    void finish(const TimeFetch& fetch, TimeFetched outcome);
    void post(Event event);
    [[nodiscard]] std::vector<std::string> servers_of(int context) const;
    void say(const std::string& what, const std::string& cause);

    Contexts& contexts_;
    Clock& clock_;
    Net& net_;
    Timers& timers_;
    EventSink& events_;
    Log& log_;
    std::vector<std::unique_ptr<Lookup>> lookups_;
    std::unique_ptr<Ping> ping_;
    std::unique_ptr<TimeFetch> time_fetch_;
    NextTurn later_;
};

}  // namespace atls::modem
