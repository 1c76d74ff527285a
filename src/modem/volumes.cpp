#include "modem/volumes.hpp"

namespace atls::modem {

namespace {

constexpr std::string_view ufs_prefix = "UFS:";

bool begins(const std::string& path, std::string_view prefix) {
    return path.size() > prefix.size() && equal_ignoring_case(path.substr(0, prefix.size()), prefix);
}

}  // namespace

Volumes::Place Volumes::place(const std::string& name) const {
    if (!in_ram(name)) return {ufs_, name};
    return {*ram_, name.substr(ram_prefix.size())};
}

const Files& Volumes::holder(const std::string& name) const { return place(name).files; }

void Volumes::forget_ram() {
    if (ram_ == nullptr) return;
    // Memory does not refuse.
    for (const auto& file : ram_->list()) static_cast<void>(ram_->remove(file.name));
}

std::vector<FileInfo> Volumes::list() const {
    auto all = ufs_.list();
    if (ram_ == nullptr) return all;
    for (auto& file : ram_->list()) all.push_back({std::string(ram_prefix) + file.name, file.size});
    return all;
}

std::optional<std::uint64_t> Volumes::size(const std::string& name) const {
    const Place at = place(name);
    return at.files.size(at.name);
}

Result<Bytes, FileFailure> Volumes::read(const std::string& name, std::uint64_t offset, std::size_t count) const {
    const Place at = place(name);
    return at.files.read(at.name, offset, count);
}

Outcome<FileFailure> Volumes::replace(const std::string& name, BytesView content) {
    const Place at = place(name);
    return at.files.replace(at.name, content);
}

Outcome<FileFailure> Volumes::write(const std::string& name, std::uint64_t offset, BytesView octets) {
    const Place at = place(name);
    return at.files.write(at.name, offset, octets);
}

Outcome<FileFailure> Volumes::truncate(const std::string& name, std::uint64_t size) {
    const Place at = place(name);
    return at.files.truncate(at.name, size);
}

Outcome<FileFailure> Volumes::remove(const std::string& name) {
    const Place at = place(name);
    return at.files.remove(at.name);
}

Result<std::unique_ptr<FileWriter>, FileFailure> Volumes::start(const std::string& name) {
    const Place at = place(name);
    return at.files.start(at.name);
}

std::string file_name_of(const std::string& path) {
    if (begins(path, ufs_prefix)) return path.substr(ufs_prefix.size());
    if (begins(path, ram_prefix)) return std::string(ram_prefix) + path.substr(ram_prefix.size());
    return path;
}

}  // namespace atls::modem
