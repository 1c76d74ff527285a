#include "store/posix_disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "loop/fd.hpp"
#include "loop/words.hpp"

namespace atls::store {

namespace {

using modem::FileError;
using modem::FileFailure;

Outcome<Errno> outcome(int returned) {
    if (returned == 0) return {};
    return Errno{errno};
}

class PosixDraft final : public Disk::Draft {
public:
    explicit PosixDraft(loop::Fd fd) : fd_(std::move(fd)) {}

    Outcome<Errno> append(BytesView octets) override {
        while (!octets.empty()) {
            const auto count = ::write(fd_.get(), octets.data(), octets.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return Errno{errno};
            octets.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }
    Outcome<Errno> sync() override { return outcome(::fsync(fd_.get())); }

private:
    loop::Fd fd_;
};

class PosixDisk final : public Disk {
public:
    PosixDisk(loop::Fd directory, loop::Fd lock) : directory_(std::move(directory)), lock_(std::move(lock)) {}

    [[nodiscard]] Result<std::vector<Entry>, Errno> list() const override;
    [[nodiscard]] Result<Bytes, Errno> read(const std::string& name, std::uint64_t offset,
                                            std::size_t count) const override;
    Result<std::unique_ptr<Draft>, Errno> create(const std::string& name) override {
        loop::Fd fd(::openat(directory_.get(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                             S_IRUSR | S_IWUSR));
        if (!fd) return Errno{errno};
        return {std::make_unique<PosixDraft>(std::move(fd))};
    }
    Outcome<Errno> rename(const std::string& from, const std::string& to) override {
        return outcome(::renameat(directory_.get(), from.c_str(), directory_.get(), to.c_str()));
    }
    Outcome<Errno> unlink(const std::string& name) override {
        return outcome(::unlinkat(directory_.get(), name.c_str(), 0));
    }
    Outcome<Errno> sync_directory() override { return outcome(::fsync(directory_.get())); }

private:
    loop::Fd directory_, lock_;
};

Result<std::vector<Disk::Entry>, Errno> PosixDisk::list() const {
    const int fd = ::openat(directory_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return Errno{errno};
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd), ::closedir);
    if (!stream) return Errno{errno};
    std::vector<Entry> entries;
    errno = 0;
    while (const dirent* one = ::readdir(stream.get())) {
        struct stat status {};
        if (::fstatat(directory_.get(), one->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) {
            entries.push_back({one->d_name, static_cast<std::uint64_t>(status.st_size)});
        }
        errno = 0;
    }
    if (errno != 0) return Errno{errno};
    return entries;
}

Result<Bytes, Errno> PosixDisk::read(const std::string& name, std::uint64_t offset, std::size_t count) const {
    const loop::Fd fd(::openat(directory_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return Errno{errno};
    Bytes octets(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const auto got = ::pread(fd.get(), octets.data() + have, count - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Errno{errno};
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    octets.resize(have);
    return octets;
}

FileFailure refusal(const std::string& path, const std::string& doing, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    return {full ? FileError::no_space : FileError::input_output,
            "storage " + path + ": " + doing + ": " + loop::words_and_name_of(error)};
}

/// Makes `path`; its name and its parents' survive a loss of power.
std::error_code make_directory(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::create_directories(path, error) || error) return error;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    for (auto level = std::filesystem::absolute(path); level.has_relative_path(); level = level.parent_path()) {
        const loop::Fd parent(::open(level.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (parent) ::fsync(parent.get());
    }
    return error;
}

std::string owner_of(int lock) {
    std::array<char, 16> pid{};
    const auto size = ::pread(lock, pid.data(), pid.size() - 1, 0);
    return size > 0 ? " (process " + std::string(pid.data()) + ")" : "";
}

}  // namespace

Result<std::unique_ptr<Disk>, FileFailure> open_posix_disk(const std::string& path) {
    if (const auto error = make_directory(path)) return refusal(path, "cannot create", error.value());
    loop::Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return refusal(path, "cannot open", errno);
    loop::Fd lock(::openat(directory.get(), ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!lock) return refusal(path, "cannot lock", errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return refusal(path, "cannot lock", errno);
        return FileFailure{FileError::input_output,
                           "storage " + path + " is in use by another atls" + owner_of(lock.get())};
    }
    const auto pid = std::to_string(::getpid());
    if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), pid.data(), pid.size(), 0) < 0) {
        return refusal(path, "cannot lock", errno);
    }
    return {std::make_unique<PosixDisk>(std::move(directory), std::move(lock))};
}

}  // namespace atls::store
