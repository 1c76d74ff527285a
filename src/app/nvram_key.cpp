#include "app/nvram_key.hpp"

#include <cstdlib>
#include <filesystem>

namespace atls::app {

namespace {

constexpr std::string_view in_file = "file:";
constexpr std::string_view in_environment = "env:";
constexpr std::string_view in_credential = "credential:";

modem::FileFailure refusal(std::string text) { return {modem::FileError::input_output, std::move(text)}; }

Result<store::SealKey, modem::FileFailure> from_credential(const std::string& name) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr) return refusal("credential:" + name + ": systemd gave no credentials to this process");
    return store::key_from_credential(std::string(directory) + "/" + name);
}

}  // namespace

bool well_formed_key_place(const std::string& place) {
    for (const auto scheme : {in_file, in_environment, in_credential}) {
        if (place.starts_with(scheme) && place.size() > scheme.size()) return true;
    }
    return false;
}

Result<store::SealKey, modem::FileFailure> nvram_key(const std::string& place) {
    if (place.starts_with(in_file)) {
        const std::string path = place.substr(in_file.size());
        std::error_code ignored;  // what cannot be made cannot be opened either, which says why
        std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
        return store::key_from_file(path);
    }
    if (place.starts_with(in_environment)) {
        const std::string name = place.substr(in_environment.size());
        const char* digits = std::getenv(name.c_str());
        if (digits == nullptr) return refusal("env:" + name + ": the environment has no such variable");
        return store::key_from_hex(digits, "env:" + name);
    }
    if (place.starts_with(in_credential)) return from_credential(place.substr(in_credential.size()));
    return refusal("no home directory to keep a key in: give file:PATH, env:NAME or credential:NAME");
}

}  // namespace atls::app
