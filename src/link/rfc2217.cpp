// rfc2217:ADDRESS:PORT: a serial port over telnet, with its control lines (RFC 2217). One host at a time.
// clang-format off
#include <stddef.h>  // libtelnet.h needs it and does not say so
#include <libtelnet.h>
// clang-format on

#include <algorithm>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "codec/com_port.hpp"
#include "link/kinds.hpp"
#include "link/listen_channel.hpp"
#include "loop/address.hpp"

namespace atls::link {

namespace {

// Escaped octets that wait for the network at most; what the host sends and the modem does not take waits in its
// socket.
constexpr std::size_t most_waiting = 32768;

/// What we do, and what the client may.
constexpr telnet_telopt_t options[] = {{TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO},
                                       {TELNET_TELOPT_ECHO, TELNET_WILL, TELNET_DONT},
                                       {TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO},
                                       {codec::ComPort::option, TELNET_WILL, TELNET_DO},
                                       {-1, 0, 0}};

/// Eight bits and no turns, both ways, without being asked.
constexpr unsigned char offered[] = {TELNET_TELOPT_BINARY, TELNET_TELOPT_SGA};

class Rfc2217Channel final : public Channel, private ChannelUser {
public:
    Rfc2217Channel(loop::Loop& loop, Listener listener, std::string url, ChannelUser& user)
        : user_(user),
          url_(std::move(url)),
          telnet_(nullptr, telnet_free),
          again_(loop, [this] { offer(); }),
          room_(loop, [this] { tell_room(); }),
          inner_(std::make_unique<ListenChannel>(loop, static_cast<ChannelUser&>(*this), std::move(listener), url_)) {}
    ~Rfc2217Channel() override { *alive_ = false; }

    std::size_t write(BytesView octets) override {
        if (!telnet_) return octets.size();
        const std::size_t fits = most_waiting - std::min(most_waiting, out_.size());
        const std::size_t taken = suspended_ ? 0 : std::min(fits, octets.size());
        if (taken > 0) telnet_send(telnet_.get(), octets.data(), taken);
        flush();
        wants_room_ = taken < octets.size();
        if (wants_room_ && !suspended_ && out_.size() < most_waiting) room_.call();
        return taken;
    }
    void resume() override { again_.call(); }
    [[nodiscard]] std::string url() const override { return url_; }

    void set_dcd(bool on) override {
        auto lines = port_.lines();
        lines.dcd = on;
        show(lines);
    }
    void set_ri(bool on) override {
        auto lines = port_.lines();
        lines.ring = on;
        show(lines);
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
    void welcome() {
        const auto lines = port_.lines();
        port_ = codec::ComPort();
        telnet_.reset(telnet_init(options, heard, 0, this));
        for (const unsigned char mine : offered) {
            telnet_negotiate(telnet_.get(), TELNET_WILL, mine);
            telnet_negotiate(telnet_.get(), TELNET_DO, mine);
        }
        telnet_negotiate(telnet_.get(), TELNET_DO, codec::ComPort::option);
        (void)port_.set_lines(lines);
        flush();
        user_.on_attached();
    }
    void on_detached() override {
        leaving_ = true;
        out_.clear();
        // What it sent last goes first: the modem resumes.
        if (in_.empty()) leave();
    }
    std::size_t on_bytes(BytesView octets) override {
        if (!in_.empty() || leaving_) return 0;
        telnet_recv(telnet_.get(), octets.data(), octets.size());
        flush();
        const auto alive = alive_;
        act();
        if (*alive) offer();
        return octets.size();
    }
    void on_writable() override {
        flush();
        if (out_.size() < most_waiting / 2) tell_room();
    }
    void on_dtr(bool) override {}

    // --- the modem's side; each may destroy this ---
    void offer() {
        const auto alive = alive_;
        if (!in_.empty()) {
            const std::size_t taken = user_.on_bytes(in_.view());
            if (!*alive) return;
            in_.consume(taken);
            if (!in_.empty()) return;
        }
        if (!leaving_) return inner_->resume();
        if (!leave() || !std::exchange(arrived_, false)) return;
        again_.call();
        welcome();
    }
    void tell_room() {
        if (suspended_ || !std::exchange(wants_room_, false)) return;
        user_.on_writable();
    }
    /// False: this is no more.
    bool leave() {
        leaving_ = false;
        telnet_.reset();
        in_.clear();
        out_.clear();
        suspended_ = wants_room_ = false;
        const auto alive = alive_;
        user_.on_detached();
        return *alive;
    }
    // What was heard within telnet_recv() and concerns the modem.
    void act() {
        const auto alive = alive_;
        if (const auto rate = std::exchange(rate_, std::nullopt)) user_.on_rate(*rate);
        while (*alive && !dtr_.empty()) {
            const bool on = dtr_.front() == '1';
            dtr_.erase(0, 1);
            user_.on_dtr(on);
        }
        if (*alive) tell_room();
    }

    // --- telnet ---
    static void heard(telnet_t*, telnet_event_t* event, void* self) {
        static_cast<Rfc2217Channel*>(self)->hear(*event);
    }
    void hear(const telnet_event_t& event) {
        switch (event.type) {
            case TELNET_EV_DATA:
                in_.append({event.data.buffer, event.data.size});
                break;
            case TELNET_EV_SEND:
                out_.append({event.data.buffer, event.data.size});
                break;
            case TELNET_EV_WILL:
                // Some clients wait for the first word about the lines.
                if (event.neg.telopt == codec::ComPort::option) say(port_.notice());
                break;
            case TELNET_EV_SUBNEGOTIATION:
                if (event.sub.telopt == codec::ComPort::option) take({event.sub.buffer, event.sub.size});
                break;
            default:
                break;
        }
    }
    void take(BytesView subnegotiation) {
        const auto asked = port_.take(subnegotiation);
        if (asked.dtr) dtr_ += *asked.dtr ? '1' : '0';
        if (asked.rate) rate_ = asked.rate;
        if (asked.purge) in_.clear();
        if (asked.suspended) suspended_ = *asked.suspended;
        if (!asked.reply.empty()) say(asked.reply);
    }
    void say(const Bytes& subnegotiation) {
        telnet_subnegotiation(telnet_.get(), codec::ComPort::option, subnegotiation.data(), subnegotiation.size());
    }
    void show(const codec::ComPort::Lines& lines) {
        const Bytes notice = port_.set_lines(lines);
        if (!telnet_ || notice.empty()) return;
        say(notice);
        flush();
    }
    void flush() {
        while (!out_.empty()) {
            const std::size_t taken = inner_->write(out_.view());
            out_.consume(taken);
            if (taken == 0) return;
        }
    }

    ChannelUser& user_;
    std::string url_;
    codec::ComPort port_;
    std::unique_ptr<telnet_t, decltype(&telnet_free)> telnet_;  ///< while a host is there
    ByteQueue in_;                                              ///< data that the modem has not taken
    ByteQueue out_;
    bool suspended_ = false;  ///< by the client
    bool wants_room_ = false;
    bool leaving_ = false;  ///< the host went, its last data is still to be taken
    bool arrived_ = false;  ///< and the next one waits for that
    std::string dtr_;       ///< changes in their order
    std::optional<unsigned> rate_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
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
