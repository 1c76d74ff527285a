// Files opened by handle (AT+QFOPEN): position, mode, limits. The store itself is outside.hpp's Files.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "modem/outside.hpp"

namespace atls::modem {

enum class OpenMode : std::uint8_t { create = 0, truncate = 1, read_only = 2 };
enum class SeekFrom : std::uint8_t { start = 0, current = 1, end = 2 };

/// Neutral names of what can go wrong with a handle; the dialect has the numbers.
enum class HandleFault : std::uint8_t {
    none,
    bad_name,
    not_found,
    already_open,
    too_many_open,
    unknown_handle,
    read_only,
    end_of_file,
    beyond_end,
    no_space,
    io_failed,
};

class OpenFiles {
public:
    struct Entry {
        std::uint32_t handle = 0;
        std::string name;
        OpenMode mode = OpenMode::create;
        std::uint64_t position = 0;
    };

    OpenFiles(Files& files, int most, std::uint32_t first_handle = 0)
        : files_(files), most_(most), first_handle_(first_handle) {}

    Result<std::uint32_t, HandleFault> open(const std::string& name, OpenMode mode);
    [[nodiscard]] const Entry* find(std::uint32_t handle) const;
    /// From the position on, moving it. end_of_file: nothing left.
    Result<Bytes, HandleFault> read(std::uint32_t handle, std::size_t most);
    /// Writable at all? Asked before the host is told to send.
    [[nodiscard]] HandleFault can_write(std::uint32_t handle) const;
    /// At the position, moving it; durable when it returns. Returns the file's size.
    Result<std::uint64_t, HandleFault> write(std::uint32_t handle, BytesView octets);
    HandleFault seek(std::uint32_t handle, std::uint64_t offset, SeekFrom from);
    HandleFault truncate(std::uint32_t handle);  ///< at the position
    HandleFault close(std::uint32_t handle);
    void close_all() { entries_.clear(); }
    [[nodiscard]] std::vector<Entry> all() const;
    [[nodiscard]] bool is_open(const std::string& name) const;
    [[nodiscard]] std::uint64_t size(std::uint32_t handle) const;

private:
    Files& files_;
    int most_;
    std::uint32_t first_handle_;
    std::map<std::uint32_t, Entry> entries_;
};

}  // namespace atls::modem
