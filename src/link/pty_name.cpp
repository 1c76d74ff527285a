#include "link/pty_name.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
LinkFailure failure(int error) { return {"cannot create link: " + loop::words_of(error)}; }

// FNV-1a: a file's name may be longer than an abstract address.
std::uint64_t digest_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

// A path is held by an abstract unix address made of its folder's identity and its name: the kernel lets go of it with
// the program, however that ends, and no file is left behind as a lock file would be.
Result<loop::Fd, LinkFailure> hold(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return failure(errno);
    const std::string name = "atls/pty/" + std::to_string(status.st_dev) + "/" + std::to_string(status.st_ino) + "/" +
                             std::to_string(digest_of(std::string_view(path).substr(slash + 1)));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(&address.sun_path[1], name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    loop::Fd held(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!held) return failure(errno);
    if (::bind(held.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return held;
    if (errno == EADDRINUSE) return LinkFailure{"in use by another port or program"};
    return failure(errno);
}
}  // namespace

Result<PtyName, LinkFailure> PtyName::make(const std::string& path, const std::string& slave) {
    if (path.find('\0') != std::string::npos) return LinkFailure{"cannot create link: NUL in its name"};
    auto held = hold(path);
    if (!held) return held.error();
    if (!is_free(path)) return LinkFailure{"cannot create link: a file that is no link to a pty is in the way"};
    // Made aside and renamed: at no moment is there no link.
    const auto aside = path + "." + std::to_string(::getpid());
    ::unlink(aside.c_str());
    if (::symlink(slave.c_str(), aside.c_str()) != 0) {
        return failure(errno);
    }
    if (::rename(aside.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(aside.c_str());
        return failure(error);
    }
    PtyName name;
    name.hold_ = std::move(*held);
    name.path_ = path;
    name.slave_ = slave;
    return name;
}

PtyName::~PtyName() {
    if (!path_.empty() && target_of(path_) == slave_) ::unlink(path_.c_str());
}

}  // namespace atls::link
