#include "app/environment.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>

namespace atls::app {

namespace {

constexpr long seconds_a_quarter = 900;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

int host_zone(WallTime now) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) return 0;
    return static_cast<int>(local.tm_gmtoff / seconds_a_quarter);
}

}  // namespace

Environment environment() {
    Environment found;
    // Relative paths are invalid there, by the XDG Base Directory Specification.
    found.data_home = variable("XDG_DATA_HOME");
    if (found.data_home.empty() || found.data_home.front() != '/') {
        const std::string home = variable("HOME");
        found.data_home = home.empty() ? "" : home + "/.local/share";
    }
    found.runtime_home = variable("XDG_RUNTIME_DIR");
    if (found.runtime_home.empty() || found.runtime_home.front() != '/') {
        found.runtime_home = "/tmp/atls-" + std::to_string(::getuid());
    }
    found.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    found.zone_quarters = host_zone(found.now);
    return found;
}

}  // namespace atls::app
