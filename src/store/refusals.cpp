#include "store/refusals.hpp"

#include "base/bytes.hpp"

namespace atls::store {

using modem::FileError;
using modem::FileFailure;

FileFailure failure(FileError code, const char* doing, const std::string& name, const std::string& why) {
    return {code, std::string(doing) + " \"" + printable(name) + "\": " + why};
}

FileFailure bad_name(const char* doing, const std::string& name) {
    return failure(FileError::bad_name, doing, name, name.empty() ? "a file has a name" : "the name is too long");
}

FileFailure not_found(const char* doing, const std::string& name) {
    return failure(FileError::not_found, doing, name, "there is no such file");
}

FileFailure bad_offset(const char* doing, const std::string& name, std::uint64_t offset, std::uint64_t size) {
    return failure(FileError::input_output, doing, name,
                   "offset " + std::to_string(offset) + " is beyond the end, " + std::to_string(size));
}

std::optional<FileFailure> over_quota(const char* doing, const std::string& name, std::uint64_t before,
                                      std::uint64_t after, std::uint64_t used, std::uint64_t capacity) {
    if (after <= before) return std::nullopt;
    const std::uint64_t room = used < capacity ? capacity - used : 0;
    if (after - before <= room) return std::nullopt;
    return failure(FileError::no_space, doing, name,
                   std::to_string(after - before) + " octets more, " + std::to_string(room) + " of the quota of " +
                       std::to_string(capacity) + " are free");
}

}  // namespace atls::store
