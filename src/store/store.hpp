// The modem's files: on the host's disk, or in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "modem/outside.hpp"
#include "store/disk.hpp"

namespace atls::store {

using OpenedFiles = Result<std::unique_ptr<modem::Files>, modem::FileFailure>;

/// `quota` in octets of content. The directory is created if need be and is this process's alone while it is open: what
/// others change there is seen when it is opened again. Files of a name that the modem cannot have are left alone.
OpenedFiles open_directory(const std::string& path, std::uint64_t quota);
/// The same on any Disk.
OpenedFiles open_disk(std::unique_ptr<Disk> disk, std::uint64_t quota);

/// Gone with the process.
std::unique_ptr<modem::Files> in_memory(std::uint64_t quota);

}  // namespace atls::store
