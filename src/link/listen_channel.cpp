#include "link/listen_channel.hpp"

#include <poll.h>

#include <chrono>
#include <utility>

namespace atls::link {

namespace {
bool has_hung_up(int fd) {
    pollfd one{fd, POLLRDHUP, 0};
    return ::poll(&one, 1, 0) == 1;
}
}  // namespace

ListenChannel::ListenChannel(loop::Loop& loop, ChannelUser& user, Listener listener, std::string url)
    : FdChannel(loop, user),
      listener_(std::move(listener)),
      url_(std::move(url)),
      arrivals_(loop, listener_.fd(), [this] { accept_hosts(); }),
      successor_(loop, [this] { take(std::move(next_)); }) {
    arrivals_.want_read(true);
}

ListenChannel::~ListenChannel() { detach(); }

void ListenChannel::accept_hosts() {
    for (;;) {
        loop::Fd arrived;
        switch (listener_.accept(arrived)) {
            case Listener::Accepted::none_now:
                return;
            case Listener::Accepted::no_resources:
                arrivals_.want_read(false);
                if (!retry_) retry_ = std::make_unique<loop::Timer>(loop(), [this] { arrivals_.want_read(true); });
                retry_->set(loop().now() + std::chrono::seconds(1));
                return;
            case Listener::Accepted::one:
                break;
        }
        if (!host_ && !next_) return take(std::move(arrived));
        if (!host_ || next_ || !has_hung_up(host_.get())) continue;
        next_ = std::move(arrived);
        press_to_end();
    }
}

void ListenChannel::take(loop::Fd host) {
    host_ = std::move(host);
    attach(host_.get(), host_.get());
}

void ListenChannel::on_end() {
    detach();
    host_.close();
    if (next_) successor_.call();
    user().on_detached();
}

}  // namespace atls::link
