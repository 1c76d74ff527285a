// What both stores refuse alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "modem/outside.hpp"

namespace atls::store {

modem::FileFailure failure(modem::FileError code, const char* doing, const std::string& name, const std::string& why);
modem::FileFailure bad_name(const char* doing, const std::string& name);
modem::FileFailure not_found(const char* doing, const std::string& name);
modem::FileFailure bad_offset(const char* doing, const std::string& name, std::uint64_t offset, std::uint64_t size);

/// Whether a file may grow from `before` to `after` octets. Shrinking is always allowed, even beyond the quota.
std::optional<modem::FileFailure> over_quota(const char* doing, const std::string& name, std::uint64_t before,
                                             std::uint64_t after, std::uint64_t used, std::uint64_t capacity);

}  // namespace atls::store
