// Files encrypted and authenticated at rest, over any other Files: AES-256-GCM, a fresh nonce for each content, the
// name as associated data, so that one file's octets cannot stand in for another's.
#pragma once

#include <array>
#include <memory>

#include "modem/outside.hpp"
#include "store/store.hpp"

namespace atls::store {

inline constexpr std::size_t seal_key_octets = 32;

/// Wiped when it goes.
struct SealKey {
    std::array<unsigned char, seal_key_octets> octets{};
    SealKey() = default;
    SealKey(const SealKey&) = default;
    SealKey& operator=(const SealKey&) = default;
    ~SealKey();
};

/// Fails if the files under it were sealed with another key. Content is replaced whole; write() and truncate() are
/// refused. A file that was changed on the disk, by a bit even, cannot be read: input_output.
OpenedFiles sealed(std::unique_ptr<modem::Files> under, const SealKey& key);

/// The key in the file at `path`; made there, durable and readable by its user only, if there is no such file. Refused:
/// a file that others may read, or of another length.
Result<SealKey, modem::FileFailure> key_from_file(const std::string& path);
/// The same of a file that whoever gave it guards (systemd's credentials): it is not made, its mode is not judged.
Result<SealKey, modem::FileFailure> key_from_credential(const std::string& path);
/// 64 hexadecimal digits. `where` is named if they are not that.
Result<SealKey, modem::FileFailure> key_from_hex(std::string_view digits, const std::string& where);

}  // namespace atls::store
