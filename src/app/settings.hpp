// Options, judged: what a machine is built from.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config_file.hpp"
#include "app/environment.hpp"
#include "app/log.hpp"
#include "app/options.hpp"
#include "at/dialect.hpp"
#include "modem/identity.hpp"
#include "tls/client.hpp"

namespace atls::app {

/// The control socket of atls run.
struct ControlPlace {
    std::string path;
    bool demanded = false;  ///< the user named it: it must work
};

struct Settings {
    const at::Dialect* dialect = nullptr;
    at::Quirks quirks;
    modem::Identity identity;
    std::optional<WallTime> utc;  ///< nullopt: the clock starts unset
    int zone_quarters = 0;
    std::string storage;  ///< a directory; empty: memory
    std::vector<NameValue> ports;
    std::map<std::string, std::vector<std::string>> hosts;
    std::optional<tls::Psk> psk;
    std::chrono::seconds sleep_after{0};
    std::optional<std::uint64_t> flash;  ///< octets of UFS; nullopt: as the module has
    bool pace = false;                   ///< octets take the time they take on a wire
    std::string nvram_key;               ///< "file:PATH", "env:NAME" or "credential:NAME"; see nvram_key.hpp
    std::optional<std::string> keylog;
    LogSettings log;
    ControlPlace control;
};

Result<Settings, StartFailure> settle(const Options& options, const Environment& around);

/// Control sockets known by name live here.
std::string control_directory(const Environment& around);
/// "unix:PATH", or a name in control_directory().
Result<std::string, StartFailure> control_path(const std::string& place, const Environment& around);

/// The module of that name, or a failure that lists those there are.
Result<const at::Dialect*, StartFailure> module_named(const std::string& name);

}  // namespace atls::app
