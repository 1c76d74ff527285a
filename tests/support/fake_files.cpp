#include "support/fake_files.hpp"

#include <utility>

namespace atls::test {

using modem::FileError;
using modem::FileFailure;

namespace {
FileFailure missing(const std::string& name) { return {FileError::not_found, name + ": no such file"}; }
}  // namespace

void FakeFiles::fail_change(FileError code, int good) {
    change_fault_ = code;
    good_changes_ = good;
}

std::optional<FileFailure> FakeFiles::fault(const std::string& name) {
    if (change_fault_ == FileError::none || good_changes_-- > 0) return std::nullopt;
    return FileFailure{std::exchange(change_fault_, FileError::none), name + ": fault on demand"};
}

std::string FakeFiles::content(const std::string& name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? std::string() : found->second;
}

std::vector<modem::FileInfo> FakeFiles::list() const {
    std::vector<modem::FileInfo> all;
    for (const auto& [name, content] : files_) all.push_back({name, content.size()});
    return all;
}

std::optional<std::uint64_t> FakeFiles::size(const std::string& name) const {
    const auto found = files_.find(name);
    if (found == files_.end()) return std::nullopt;
    return found->second.size();
}

Result<Bytes, FileFailure> FakeFiles::read(const std::string& name, std::uint64_t offset, std::size_t count) const {
    if (read_fault_ != FileError::none) {
        return FileFailure{std::exchange(read_fault_, FileError::none), name + ": fault on demand"};
    }
    const auto found = files_.find(name);
    if (found == files_.end()) return missing(name);
    if (offset >= found->second.size()) return Bytes();
    return found->second.substr(offset, count);
}

Outcome<FileFailure> FakeFiles::store(const std::string& name, Bytes content) {
    if (auto failed = fault(name)) return *failed;
    if (used() - this->content(name).size() + content.size() > capacity_) {
        return FileFailure{FileError::no_space, name + ": no space left"};
    }
    files_[name] = std::move(content);
    return {};
}

Outcome<FileFailure> FakeFiles::replace(const std::string& name, BytesView content) {
    return store(name, Bytes(content));
}

Outcome<FileFailure> FakeFiles::write(const std::string& name, std::uint64_t offset, BytesView octets) {
    if (!files_.contains(name)) return missing(name);
    Bytes content = files_[name];
    if (content.size() < offset + octets.size()) content.resize(offset + octets.size());
    content.replace(offset, octets.size(), octets);
    return store(name, std::move(content));
}

Outcome<FileFailure> FakeFiles::truncate(const std::string& name, std::uint64_t size) {
    if (!files_.contains(name)) return missing(name);
    return store(name, files_[name].substr(0, size));
}

Outcome<FileFailure> FakeFiles::remove(const std::string& name) {
    if (!files_.contains(name)) return missing(name);
    if (auto failed = fault(name)) return *failed;
    files_.erase(name);
    return {};
}

std::uint64_t FakeFiles::used() const {
    std::uint64_t octets = 0;
    for (const auto& [name, content] : files_) octets += content.size();
    return octets;
}

}  // namespace atls::test
