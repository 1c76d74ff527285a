// One AT port of a modem under test, as its host sees it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "at/line.hpp"
#include "at/session.hpp"
#include "base/bytes.hpp"

namespace atls::at {
class Unit;
}

namespace atls::test {

/// How many octets cross at once in memory.
enum class Pieces { whole, single_octets };

class HostPort : public at::Line {
public:
    virtual ~HostPort() = default;

    /// A new port of the unit; called once, before anything else.
    virtual void enter(at::Unit& unit, const std::string& name);
    virtual void join(at::Session& session) { session_ = &session; }
    [[nodiscard]] at::Session& session() const { return *session_; }

    /// Octets on their way to the modem; step() moves them.
    virtual void send(BytesView octets) = 0;
    /// Moves some octets either way; false: nothing can move.
    virtual bool step() = 0;
    /// Octets that the session has refused so far, or that wait for that.
    [[nodiscard]] virtual std::size_t unsent() const = 0;
    virtual void set_dtr(bool on) { session_->set_dtr(on); }
    /// The host goes and comes back.
    virtual void hang_up();

    /// What has come since the last call.
    Bytes take_received();

    /// Brings what the session did to the line across the link, and here.
    virtual void look_at_lines() {}
    // What the session did to the line.
    bool dcd = false;
    bool ri = false;
    std::optional<unsigned> rate;
    int flow_by_host = 0;
    int flow_by_module = 0;
    int wakes = 0;
    /// A host that does not read leaves output where it is.
    bool reads = true;

    // at::Line
    void wake() override { ++wakes; }
    void set_rate(unsigned bits_per_second) override { rate = bits_per_second; }
    void set_flow(int by_host, int by_module) override;
    void set_dcd(bool on) override { dcd = on; }
    void set_ri(bool on) override { ri = on; }

protected:
    void received(BytesView octets) { received_.append(octets); }

private:
    at::Session* session_ = nullptr;
    Bytes received_;
};

using PortMaker = std::function<std::unique_ptr<HostPort>(const std::string& name)>;

/// Ports without any link.
PortMaker memory_ports(Pieces pieces);

}  // namespace atls::test
