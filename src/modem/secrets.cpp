#include "modem/secrets.hpp"

#include <algorithm>

#include "codec/checksum.hpp"
#include "modem/volumes.hpp"

namespace atls::modem {

namespace {

// What memory holds of them together; not stated.
constexpr std::uint64_t ram_octets = 131'072;

FileFailure refused(FileError code, const std::string& name, const char* why) { return {code, name + ": " + why}; }
FileFailure absent(const std::string& name) { return refused(FileError::not_found, name, "there is no such secret"); }

bool in_nvram(const std::string& name) { return name.starts_with(nvram_prefix); }
std::string bare(const std::string& name) {
    const auto prefix = in_nvram(name) ? nvram_prefix : ram_prefix;
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// Stored as its checksum, a line end, and the content: QSECREAD compares them.
Bytes with_checksum(BytesView content) {
    Bytes stored = codec::checksum_text(content) + "\n";
    stored.reserve(stored.size() + content.size());  // growing would leave a copy behind
    return stored += content;
}

/// What is stored, taken apart; views of it.
struct Parts {
    BytesView content;
    std::string checksum;  ///< as it is now
    bool good = false;     ///< and as it was when it was written
};
Parts parts_of(BytesView stored) {
    const auto end = stored.find('\n');
    if (end == BytesView::npos) return {stored, codec::checksum_text(stored), false};
    const BytesView content = stored.substr(end + 1);
    std::string now = codec::checksum_text(content);
    const bool good = stored.substr(0, end) == now;
    return {content, std::move(now), good};
}

}  // namespace

Result<Bytes, FileFailure> Secrets::whole(const std::string& name) const {
    if (in_nvram(name)) {
        const auto size = nvram_ == nullptr ? std::nullopt : nvram_->size(bare(name));
        if (!size) return absent(name);
        return nvram_->read(bare(name), 0, static_cast<std::size_t>(*size));
    }
    const auto found = ram_.find(bare(name));
    if (found == ram_.end()) return absent(name);
    return found->second;
}

Result<Secrets::Check, FileFailure> Secrets::check(const std::string& name) const {
    auto stored = whole(name);
    if (!stored) {
        if (stored.error().code == FileError::not_found) return stored.error();
        return Check{false, "0"};  // it is there and cannot be made out any more
    }
    auto parts = parts_of(*stored);
    wipe(*stored);
    return Check{parts.good, std::move(parts.checksum)};
}

void Secrets::forget_ram() {
    for (auto& [name, secret] : ram_) wipe(secret);
    ram_.clear();
}

std::vector<FileInfo> Secrets::list() const { return {}; }

std::optional<std::uint64_t> Secrets::size(const std::string& name) const {
    auto stored = whole(name);
    if (!stored) {
        // Damaged is not absent: reading it says what is wrong.
        return stored.error().code == FileError::not_found ? std::nullopt : std::optional<std::uint64_t>(0);
    }
    const std::size_t octets = parts_of(*stored).content.size();
    wipe(*stored);
    return octets;
}

Result<Bytes, FileFailure> Secrets::read(const std::string& name, std::uint64_t offset, std::size_t count) const {
    auto stored = whole(name);
    if (!stored) return stored.error();
    const Parts parts = parts_of(*stored);
    Bytes wanted;
    if (parts.good && offset < parts.content.size())
        wanted = parts.content.substr(static_cast<std::size_t>(offset), count);
    wipe(*stored);
    if (!parts.good) return refused(FileError::input_output, name, "is damaged");
    return wanted;
}

Outcome<FileFailure> Secrets::replace(const std::string& name, BytesView content) {
    if (auto there = whole(name)) {
        wipe(*there);
        return refused(FileError::exists, name, "is there already");
    }
    if (in_nvram(name)) {
        if (nvram_ == nullptr) return refused(FileError::bad_name, name, "the module has no NVRAM");
        if (nvram_->size(bare(name))) return refused(FileError::exists, name, "is there already, and damaged");
        Bytes stored = with_checksum(content);
        auto outcome = nvram_->replace(bare(name), stored);
        wipe(stored);
        return outcome;
    }
    if (used() + content.size() > ram_octets)
        return refused(FileError::no_space, name, "the memory for secrets is full");
    ram_[bare(name)] = with_checksum(content);
    return {};
}

Outcome<FileFailure> Secrets::remove(const std::string& name) {
    if (in_nvram(name)) return nvram_ == nullptr ? Outcome<FileFailure>(absent(name)) : nvram_->remove(bare(name));
    const auto found = ram_.find(bare(name));
    if (found == ram_.end()) return absent(name);
    wipe(found->second);
    ram_.erase(found);
    return {};
}

Outcome<FileFailure> Secrets::write(const std::string& name, std::uint64_t, BytesView) {
    return refused(FileError::bad_name, name, "a secret is written whole");
}
Outcome<FileFailure> Secrets::truncate(const std::string& name, std::uint64_t) {
    return refused(FileError::bad_name, name, "a secret is written whole");
}

std::uint64_t Secrets::capacity() const { return ram_octets; }
std::uint64_t Secrets::used() const {
    std::uint64_t octets = 0;
    for (const auto& [name, secret] : ram_) octets += secret.size();
    return octets;
}

}  // namespace atls::modem
