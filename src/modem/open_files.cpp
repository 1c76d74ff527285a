#include "modem/open_files.hpp"

#include <algorithm>

#include "modem/volumes.hpp"

namespace atls::modem {

namespace {
// BG96 FILE manual: the longest file name.
constexpr std::size_t longest_name = 80;

bool good_name(const std::string& name) {
    return !name.empty() && name.size() <= longest_name && std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '"';
    });
}

HandleFault fault_of(const FileFailure& failure) {
    switch (failure.code) {
        case FileError::none:
            return HandleFault::none;
        case FileError::not_found:
            return HandleFault::not_found;
        case FileError::bad_name:
            return HandleFault::bad_name;
        case FileError::no_space:
            return HandleFault::no_space;
        case FileError::exists:
        case FileError::input_output:
            return HandleFault::io_failed;
    }
    return HandleFault::io_failed;
}
}  // namespace

Result<std::uint32_t, HandleFault> OpenFiles::open(const std::string& path, OpenMode mode) {
    const std::string name = file_name_of(path);
    if (!good_name(name)) return HandleFault::bad_name;
    if (is_open(name)) return HandleFault::already_open;
    if (entries_.size() >= static_cast<std::size_t>(most_)) return HandleFault::too_many_open;
    const bool exists = files_.size(name).has_value();
    if (mode == OpenMode::read_only && !exists) return HandleFault::not_found;
    if (mode == OpenMode::truncate || (mode == OpenMode::create && !exists)) {
        const auto made = files_.replace(name, "");
        if (!made) return fault_of(made.error());
    }
    std::uint32_t handle = first_handle_;
    while (entries_.contains(handle)) ++handle;
    entries_[handle] = {handle, name, mode, 0};
    return handle;
}

const OpenFiles::Entry* OpenFiles::find(std::uint32_t handle) const {
    const auto found = entries_.find(handle);
    return found == entries_.end() ? nullptr : &found->second;
}

Result<Bytes, HandleFault> OpenFiles::read(std::uint32_t handle, std::size_t most) {
    const auto found = entries_.find(handle);
    if (found == entries_.end()) return HandleFault::unknown_handle;
    Entry& entry = found->second;
    if (entry.position >= size(handle)) return HandleFault::end_of_file;
    auto octets = files_.read(entry.name, entry.position, most);
    if (!octets) return fault_of(octets.error());
    entry.position += octets->size();
    return std::move(*octets);
}

HandleFault OpenFiles::can_write(std::uint32_t handle) const {
    const Entry* entry = find(handle);
    if (entry == nullptr) return HandleFault::unknown_handle;
    return entry->mode == OpenMode::read_only ? HandleFault::read_only : HandleFault::none;
}

Result<std::uint64_t, HandleFault> OpenFiles::write(std::uint32_t handle, BytesView octets) {
    if (const HandleFault fault = can_write(handle); fault != HandleFault::none) return fault;
    Entry& entry = entries_.at(handle);
    const auto written = files_.write(entry.name, entry.position, octets);
    if (!written) return fault_of(written.error());
    entry.position += octets.size();
    return size(handle);
}

HandleFault OpenFiles::seek(std::uint32_t handle, std::uint64_t offset, SeekFrom from) {
    const auto found = entries_.find(handle);
    if (found == entries_.end()) return HandleFault::unknown_handle;
    Entry& entry = found->second;
    const std::uint64_t end = size(handle);
    std::uint64_t base = 0;
    if (from == SeekFrom::current) base = entry.position;
    if (from == SeekFrom::end) {
        // An offset from the end counts backwards.
        if (offset > end) return HandleFault::beyond_end;
        entry.position = end - offset;
        return HandleFault::none;
    }
    if (base > end || offset > end - base) return HandleFault::beyond_end;
    entry.position = base + offset;
    return HandleFault::none;
}

HandleFault OpenFiles::truncate(std::uint32_t handle) {
    if (const HandleFault fault = can_write(handle); fault != HandleFault::none) return fault;
    const Entry& entry = entries_.at(handle);
    const auto cut = files_.truncate(entry.name, entry.position);
    return cut ? HandleFault::none : fault_of(cut.error());
}

HandleFault OpenFiles::close(std::uint32_t handle) {
    return entries_.erase(handle) == 1 ? HandleFault::none : HandleFault::unknown_handle;
}

std::vector<OpenFiles::Entry> OpenFiles::all() const {
    std::vector<Entry> entries;
    for (const auto& [handle, entry] : entries_) entries.push_back(entry);
    return entries;
}

bool OpenFiles::is_open(const std::string& path) const {
    const std::string name = file_name_of(path);
    return std::any_of(entries_.begin(), entries_.end(), [&](const auto& item) { return item.second.name == name; });
}

std::uint64_t OpenFiles::size(std::uint32_t handle) const {
    const Entry* entry = find(handle);
    return entry == nullptr ? 0 : files_.size(entry->name).value_or(0);
}

}  // namespace atls::modem
