// A listening socket with one host at a time.
#pragma once

#include <memory>
#include <string>

#include "link/fd_channel.hpp"
#include "link/listener.hpp"
#include "loop/fd.hpp"
#include "loop/timer.hpp"

namespace atls::link {

/// Another host that comes while one is attached is closed at once, unless the first has closed its end and only what
/// it sent is still to be taken: then the new one waits, so that a host that closes and opens again is never turned
/// away.
class ListenChannel final : public FdChannel {
public:
    ListenChannel(loop::Loop& loop, ChannelUser& user, Listener listener, std::string url);
    ~ListenChannel() override;
    [[nodiscard]] std::string url() const override { return url_; }

private:
    void accept_hosts();
    void take(loop::Fd host);
    void on_end() override;

    Listener listener_;
    std::string url_;
    loop::Watch arrivals_;
    std::unique_ptr<loop::Timer> retry_;  ///< out of descriptors: the backlog waits a second
    loop::Soon successor_;
    loop::Fd host_, next_;
};

}  // namespace atls::link
