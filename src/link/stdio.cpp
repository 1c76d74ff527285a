// stdio: as a host's serial port. Ends with standard input.
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "link/fd_channel.hpp"
#include "link/kinds.hpp"
#include "loop/fd.hpp"
#include "loop/words.hpp"

namespace atls::link {

namespace {

/// A person at a terminal: the modem echoes, Enter is CR, Ctrl-C still ends the program. Undone when destroyed.
class TerminalMode {
public:
    explicit TerminalMode(int fd) : fd_(fd) {
        if (::tcgetattr(fd, &before_) != 0) return;
        termios mode = before_;
        mode.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
        mode.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN);
        changed_ = ::tcsetattr(fd, TCSANOW, &mode) == 0;
    }
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;
    ~TerminalMode() {
        if (changed_) ::tcsetattr(fd_, TCSANOW, &before_);
    }

private:
    int fd_;
    termios before_{};
    bool changed_ = false;
};

/// A non-blocking descriptor for the same thing. Where possible with an open file of its own: O_NONBLOCK on a
/// terminal's shared one would also hit standard error and, after us, the shell.
loop::Fd own(int fd, int access) {
    struct stat status {};
    if (::fstat(fd, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode))) {
        const auto name = "/proc/self/fd/" + std::to_string(fd);
        loop::Fd again(::open(name.c_str(), access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        if (again) return again;
    }
    loop::Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (copy) loop::set_nonblocking(copy.get());
    return copy;
}

class StdioChannel final : public FdChannel {
public:
    StdioChannel(loop::Loop& loop, loop::Fd in, loop::Fd out, ChannelUser& user)
        : FdChannel(loop, user), in_(std::move(in)), out_(std::move(out)), mode_(in_.get()), start_(loop, [this] {
              attach(in_.get(), out_.get());
          }) {
        start_.call();
    }
    ~StdioChannel() override { detach(); }

    [[nodiscard]] std::string url() const override { return "stdio:"; }
    [[nodiscard]] bool reattaches() const override { return false; }

private:
    // Input has ended, but what is on its way as an answer may still be written.
    void on_end() override {
        stop_reading();
        if (!std::exchange(ended_, true)) user().on_detached();
    }

    loop::Fd in_, out_;
    TerminalMode mode_;
    loop::Soon start_;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Channel> over_descriptors(loop::Loop& loop, loop::Fd in, loop::Fd out, ChannelUser& user) {
    loop::set_nonblocking(in.get());
    loop::set_nonblocking(out.get());
    return std::make_unique<StdioChannel>(loop, std::move(in), std::move(out), user);
}

OpenedChannel open_stdio(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    if (!rest.empty()) return LinkFailure{"nothing follows stdio:"};
    auto in = own(STDIN_FILENO, O_RDONLY);
    if (!in) return LinkFailure{"no standard input: " + loop::words_of(errno)};
    auto out = own(STDOUT_FILENO, O_WRONLY);
    if (!out) return LinkFailure{"no standard output: " + loop::words_of(errno)};
    return {std::make_unique<StdioChannel>(loop, std::move(in), std::move(out), user)};
}

}  // namespace atls::link
