// A pty's name in the file system.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "link/channel.hpp"

namespace atls::link {

/// A symbolic link to a pty's slave, removed when destroyed if it still is that link.
class PtyName {
public:
    /// Replaces a link to another pty, alive or not (/dev/pts numbers are reused, so that a stale link may not dangle),
    /// and a dangling link; refuses anything else.
    static Result<PtyName, LinkFailure> make(const std::string& path, const std::string& slave);

    PtyName() = default;
    PtyName(PtyName&& other) noexcept
        : path_(std::exchange(other.path_, {})), slave_(std::exchange(other.slave_, {})) {}
    PtyName& operator=(PtyName&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(slave_, other.slave_);
        return *this;
    }
    PtyName(const PtyName&) = delete;
    PtyName& operator=(const PtyName&) = delete;
    ~PtyName();

private:
    std::string path_, slave_;
};

}  // namespace atls::link
