// A module's language as a value: tables, URCs, error numbers, quirks, identity. No code asks which module it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "at/command.hpp"
#include "at/line_profile.hpp"
#include "at/urc.hpp"
#include "modem/profile.hpp"

namespace atls::at {

class Session;
class Unit;

/// The one place where neutral faults become a vendor's numbers and words.
struct ErrorMap {
    int (*number)(modem::Fault) = nullptr;             ///< 566 for connect_failed …
    std::string_view (*text)(int number) = nullptr;    ///< what QIGETERROR prints
    std::string_view (*cme_text)(int code) = nullptr;  ///< +CMEE=2; empty: the number is printed
    int cme_bad_parameter = 50;                        ///< Errors::general
    int cme_bad_file_parameter = 400;                  ///< Errors::file
    int cme_bad_http_parameter = 730;                  ///< Errors::http
};

/// Behaviour that no manual settles, or that differs between firmwares. Each can be switched (--quirk name=value).
struct Quirks {
    std::int64_t longest_line = 4096;
    std::int64_t escape_before_ms = 1000;
    std::int64_t escape_within_ms = 1000;
    std::int64_t escape_after_ms = 1000;
    std::int64_t escape_gap_ms = 0;
    std::int64_t line_feed_ends_line = 0;
    std::int64_t register_digits = 3;
    std::int64_t urc_hold_ms = 1000;
    std::int64_t state_shows_local_port = 1;
    std::int64_t recv_length_zero_counts = 0;
    std::int64_t common_name_only = 0;
    std::int64_t reactivation_is_error = 1;
    std::int64_t boot_urcs_at_start = 0;
    std::int64_t buffer_octets = 10240;
    std::int64_t names_must_match = 0;
    std::int64_t file_names_show_storage = 0;
    std::int64_t short_upload_is_error = 0;
    std::int64_t unauthenticated_checks = 0;
    std::int64_t one_command_a_line = 0;
    std::int64_t server_name_sent = 0;
    std::int64_t validity_checked = 0;
    std::int64_t rom_log_at_boot = 0;
    std::int64_t blank_before_card_number = 1;
    std::int64_t address_asked_first = 1;
    std::int64_t mqtt_payload_quoted = 0;
    std::int64_t http_dns_error = 714;
};
struct Quirk {
    std::string_view name;
    std::int64_t Quirks::*value;
    std::string_view meaning;
    Origin origin;
};
std::span<const Quirk> all_quirks();
/// The profile as these quirks have it.
modem::Profile with_quirks(modem::Profile profile, const Quirks& quirks);

/// A parameter of a row that families share, as this module has it: QIACT's contextID is 1-16 here and 1-15 there.
struct Declared {
    const Param* shared = nullptr;
    Param here;
};

/// A part of a row that is built, or a URC, that is known and not built: listed as missing.
struct Part {
    std::string_view shape;
    Origin origin;
};

struct Dialect {
    std::string name;       ///< as on the command line: "BG96"
    std::string family;     ///< whose transcripts and documents it shares: "bg96"
    std::string documents;  ///< what it follows
    modem::Profile profile;
    LineProfile factory;
    std::vector<std::span<const Command>> tables;  ///< of rows with one name the first counts
    std::vector<std::span<const Urc>> urcs;
    std::vector<std::span<const Part>> missing_parts;
    std::vector<Declared> declared;
    /// Where this module's knowledge of a shared row or URC is from, by its name …
    std::map<std::string_view, Origin> origins;
    /// … or by the document that the row names: a sibling's manual. An empty clause keeps the row's.
    std::map<std::string_view, Origin> siblings;
    const ErrorMap* errors = nullptr;
    Quirks quirks;
    std::string urc_port = "usbat";  ///< AT+QURCCFG default
    std::vector<std::string> ports{"uart1", "usbat", "usbmodem"};
    /// RI is active for so long with each URC, unless AT+QCFG="urc/ri/other" says "off"; zero: the module has no such.
    std::chrono::milliseconds ring_with_urc{0};
    /// A peer that closes in transparent mode is told by its URC, not by NO CARRIER.
    bool close_is_urc_in_transparent = false;
    /// The mode of a socket after +++; null: buffer.
    modem::AccessMode (*mode_after_transparent)(Unit&, modem::SocketKind) = nullptr;
    /// What AT+IPR has, bits per second; 0: autobaud.
    std::span<const std::int64_t> rates;
    /// AT&W keeps all of LineProfile, not only what the LTE modules' AT&V shows.
    bool stores_whole_profile = false;
    /// What the module saved takes effect: at its start, and again after a power-down …
    std::vector<void (*)(Unit&)> restore_module;
    /// … and for each port, also one that is added later.
    std::vector<void (*)(Unit&, Session&)> restore_port;

    [[nodiscard]] const Command* find(std::string_view name) const;
    [[nodiscard]] const Param& as_declared(const Param& param) const;
    [[nodiscard]] std::vector<const Param*> as_declared(std::span<const Param* const> params) const;
    [[nodiscard]] Origin origin_of(std::string_view name, const Origin& by_row) const;
};

}  // namespace atls::at
