// One AT port of a modem: an at::Session on a link::Channel.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/clockwork.hpp"
#include "app/wire_pace.hpp"
#include "at/line.hpp"
#include "at/unit.hpp"
#include "link/channel.hpp"
#include "loop/loop.hpp"
#include "loop/timer.hpp"

namespace atls::app {

/// Outlives the unit it is added to.
class Port final : private link::ChannelUser, private at::Line {
public:
    Port(loop::Loop& loop, Clockwork& clockwork, at::Unit& unit, std::string name);
    ~Port();
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    Outcome<link::LinkFailure> open(const std::string& url);
    /// The host is cut off. Before the unit goes.
    void close() { channel_.reset(); }
    [[nodiscard]] at::Session& session() { return session_; }
    /// Octets take their time from now on.
    void pace() { paced_ = true; }
    [[nodiscard]] std::string url() const { return channel_ ? channel_->url() : std::string(); }

    /// The channel's host is gone for good (stdin ended) and the modem has said the last of it.
    [[nodiscard]] bool ended() const { return state_ == State::ended; }
    std::function<void()> on_ended;
    /// A host connected, before the session hears of it.
    std::function<void()> on_host;

private:
    // link::ChannelUser
    void on_attached() override;
    void on_detached() override;
    std::size_t on_bytes(BytesView octets) override;
    std::size_t on_bytes_before_drop(BytesView octets) override;
    void on_trouble(const link::LinkFailure& what) override;
    void on_writable() override;
    void on_dtr(bool on) override;
    void on_rate(unsigned bits_per_second) override { host_rate_ = bits_per_second; }
    // at::Line
    void wake() override { soon_.call(); }
    void set_rate(unsigned bits_per_second) override;
    void set_format(int format, int parity) override;
    void set_flow(int by_host, int by_module) override;
    void set_dcd(bool on) override;
    void set_ri(bool on) override;

    std::size_t take(BytesView octets);
    void turn();
    void pump();
    void show_signals();
    void end_if_settled();
    [[nodiscard]] std::int64_t rate() const;
    /// The host's end has another rate.
    [[nodiscard]] bool mismatched() const;
    void wait_for_wire(const WirePace& wire);

    loop::Loop& loop_;
    Clockwork& clockwork_;
    at::Unit& unit_;
    loop::Soon soon_;
    std::unique_ptr<link::Channel> channel_;
    std::optional<bool> dcd_, ri_;  ///< to be shown once the octets before it have left
    bool blocked_ = false;          ///< the host does not take more; on_writable() follows
    bool refused_ = false;          ///< the channel keeps octets that the session did not take
    bool paced_ = false;
    bool obeys_xoff_ = false;                ///< AT+IFC=1, on a link that does not do it itself
    bool stopped_ = false;                   ///< by the host's XOFF
    unsigned host_rate_ = 0;                 ///< of the host's end, where the link tells; 0: whatever ours is
    std::optional<std::int64_t> wire_rate_;  ///< ours; the result of AT+IPR still goes at the one before
    WirePace in_wire_, out_wire_;
    std::unique_ptr<loop::Timer> wire_free_;
    std::optional<Time> wire_due_;
    enum class State { serving, ending, ended } state_ = State::serving;
    at::Session& session_;  ///< last: it may speak to us while it comes to be
};

}  // namespace atls::app
