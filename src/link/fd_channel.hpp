// What every kind over file descriptors shares: back-pressure, kept octets, the order of what the user hears.
#pragma once

#include <memory>
#include <span>

#include "base/marked_queue.hpp"
#include "link/channel.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"

namespace atls::link {

class FdChannel : public Channel {
public:
    std::size_t write(BytesView octets) override;
    void resume() final;

protected:
    FdChannel(loop::Loop& loop, ChannelUser& user);
    ~FdChannel() override;

    struct Received {
        enum class Kind { octets, nothing_now, signal, end };
        Kind kind = Kind::nothing_now;
        BytesView octets{};  ///< within the span that receive() was given
        bool more = false;   ///< after octets: the next receive() has something even if the descriptor is not readable
    };
    /// What one turn takes: one read, or several where one is small.
    virtual Received receive(std::span<char> into);
    /// receive() gave a signal. May destroy this.
    virtual void on_signal() {}
    /// Signals are heard even while octets are kept, if the kind's descriptor says POLLPRI for them.
    virtual bool signals_are_urgent() const { return false; }
    /// The host is gone and what it sent is delivered. May destroy this.
    virtual void on_end() = 0;

    // A call with "may destroy this" is the last thing its caller does.
    /// Starts reading and calls on_attached(): may destroy this. Descriptors stay the kind's, non-blocking, maybe the
    /// same.
    void attach(int in, int out);
    /// Stops and forgets; the user is not told.
    void detach();
    void stop_reading();
    /// The host closed its end and what it wrote is still to be read: on_end() follows once there is nothing more.
    void end_when_read();
    /// The host is gone, though not all that it sent is read, and that is as good as a drop of DTR: on_end() follows.
    void press_to_end();
    /// The host's DTR changed: the user hears of it behind all that the host has sent so far. May destroy this.
    void mark_dtr(bool on);
    /// Octets for a host that is gone are dropped, though what it sent is still taken.
    void stop_writing() { out_broken_ = true; }
    /// Octets or a change of DTR wait for the user.
    [[nodiscard]] bool keeps() const { return !kept_.empty(); }

    [[nodiscard]] int in() const { return in_; }
    ChannelUser& user() { return user_; }
    loop::Loop& loop() { return loop_; }

private:
    void read_some();
    void read_signal();
    void offer(BytesView octets);
    void offer_kept();
    void look_on();
    void step();

    loop::Loop& loop_;
    ChannelUser& user_;
    loop::Soon again_;
    std::unique_ptr<loop::Watch> in_watch_, out_watch_;  ///< out_watch_ only if the descriptors differ
    MarkedQueue kept_;
    bool* destroyed_ = nullptr;  ///< set while the user is offered octets
    int in_ = -1;
    int out_ = -1;
    bool out_broken_ = false;
    bool ending_ = false;
    bool lost_ = false;
    bool more_ = false;
    bool pressing_ = false;  ///< the user is to take what it would keep us waiting with
};

}  // namespace atls::link
