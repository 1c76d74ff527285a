// rfc2217:ADDRESS:PORT: a serial port over telnet, with its control lines (RFC 2217). One host at a time.
#include <algorithm>
#include <memory>
#include <utility>

#include "link/kinds.hpp"
#include "link/listen_channel.hpp"
#include "link/telnet_port.hpp"
#include "loop/address.hpp"

namespace atls::link {

namespace {

// Escaped octets that wait for the network at most; what the host sends and the modem does not take waits in its
// socket.
constexpr std::size_t most_waiting = 32768;
// Of data that the modem does not take so much is kept: enough to hear of DTR behind it.
constexpr std::size_t most_kept = 8192;

class Rfc2217Channel final : public Channel, private ChannelUser {
public:
    Rfc2217Channel(loop::Loop& loop, Listener listener, std::string url, ChannelUser& user)
        : user_(user),
          url_(std::move(url)),
          again_(loop, [this] { offer(); }),
          room_(loop, [this] { tell_room(); }),
          inner_(std::make_unique<ListenChannel>(loop, static_cast<ChannelUser&>(*this), std::move(listener), url_)) {}
    ~Rfc2217Channel() override { *gone_ = true; }

    std::size_t write(BytesView octets) override {
        if (!telnet_ || leaving_) return octets.size();
        const std::size_t fits = most_waiting - std::min(most_waiting, telnet_->out.size());
        const std::size_t taken = stopped() ? 0 : std::min(fits, octets.size());
        if (taken > 0) telnet_->send(octets.substr(0, taken));
        flush();
        wants_room_ = taken < octets.size();
        if (wants_room_ && has_room()) room_.call();
        return taken;
    }
    void resume() override { again_.call(); }
    [[nodiscard]] std::string url() const override { return url_; }

    void set_dcd(bool on) override {
        lines_.dcd = on;
        show();
    }
    void set_ri(bool on) override {
        lines_.ring = on;
        show();
    }
    // Towards us the network's own flow control does it.
    void set_flow(int by_host, int /*by_module*/) override {
        constexpr int hardware = 2;
        obeys_rts_ = by_host == hardware;
        if (telnet_) room_.call();
    }

private:
    // --- the network's side ---
    void on_attached() override {
        // Another host may be there before the modem has taken what the last one sent.
        if (leaving_) {
            arrived_ = true;
        } else {
            welcome();
        }
    }
    void on_detached() override {
        arrived_ = false;
        if (std::exchange(leaving_, true)) return;
        // What it sent last goes first.
        if (telnet_->in.empty()) {
            leave();
        } else {
            again_.call();
        }
    }
    std::size_t on_bytes(BytesView octets) override {
        // Kept data does not keep us from hearing of DTR, a client that does not read its answers does.
        if (leaving_ || telnet_->in.size() >= most_kept || telnet_->out.size() >= most_waiting) return 0;
        telnet_->hear(octets);
        flush();
        const auto gone = gone_;
        act();
        if (!*gone) offer();
        return octets.size();
    }
    // The client is gone and another one waits.
    std::size_t on_bytes_before_drop(BytesView octets) override {
        if (leaving_) return 0;
        pressing_ = true;
        const auto gone = gone_;
        offer();
        if (*gone || telnet_->in.size() >= most_kept) return 0;
        telnet_->hear(octets);
        offer();
        return octets.size();
    }
    void on_writable() override {
        flush();
        if (!telnet_ || telnet_->out.size() >= most_waiting / 2) return;
        again_.call();
        tell_room();
    }
    void on_dtr(bool) override {}

    // --- the modem's side; each may destroy this ---
    void welcome() {
        telnet_ = std::make_unique<TelnetPort>(lines_);
        flush();
        user_.on_attached();
    }
    // Data and DTR in the order the client gave them.
    void offer() {
        if (!telnet_) return;
        const auto gone = gone_;
        telnet_->in.offer(user_, *gone, leaving_ || pressing_);
        if (*gone) return;
        if (telnet_->in.size() >= most_kept || (leaving_ && !telnet_->in.empty())) return;
        if (!leaving_) return inner_->resume();
        if (!leave() || !std::exchange(arrived_, false)) return;
        again_.call();
        welcome();
    }
    /// By the client.
    [[nodiscard]] bool stopped() const { return telnet_->suspended || (obeys_rts_ && !telnet_->rts); }
    [[nodiscard]] bool has_room() const { return telnet_ && !stopped() && telnet_->out.size() < most_waiting; }
    void tell_room() {
        if (!has_room() || !std::exchange(wants_room_, false)) return;
        user_.on_writable();
    }
    /// False: this is no more.
    bool leave() {
        leaving_ = wants_room_ = pressing_ = false;
        telnet_.reset();
        const auto gone = gone_;
        user_.on_detached();
        return !*gone;
    }
    // What else the client has asked of the port.
    void act() {
        const auto gone = gone_;
        if (const auto rate = std::exchange(telnet_->rate, std::nullopt)) user_.on_rate(*rate);
        if (!*gone) tell_room();
    }

    void show() {
        if (!telnet_ || leaving_) return;
        telnet_->show(lines_);
        flush();
    }
    void flush() {
        while (telnet_ && !telnet_->out.empty()) {
            const std::size_t taken = inner_->write(telnet_->out.view());
            telnet_->out.consume(taken);
            if (taken == 0) return;
        }
    }

    ChannelUser& user_;
    std::string url_;
    codec::ComPort::Lines lines_;
    std::unique_ptr<TelnetPort> telnet_;  ///< while a host is there
    bool wants_room_ = false;
    bool obeys_rts_ = false;
    bool pressing_ = false;  ///< it went, and not all that it sent is here
    bool leaving_ = false;   ///< the host went, its last data is still to be taken
    bool arrived_ = false;   ///< and the next one waits for that
    std::shared_ptr<bool> gone_ = std::make_shared<bool>(false);
    loop::Soon again_, room_;
    std::unique_ptr<Channel> inner_;  ///< last: it speaks to us
};

}  // namespace

OpenedChannel open_rfc2217(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    const auto where = loop::split_host_and_port(rest);
    if (!where) return LinkFailure{"expected rfc2217:ADDRESS:PORT, port 0 for any"};
    auto listener = Listener::tcp(where->host, where->port);
    if (!listener) return listener.error();
    auto url = "rfc2217:" + listener->address();
    return {std::make_unique<Rfc2217Channel>(loop, std::move(*listener), std::move(url), user)};
}

}  // namespace atls::link
