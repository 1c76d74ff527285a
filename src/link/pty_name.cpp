#include "link/pty_name.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "loop/words.hpp"

namespace atls::link {

namespace {
std::optional<std::string> target_of(const std::string& path) {
    std::array<char, 4096> target;
    const auto size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) return std::nullopt;
    return std::string(target.data(), static_cast<std::size_t>(size));
}

/// Nothing is there, or a link of ours.
bool is_free(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return true;
    const auto target = target_of(path);
    if (!target) return false;
    return target->starts_with("/dev/pts/") || ::stat(path.c_str(), &status) != 0;
}
}  // namespace

Result<PtyName, LinkFailure> PtyName::make(const std::string& path, const std::string& slave) {
    if (path.find('\0') != std::string::npos) return LinkFailure{"cannot create link: NUL in its name"};
    if (!is_free(path)) return LinkFailure{"cannot create link: a file that is no link to a pty is in the way"};
    // Made aside and renamed: at no moment is there no link.
    const auto aside = path + "." + std::to_string(::getpid());
    ::unlink(aside.c_str());
    if (::symlink(slave.c_str(), aside.c_str()) != 0) {
        return LinkFailure{"cannot create link: " + loop::words_of(errno)};
    }
    if (::rename(aside.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(aside.c_str());
        return LinkFailure{"cannot create link: " + loop::words_of(error)};
    }
    PtyName name;
    name.path_ = path;
    name.slave_ = slave;
    return name;
}

PtyName::~PtyName() {
    if (!path_.empty() && target_of(path_) == slave_) ::unlink(path_.c_str());
}

}  // namespace atls::link
