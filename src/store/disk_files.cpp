// Every change makes a whole new file aside, which then takes the name: a file is the old one or the new one.
#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "loop/words.hpp"
#include "store/file_name.hpp"
#include "store/posix_disk.hpp"
#include "store/refusals.hpp"
#include "store/store.hpp"

namespace atls::store {

namespace {

using modem::FileError;
using modem::FileFailure;
using modem::FileInfo;

// Safe names never begin with a dot. One draft at a time for calls, which do not overlap; one more for each writer.
const std::string draft_name = ".draft";
constexpr std::size_t copy_block = 65536;

FileError code_of(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return FileError::no_space;
        case ENOENT:
            return FileError::not_found;
        case ENAMETOOLONG:
            return FileError::bad_name;
        default:
            return FileError::input_output;
    }
}

FileFailure refusal(const char* doing, const std::string& name, Errno error) {
    return failure(code_of(error.number), doing, name, loop::words_and_name_of(error.number));
}

/// A part of the file that is written: new octets, or a stretch of the old file.
struct Part {
    BytesView octets{};
    std::uint64_t from = 0, count = 0;
};

class DiskFiles final : public modem::Files {
public:
    DiskFiles(std::unique_ptr<Disk> disk, std::uint64_t quota) : disk_(std::move(disk)), quota_(quota) {}

    Outcome<FileFailure> load();

    [[nodiscard]] std::vector<FileInfo> list() const override {
        std::vector<FileInfo> all;
        for (const auto& [name, file] : files_) all.push_back({name, file.size});
        return all;
    }
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override {
        const auto found = files_.find(name);
        if (found == files_.end()) return std::nullopt;
        return found->second.size;
    }
    [[nodiscard]] Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                  std::size_t count) const override;
    Outcome<FileFailure> replace(const std::string& name, BytesView content) override;
    Outcome<FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) override;
    Outcome<FileFailure> truncate(const std::string& name, std::uint64_t size) override;
    Outcome<FileFailure> remove(const std::string& name) override;
    Result<std::unique_ptr<modem::FileWriter>, FileFailure> start(const std::string& name) override;
    [[nodiscard]] std::uint64_t capacity() const override { return quota_; }
    [[nodiscard]] std::uint64_t used() const override { return used_; }

private:
    class Writer;
    struct File {
        std::string safe;
        std::uint64_t size = 0;
    };

    Outcome<FileFailure> renew(const char* doing, const std::string& name, const std::string& safe, std::uint64_t size,
                               std::initializer_list<Part> parts);
    Outcome<Errno> draft(const std::string& old, std::initializer_list<Part> parts);
    Outcome<Errno> copy(Disk::Draft& to, const std::string& from, const Part& part);

    std::unique_ptr<Disk> disk_;
    std::map<std::string, File> files_;
    std::uint64_t quota_;
    std::uint64_t used_ = 0;
    std::uint64_t writers_ = 0;  ///< so many were started
};

/// A draft of its own that takes the name at the end.
class DiskFiles::Writer final : public modem::FileWriter {
public:
    Writer(DiskFiles& files, std::string name, std::string safe, std::string aside, std::unique_ptr<Disk::Draft> draft)
        : files_(files),
          name_(std::move(name)),
          safe_(std::move(safe)),
          aside_(std::move(aside)),
          draft_(std::move(draft)) {}
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    // Nothing to be done if this fails: the next start removes it.
    ~Writer() override {
        if (!aside_.empty()) (void)files_.disk_->unlink(aside_);
    }
    Outcome<FileFailure> append(BytesView octets) override {
        if (auto over = over_quota("write", name_, before(), size_ + octets.size(), files_.used_, files_.quota_)) {
            return *over;
        }
        if (auto done = draft_->append(octets); !done) return refusal("write", name_, done.error());
        size_ += octets.size();
        return {};
    }
    Outcome<FileFailure> finish() override {
        auto done = draft_->sync();
        draft_.reset();
        if (done) done = files_.disk_->rename(aside_, safe_);
        if (!done) return refusal("write", name_, done.error());
        aside_.clear();
        files_.used_ = files_.used_ - before() + size_;
        files_.files_[name_] = {safe_, size_};
        if (done = files_.disk_->sync_directory(); !done) return refusal("write", name_, done.error());
        return {};
    }

private:
    [[nodiscard]] std::uint64_t before() const { return files_.size(name_).value_or(0); }

    DiskFiles& files_;
    std::string name_, safe_, aside_;
    std::unique_ptr<Disk::Draft> draft_;
    std::uint64_t size_ = 0;
};

Result<std::unique_ptr<modem::FileWriter>, FileFailure> DiskFiles::start(const std::string& name) {
    const auto safe = safe_name(name);
    if (!safe) return bad_name("write", name);
    std::string aside = draft_name + std::to_string(++writers_);
    auto created = disk_->create(aside);
    if (!created) return refusal("write", name, created.error());
    return std::unique_ptr<modem::FileWriter>(
        std::make_unique<Writer>(*this, name, *safe, std::move(aside), std::move(*created)));
}

Outcome<FileFailure> DiskFiles::load() {
    const auto entries = disk_->list();
    if (!entries) return refusal("list", ".", entries.error());
    for (const auto& entry : *entries) {
        if (entry.name.starts_with(draft_name)) {
            // Power was lost, or we were killed, half-way through.
            if (auto done = disk_->unlink(entry.name); !done) return refusal("remove", entry.name, done.error());
            continue;
        }
        const auto name = name_from(entry.name);
        if (!name) continue;
        files_[*name] = {entry.name, entry.size};
        used_ += entry.size;
    }
    return {};
}

Result<Bytes, FileFailure> DiskFiles::read(const std::string& name, std::uint64_t offset, std::size_t count) const {
    const auto found = files_.find(name);
    if (found == files_.end()) return not_found("read", name);
    const auto size = found->second.size;
    if (offset >= size) return Bytes();
    const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(count, size - offset));
    auto octets = disk_->read(found->second.safe, offset, there);
    if (!octets) return refusal("read", name, octets.error());
    return std::move(*octets);
}

Outcome<FileFailure> DiskFiles::replace(const std::string& name, BytesView content) {
    const auto safe = safe_name(name);
    if (!safe) return bad_name("write", name);
    return renew("write", name, *safe, content.size(), {{content}});
}

Outcome<FileFailure> DiskFiles::write(const std::string& name, std::uint64_t offset, BytesView octets) {
    const auto found = files_.find(name);
    if (found == files_.end()) return not_found("write", name);
    const auto [safe, size] = found->second;
    if (offset > size) return bad_offset("write", name, offset, size);
    const std::uint64_t end = offset + octets.size();
    const Part rest{{}, end, size > end ? size - end : 0};
    return renew("write", name, safe, std::max(size, end), {{{}, 0, offset}, {octets}, rest});
}

Outcome<FileFailure> DiskFiles::truncate(const std::string& name, std::uint64_t size) {
    const auto found = files_.find(name);
    if (found == files_.end()) return not_found("truncate", name);
    if (size > found->second.size) return bad_offset("truncate", name, size, found->second.size);
    const std::string safe = found->second.safe;
    return renew("truncate", name, safe, size, {{{}, 0, size}});
}

Outcome<FileFailure> DiskFiles::remove(const std::string& name) {
    const auto found = files_.find(name);
    if (found == files_.end()) return not_found("remove", name);
    if (auto done = disk_->unlink(found->second.safe); !done) return refusal("remove", name, done.error());
    used_ -= found->second.size;
    files_.erase(found);
    if (auto done = disk_->sync_directory(); !done) return refusal("remove", name, done.error());
    return {};
}

Outcome<FileFailure> DiskFiles::renew(const char* doing, const std::string& name, const std::string& safe,
                                      std::uint64_t size, std::initializer_list<Part> parts) {
    const auto before = this->size(name).value_or(0);
    if (auto over = over_quota(doing, name, before, size, used_, quota_)) return *over;
    auto done = draft(safe, parts);
    if (done) done = disk_->rename(draft_name, safe);
    if (!done) {
        // Nothing to be done if this fails too: the next start removes it.
        (void)disk_->unlink(draft_name);
        return refusal(doing, name, done.error());
    }
    files_[name] = {safe, size};
    used_ = used_ - before + size;
    // Failing here leaves the new file in place; only whether it survives a loss of power is not known.
    if (done = disk_->sync_directory(); !done) return refusal(doing, name, done.error());
    return {};
}

Outcome<Errno> DiskFiles::draft(const std::string& old, std::initializer_list<Part> parts) {
    auto created = disk_->create(draft_name);
    if (!created) return created.error();
    Disk::Draft& to = **created;
    for (const Part& part : parts) {
        auto done = part.count == 0 ? to.append(part.octets) : copy(to, old, part);
        if (!done) return done;
    }
    return to.sync();
}

Outcome<Errno> DiskFiles::copy(Disk::Draft& to, const std::string& from, const Part& part) {
    for (std::uint64_t done = 0; done < part.count;) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(copy_block, part.count - done));
        const auto octets = disk_->read(from, part.from + done, count);
        if (!octets) return octets.error();
        if (octets->size() != count) return Errno{EIO};
        if (auto written = to.append(*octets); !written) return written;
        done += count;
    }
    return {};
}

}  // namespace

OpenedFiles open_disk(std::unique_ptr<Disk> disk, std::uint64_t quota) {
    auto files = std::make_unique<DiskFiles>(std::move(disk), quota);
    if (auto loaded = files->load(); !loaded) return loaded.error();
    return {std::move(files)};
}

OpenedFiles open_directory(const std::string& path, std::uint64_t quota) {
    auto disk = open_posix_disk(path);
    if (!disk) return disk.error();
    return open_disk(std::move(*disk), quota);
}

}  // namespace atls::store
