// pty:PATH: a pseudo terminal whose slave is the host's serial port. Linux only.
//
// The slave stays open here too, so that the master never reads EIO and the terminal's settings outlive a host. Who
// opens and closes it is heard through inotify. What the host sets is heard through packet mode (tty_ioctl(2)): each
// tcsetattr is announced while EXTPROC is on, which has no other effect on a raw terminal.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "link/fd_channel.hpp"
#include "link/kinds.hpp"
#include "link/line_speed.hpp"
#include "link/openings.hpp"
#include "link/pty_name.hpp"
#include "loop/fd.hpp"
#include "loop/words.hpp"

namespace atls::link {

namespace {

// A read gives at most what the terminal's own buffer holds. A host that sends in bulk has more by the time that was
// taken, and every octet that shares a turn with others is cheaper: one record, one packet, one wake-up of the peer.
constexpr std::size_t most_at_once = 4096;
// What the kernel passes on in one piece. Less: the host has nothing more just now, do not ask.
constexpr std::size_t bulk = 2048;

LinkFailure failure(const char* doing) { return {std::string(doing) + ": " + loop::words_of(errno)}; }

struct Terminal {
    loop::Fd master, slave;
    std::string path;
};

Result<Terminal, LinkFailure> make_terminal() {
    Terminal made;
    made.master = loop::Fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!made.master) return failure("cannot create a pty");
    if (::grantpt(made.master.get()) != 0 || ::unlockpt(made.master.get()) != 0)
        return failure("cannot unlock the pty");
    std::array<char, 64> path{};
    if (::ptsname_r(made.master.get(), path.data(), path.size()) != 0) return failure("cannot name the pty");
    made.path = path.data();
    made.slave = loop::Fd(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!made.slave) return failure("cannot open the pty's slave");

    termios mode{};
    if (::tcgetattr(made.slave.get(), &mode) != 0) return failure("cannot read the pty's mode");
    ::cfmakeraw(&mode);
    ::cfsetspeed(&mode, B115200);
    mode.c_lflag |= EXTPROC;
    const int on = 1;
    if (::tcsetattr(made.slave.get(), TCSANOW, &mode) != 0) return failure("cannot set the pty's mode");
    if (::ioctl(made.master.get(), TIOCPKT, &on) != 0) return failure("cannot set the pty's packet mode");
    return made;
}

class PtyChannel final : public FdChannel {
public:
    PtyChannel(loop::Loop& loop, ChannelUser& user, Terminal terminal, PtyName name, std::string url,
               std::shared_ptr<Openings> openings)
        : FdChannel(loop, user),
          terminal_(std::move(terminal)),
          name_(std::move(name)),
          url_(std::move(url)),
          openings_(std::move(openings)),
          step_(loop, [this] { step(); }) {}
    ~PtyChannel() override {
        openings_->remove(watch_);
        detach();
    }

    bool listen() {
        watch_ = openings_->add(terminal_.path, [this](bool opened) { heard(opened); });
        return watch_ >= 0;
    }
    [[nodiscard]] std::string url() const override { return url_; }

private:
    void heard(bool opened) {
        if (opened) {
            fresh_ |= opens_++ == 0;
        } else if (opens_ > 0) {
            --opens_;
        }
        if (fresh_ || opens_ == 0) step_.call();
    }

    // One thing at a time: each may be the end of this.
    void step() {
        if (fresh_ && in() >= 0 && keeps()) {
            // The old host's octets first; what they are answered is for nobody.
            stop_writing();
            press_to_end();
            end_when_read();
        } else if (fresh_ && in() >= 0) {
            // Closed and opened again before we looked. What there is to read is more likely the new host's.
            step_.call();
            leave();
            user().on_detached();
        } else if (fresh_) {
            fresh_ = false;
            dtr_ = rate_untold_ = true;
            step_.call();
            attach(terminal_.master.get(), terminal_.master.get());
        } else if (in() >= 0 && opens_ == 0) {
            press_to_end();
            end_when_read();
        } else if (in() >= 0) {
            on_signal();
        }
    }

    void leave() {
        detach();
        signal_kept_ = false;
        // What the host did not read must not greet the next one. A serial port's driver does the same on close.
        ::tcflush(terminal_.slave.get(), TCIFLUSH);
    }

    void on_end() override {
        leave();
        if (fresh_) step_.call();
        user().on_detached();
    }

    Received receive(std::span<char> into) override {
        if (std::exchange(signal_kept_, false)) return {Received::Kind::signal};
        std::size_t end = 0;  // of the first read's header octet and all data
        for (;;) {
            const Received next = read_packet(into, end);
            if (next.kind != Received::Kind::octets) {
                if (end == 0) return next;
                signal_kept_ = next.kind == Received::Kind::signal;
                break;
            }
            end += next.octets.size() + (end == 0 ? 1 : 0);
            if (next.octets.size() < bulk || into.size() - end < most_at_once) break;
        }
        return {Received::Kind::octets, BytesView(into.data() + 1, end - 1), signal_kept_};
    }

    /// Behind the `end` octets that are there.
    Received read_packet(std::span<char> into, std::size_t end) {
        // First who is there, then what they say: an answer to a new host must not go down with the old one's.
        openings_->look();
        if (fresh_) return {Received::Kind::nothing_now};
        // The packet's header overlays the last octet before it, which is put back.
        const std::size_t header = end == 0 ? 0 : end - 1;
        const char overlaid = end == 0 ? '\0' : into[header];
        for (;;) {
            const auto count = ::read(terminal_.master.get(), into.data() + header, into.size() - header);
            const char kind = std::exchange(into[header], overlaid);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0 && errno == EAGAIN) return {Received::Kind::nothing_now};
            if (count <= 0) return {Received::Kind::end};
            if (kind != TIOCPKT_DATA) return {Received::Kind::signal};
            if (count == 1) continue;
            return {Received::Kind::octets, BytesView(into.data() + header, static_cast<std::size_t>(count)).substr(1)};
        }
    }

    [[nodiscard]] bool signals_are_urgent() const override { return true; }
    void on_signal() override {
        termios mode{};
        if (::tcgetattr(terminal_.slave.get(), &mode) != 0) return;
        if ((mode.c_lflag & EXTPROC) == 0) {
            // A host that fills its termios anew switches our ear off.
            mode.c_lflag |= EXTPROC;
            ::tcsetattr(terminal_.slave.get(), TCSANOW, &mode);
        }
        const auto speed = speed_of(terminal_.slave.get());
        if (!speed) return;
        const unsigned rate = *speed;
        const bool dtr = rate != 0;
        const bool told = dtr && (rate != rate_ || rate_untold_);
        const auto dtr_before = std::exchange(dtr_, dtr);
        if (told) {
            rate_ = rate;
            rate_untold_ = false;
            user().on_rate(rate);
        }
        if (dtr_before != dtr) mark_dtr(dtr);
    }

    Terminal terminal_;
    PtyName name_;
    std::string url_;
    std::shared_ptr<Openings> openings_;
    loop::Soon step_;
    int watch_ = -1;
    int opens_ = 0;       ///< open file descriptions of hosts
    bool fresh_ = false;  ///< the first of a series of opens has yet to be told
    bool dtr_ = true;
    unsigned rate_ = 115'200;
    bool rate_untold_ = false;  ///< to the user, since this host came
    bool signal_kept_ = false;  ///< read behind octets that go first
};

}  // namespace

OpenedChannel open_pty(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    auto terminal = make_terminal();
    if (!terminal) return terminal.error();
    auto openings = Openings::of(loop);
    if (!openings) return failure("cannot watch the pty");
    PtyName name;
    const std::string path(rest.empty() ? terminal->path : std::string(rest));
    if (!rest.empty()) {
        auto made = PtyName::make(path, terminal->path);
        if (!made) return made.error();
        name = std::move(*made);
    }
    auto channel = std::make_unique<PtyChannel>(loop, user, std::move(*terminal), std::move(name), "pty:" + path,
                                                std::move(openings));
    if (!channel->listen()) return failure("cannot watch the pty");
    return {std::move(channel)};
}

}  // namespace atls::link
