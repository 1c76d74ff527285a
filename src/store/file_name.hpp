// A host's file names as names in one directory, whatever octets they hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atls::store {

/// As it is, as far as it is printable ASCII or UTF-8; other octets, '/', '%' and a leading '.' as %XX. So no name
/// leaves the directory, none collides with our own (which begin with a dot), and people can read most. nullopt: empty,
/// or too long for a file system once written so.
std::optional<std::string> safe_name(std::string_view name);
/// nullopt unless safe_name() makes `safe`: a file that is none of ours.
std::optional<std::string> name_from(std::string_view safe);

}  // namespace atls::store
