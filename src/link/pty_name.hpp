// A pty's name in the file system.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "link/channel.hpp"
#include "loop/fd.hpp"

namespace atls::link {

/// A symbolic link to a pty's slave, removed when destroyed if it still is that link. One holder at a time, in whatever
/// program.
class PtyName {
public:
    /// Replaces a link to a pty that nobody holds (/dev/pts numbers are reused, so that a stale link may not dangle),
    /// and a dangling link; refuses anything else.
    static Result<PtyName, LinkFailure> make(const std::string& path, const std::string& slave);

    PtyName() = default;
    PtyName(PtyName&& other) noexcept
        : hold_(std::move(other.hold_)),
          path_(std::exchange(other.path_, {})),
          slave_(std::exchange(other.slave_, {})) {}
    PtyName& operator=(PtyName&& other) noexcept {
        std::swap(hold_, other.hold_);
        std::swap(path_, other.path_);
        std::swap(slave_, other.slave_);
        return *this;
    }
    PtyName(const PtyName&) = delete;
    PtyName& operator=(const PtyName&) = delete;
    ~PtyName();

private:
    loop::Fd hold_;  ///< let go last, when the link is gone
    std::string path_, slave_;
};

}  // namespace atls::link
