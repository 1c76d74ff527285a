// What the command line and the configuration file say, as written. settings.hpp judges it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atls::app {

struct NameValue {
    std::string name;
    std::string value;
};

struct Options {
    std::optional<std::string> module;
    std::optional<std::string> storage;
    std::optional<std::uint64_t> seed;
    std::optional<std::string> clock;
    std::optional<std::string> keylog;
    std::optional<std::string> log;
    std::optional<std::string> log_format;
    std::optional<std::string> control;
    std::optional<std::string> imei;
    std::optional<std::string> imsi;
    std::optional<std::string> iccid;
    std::optional<std::string> psk;
    std::optional<std::string> sleep_after;
    std::optional<std::string> nvram_key;
    std::optional<std::string> pace;
    std::optional<std::string> flash;
    std::vector<NameValue> ports;
    std::vector<NameValue> hosts;
    std::vector<NameValue> quirks;
};

/// Every option with one text, by its flag and configuration key.
struct TextOption {
    const char* name;
    std::optional<std::string> Options::*value;
    const char* help;
};
inline constexpr TextOption text_options[] = {
    {"module", &Options::module, "which module to be; atls modules lists them"},
    {"storage", &Options::storage, "a directory for the module's files, or memory"},
    {"clock", &Options::clock, "the module's clock at start: host, unset or 2026-11-21T08:00:00Z"},
    {"keylog", &Options::keylog, "appends TLS secrets to this file, in NSS key log format"},
    {"log", &Options::log, "least level: trace, debug, info, warning, error or off"},
    {"log-format", &Options::log_format, "text or json"},
    {"control", &Options::control, "where atls ctl reaches the modem: unix:PATH, or a name for --modem"},
    {"imei", &Options::imei, "15 digits; 14 get their check digit"},
    {"imsi", &Options::imsi, "15 digits"},
    {"iccid", &Options::iccid, "20 digits; 19 get their check digit"},
    {"psk", &Options::psk, "IDENTITY:HEXKEY for TLS, where the module's commands name no key; no module has this"},
    {"nvram-key", &Options::nvram_key,
     "what encrypts the NVRAM: file:PATH, env:NAME (64 hexadecimal digits) or credential:NAME of systemd"},
    {"pace", &Options::pace, "on: octets take the time they take at the rate of AT+IPR; a wrong rate gives garbage"},
    {"flash", &Options::flash, "octets of the module's UFS, where a test needs more or less than the module has"},
    {"sleep-after", &Options::sleep_after, "seconds without input after which a module that may sleep does; 0: never"},
};
/// Options of NAME=VALUE, repeatable; a table each in a configuration file.
struct PairOption {
    const char* name;
    std::vector<NameValue> Options::*values;
    const char* form;
    const char* help;
};
inline constexpr PairOption pair_options[] = {
    {"port", &Options::ports, "NAME=URL", "an AT port and its link: uart1=pty:PATH, usbat=tcp:127.0.0.1:5000"},
    {"hosts", &Options::hosts, "NAME=ADDRESS", "a host name that resolves to this numeric address"},
    {"quirk", &Options::quirks, "NAME=VALUE", "switches a documented guess; atls commands MODULE lists them"},
};

/// `over` where it says something, `under` elsewhere; pairs by name.
Options overlay(Options over, const Options& under);

}  // namespace atls::app
