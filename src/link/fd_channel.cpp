#include "link/fd_channel.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/ensure.hpp"

namespace atls::link {

namespace {
// Five reads of a terminal, and twice what a socket of the modem buffers: enough that a wake-up is dear no more, little
// enough that other ports do not wait.
constexpr std::size_t most_a_turn = 20480;
}  // namespace

FdChannel::FdChannel(loop::Loop& loop, ChannelUser& user)
    : loop_(loop), user_(user), again_(loop, [this] { step(); }) {}

FdChannel::~FdChannel() {
    if (destroyed_ != nullptr) *destroyed_ = true;
}

void FdChannel::attach(int in, int out) {
    in_ = in;
    out_ = out;
    const auto room = [this] {
        (out_watch_ ? *out_watch_ : *in_watch_).want_write(false);
        user_.on_writable();
    };
    in_watch_ = std::make_unique<loop::Watch>(
        loop_, in, [this] { read_some(); }, room, [this] { read_signal(); });
    if (out != in) {
        out_watch_ = std::make_unique<loop::Watch>(
            loop_, out, [] {}, room);
    }
    in_watch_->want_read(true);
    user_.on_attached();
}

void FdChannel::detach() {
    in_watch_.reset();
    out_watch_.reset();
    in_ = out_ = -1;
    kept_.clear();
    out_broken_ = ending_ = lost_ = more_ = pressing_ = false;
}

void FdChannel::stop_reading() {
    if (in_watch_) in_watch_->want_read(false);
    kept_.clear();
}

void FdChannel::end_when_read() {
    ending_ = true;
    if (kept_.empty()) again_.call();
}

void FdChannel::press_to_end() {
    pressing_ = true;
    if (!kept_.empty()) again_.call();
}

std::size_t FdChannel::write(BytesView octets) {
    if (out_ < 0 || out_broken_) return octets.size();
    std::size_t written = 0;
    while (written < octets.size()) {
        const auto count = ::write(out_, octets.data() + written, octets.size() - written);
        if (count > 0) {
            const std::size_t offered = octets.size() - written;
            written += static_cast<std::size_t>(count);
            if (static_cast<std::size_t>(count) < offered) break;  // full; asking again would only say so
            continue;
        }
        if (count < 0 && errno == EINTR) continue;
        if (count == 0 || errno == EAGAIN) break;
        // A socket's end is also read, after what the host still sent. A pipe's reader leaves without a word.
        out_broken_ = true;
        if (out_watch_) {
            lost_ = true;
            again_.call();
        }
        return octets.size();
    }
    if (written < octets.size()) (out_watch_ ? *out_watch_ : *in_watch_).want_write(true);
    return written;
}

void FdChannel::resume() {
    if (!kept_.empty() || destroyed_ != nullptr) again_.call();
}

void FdChannel::step() {
    if (std::exchange(lost_, false)) {
        on_end();
    } else if (!kept_.empty()) {
        offer_kept();
    } else if (ending_ || more_) {
        read_some();
    }
}

void FdChannel::read_some() {
    if (in_ < 0 || !kept_.empty()) return;
    std::array<char, most_a_turn> buffer;  // on the stack, for all channels: an idle one holds none
    const Received received = receive(buffer);
    more_ = received.more;
    switch (received.kind) {
        case Received::Kind::octets:
            return offer(received.octets);
        case Received::Kind::signal:
            if (ending_) again_.call();
            return on_signal();
        case Received::Kind::nothing_now:
            if (ending_) on_end();
            return;
        case Received::Kind::end:
            return on_end();
    }
}

void FdChannel::read_signal() {
    if (in_ < 0 || kept_.empty()) return;
    std::array<char, 4096> buffer;
    const Received received = receive(buffer);
    if (received.kind == Received::Kind::octets) kept_.append(received.octets);
    // The kind does not want to hear of it now: not until the next time that something is taken.
    if (received.kind == Received::Kind::nothing_now) in_watch_->want_urgent(false);
    if (received.kind == Received::Kind::signal) on_signal();
}

void FdChannel::mark_dtr(bool on) {
    // What came while we read is before it too: nothing tells.
    constexpr int most_reads = 4;
    std::array<char, most_a_turn> buffer;
    Received received{Received::Kind::octets};
    for (int i = 0; i < most_reads && received.kind == Received::Kind::octets; ++i) {
        received = receive(buffer);
        kept_.append(received.octets);
        more_ = received.more;
    }
    kept_.mark(on);
    if (received.kind == Received::Kind::end) end_when_read();
    in_watch_->want_read(false);
    again_.call();
    if (received.kind == Received::Kind::signal) on_signal();
}

void FdChannel::offer(BytesView octets) {
    bool destroyed = false;
    destroyed_ = &destroyed;
    const std::size_t taken = user_.on_bytes(octets);
    if (destroyed) return;
    destroyed_ = nullptr;
    ensure(taken <= octets.size(), "a channel's user took more than it was given");
    kept_.append(octets.substr(taken));
    if (pressing_ && !kept_.empty()) return offer_kept();
    look_on();
}

void FdChannel::offer_kept() {
    bool destroyed = false;
    destroyed_ = &destroyed;
    kept_.offer(user_, destroyed, pressing_);
    if (destroyed) return;
    destroyed_ = nullptr;
    look_on();
}

// For more, if all has been taken.
void FdChannel::look_on() {
    const bool all = kept_.empty();
    in_watch_->want_read(all);
    in_watch_->want_urgent(!all && signals_are_urgent());
    if (all && (ending_ || more_)) again_.call();
}

FdChannel::Received FdChannel::receive(std::span<char> into) {
    for (;;) {
        const auto count = ::read(in_, into.data(), into.size());
        if (count > 0) return {Received::Kind::octets, BytesView(into.data(), static_cast<std::size_t>(count))};
        if (count == 0) return {Received::Kind::end};
        if (errno == EAGAIN) return {Received::Kind::nothing_now};
        if (errno != EINTR) return {Received::Kind::end};
    }
}

}  // namespace atls::link
