// A directory of the host, for this process alone.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "modem/outside.hpp"
#include "store/disk.hpp"

namespace atls::store {

/// Creates `path` (mode 0700) and its parents if need be. Its lock file keeps a second process out until the Disk is
/// gone.
Result<std::unique_ptr<Disk>, modem::FileFailure> open_posix_disk(const std::string& path);

}  // namespace atls::store
