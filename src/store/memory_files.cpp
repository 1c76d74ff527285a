#include <algorithm>
#include <map>
#include <utility>

#include "store/file_name.hpp"
#include "store/refusals.hpp"
#include "store/store.hpp"

namespace atls::store {

namespace {

using modem::FileFailure;
using modem::FileInfo;

class MemoryFiles final : public modem::Files {
public:
    explicit MemoryFiles(std::uint64_t quota) : quota_(quota) {}

    [[nodiscard]] std::vector<FileInfo> list() const override {
        std::vector<FileInfo> all;
        for (const auto& [name, content] : files_) all.push_back({name, content.size()});
        return all;
    }
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override {
        const auto found = files_.find(name);
        if (found == files_.end()) return std::nullopt;
        return found->second.size();
    }
    [[nodiscard]] Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                  std::size_t count) const override {
        const auto found = files_.find(name);
        if (found == files_.end()) return not_found("read", name);
        if (offset >= found->second.size()) return Bytes();
        return found->second.substr(static_cast<std::size_t>(offset), count);
    }
    Outcome<FileFailure> replace(const std::string& name, BytesView content) override {
        if (!safe_name(name)) return bad_name("write", name);
        if (auto over = over_quota("write", name, size(name).value_or(0), content.size(), used_, quota_)) return *over;
        Bytes& file = files_[name];
        used_ = used_ - file.size() + content.size();
        file = Bytes(content);
        return {};
    }
    Outcome<FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) override {
        const auto found = files_.find(name);
        if (found == files_.end()) return not_found("write", name);
        Bytes& file = found->second;
        if (offset > file.size()) return bad_offset("write", name, offset, file.size());
        const auto after = std::max<std::uint64_t>(file.size(), offset + octets.size());
        if (auto over = over_quota("write", name, file.size(), after, used_, quota_)) return *over;
        used_ += after - file.size();
        file.replace(static_cast<std::size_t>(offset), octets.size(), octets);
        return {};
    }
    Outcome<FileFailure> truncate(const std::string& name, std::uint64_t size) override {
        const auto found = files_.find(name);
        if (found == files_.end()) return not_found("truncate", name);
        Bytes& file = found->second;
        if (size > file.size()) return bad_offset("truncate", name, size, file.size());
        used_ -= file.size() - size;
        file.resize(static_cast<std::size_t>(size));
        file.shrink_to_fit();
        return {};
    }
    Outcome<FileFailure> remove(const std::string& name) override {
        const auto found = files_.find(name);
        if (found == files_.end()) return not_found("remove", name);
        used_ -= found->second.size();
        files_.erase(found);
        return {};
    }
    [[nodiscard]] std::uint64_t capacity() const override { return quota_; }
    [[nodiscard]] std::uint64_t used() const override { return used_; }

private:
    std::map<std::string, Bytes> files_;
    std::uint64_t quota_;
    std::uint64_t used_ = 0;
};

}  // namespace

std::unique_ptr<modem::Files> in_memory(std::uint64_t quota) { return std::make_unique<MemoryFiles>(quota); }

}  // namespace atls::store
