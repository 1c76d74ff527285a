#include "at/dialect.hpp"

#include <algorithm>
#include <array>

namespace atls::at {

namespace {

constexpr std::array<Quirk, 26> known_quirks{{
    {"longest_line", &Quirks::longest_line, "octets between AT and CR; a longer line is ERROR", guess("not stated")},
    {"escape_before_ms", &Quirks::escape_before_ms, "silence before +++", note("BG96 SSL", "1.3")},
    {"escape_within_ms", &Quirks::escape_within_ms, "first to third +", note("BG96 SSL", "1.3")},
    {"escape_after_ms", &Quirks::escape_after_ms, "silence after +++", note("BG96 SSL", "1.3")},
    {"escape_gap_ms", &Quirks::escape_gap_ms, "longest pause between two +; 0: any", manual("M66 AT commands")},
    {"line_feed_ends_line", &Quirks::line_feed_ends_line, "LF alone ends a command line", driver("BC66 QuecOpen")},
    {"register_digits", &Quirks::register_digits, "ATS<n>? prints so many digits", standard("V.250", "5.3.2")},
    {"urc_hold_ms", &Quirks::urc_hold_ms, "a URC waits so long for the end of a line being typed",
     guess("real modules interleave")},
    {"state_shows_local_port", &Quirks::state_shows_local_port, "QSSLSTATE shows the real local port, else 0",
     trace("EC200 class", "EC800x prints 0")},
    {"recv_length_zero_counts", &Quirks::recv_length_zero_counts, "QSSLRECV=id,0 prints total, read, unread",
     driver("TinyGSM", "BG95 style")},
    {"common_name_only", &Quirks::common_name_only, "checkhost looks at the CN even beside a subjectAltName",
     note("BG96 SSL", "2.1.1")},
    {"reactivation_is_error", &Quirks::reactivation_is_error, "QIACT on an active context is ERROR",
     guess("sources silent")},
    {"boot_urcs_at_start", &Quirks::boot_urcs_at_start, "the first host to attach sees the boot URCs",
     guess("a host usually comes later than boot")},
    {"buffer_octets", &Quirks::buffer_octets, "what a socket buffers, each way; below 1460 nothing long can be sent",
     guess("not stated")},
    {"names_must_match", &Quirks::names_must_match,
     "at seclevel 1 and 2 a server that is named must have that name in its certificate",
     trace("EG800K-CN", "wrong host refused without a checkhost key")},
    {"file_names_show_storage", &Quirks::file_names_show_storage, "files in flash are listed as UFS:name",
     trace("EG800K-CN", "QFLST; a BG96 prints the bare name")},
    {"short_upload_is_error", &Quirks::short_upload_is_error,
     "QFUPL that gets fewer octets than announced keeps them and answers +CME ERROR: 421",
     trace("EG800K-CN", "QFUPL; a BG96 answers OK")},
    {"unauthenticated_checks", &Quirks::unauthenticated_checks,
     "at seclevel 0 checkhost and ignorelocaltime count too, though nobody vouches for the certificate",
     guess("the note: no authentication")},
    {"one_command_a_line", &Quirks::one_command_a_line, "a line with more than one command is ERROR",
     manual("BC26 AT commands")},
    {"server_name_sent", &Quirks::server_name_sent,
     "SNI goes out for every server that is named, where no key rules it", guess("notes silent")},
    {"validity_checked", &Quirks::validity_checked,
     "at seclevel 1 and 2 the validity of certificates counts, where no key rules it", guess("notes silent")},
    {"rom_log_at_boot", &Quirks::rom_log_at_boot, "the boot ROM's log comes before RDY",
     trace("BC66NBR01A06", "power-on")},
    {"address_asked_first", &Quirks::address_asked_first, "GSM: QIOPEN needs QILOCIP before it",
     manual("M66 AT commands V1.0", "AT+QIOPEN")},
    {"mqtt_payload_quoted", &Quirks::mqtt_payload_quoted, "+QMTRECV prints the payload in quotes",
     manual("BG96 MQTT V1.0", "bare but for one example; EC200x: guess")},
    {"http_dns_error", &Quirks::http_dns_error, "what +QHTTPGET tells if a name is not resolved",
     trace("EG800K-CN", "716; the BG96's manual has 714")},
    {"blank_before_card_number", &Quirks::blank_before_card_number, "+QCCID: <iccid> has a blank",
     manual("BC26 AT commands", "AT+QCCID has none")},
}};

}  // namespace

std::span<const Quirk> all_quirks() { return known_quirks; }

modem::Profile with_quirks(modem::Profile profile, const Quirks& quirks) {
    profile.common_name_only = quirks.common_name_only != 0;
    profile.authenticated_names_must_match = quirks.names_must_match != 0;
    profile.unauthenticated_checks = quirks.unauthenticated_checks != 0;
    profile.server_name_sent = quirks.server_name_sent != 0;
    profile.validity_checked = quirks.validity_checked != 0;
    profile.buffer_octets = static_cast<std::size_t>(std::max<std::int64_t>(1, quirks.buffer_octets));
    return profile;
}

const Command* Dialect::find(std::string_view wanted) const {
    // The first table wins, so a module's own table may replace a row of its family's.
    for (const auto& table : tables) {
        for (const auto& row : table) {
            if (row.name == wanted) return &row;
        }
    }
    return nullptr;
}

const Param& Dialect::as_declared(const Param& param) const {
    for (const auto& own : declared) {
        if (own.shared == &param) return own.here;
    }
    return param;
}

std::vector<const Param*> Dialect::as_declared(std::span<const Param* const> params) const {
    std::vector<const Param*> own;
    own.reserve(params.size());
    for (const Param* param : params) own.push_back(&as_declared(*param));
    return own;
}

Origin Dialect::origin_of(std::string_view wanted, const Origin& by_row) const {
    if (const auto named = origins.find(wanted); named != origins.end()) return named->second;
    const auto sibling = siblings.find(by_row.document);
    if (sibling == siblings.end()) return by_row;
    Origin origin = sibling->second;
    if (origin.clause.empty()) origin.clause = by_row.clause;
    return origin;
}

}  // namespace atls::at
