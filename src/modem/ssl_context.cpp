#include "modem/ssl_context.hpp"

#include <algorithm>
#include <span>

#include "modem/volumes.hpp"

namespace atls::modem {

namespace {

constexpr std::uint16_t every_suite = 0xFFFF;
constexpr BytesView blanks = " \t\r\n";

using tls::Cause;
using tls::Failure;
using tls::Version;

struct VersionRange {
    Version lowest = Version::ssl3;
    Version highest = Version::tls1_2;
};

VersionRange versions_of(const SslContext& context, const Profile& profile) {
    if (context.datagram) {
        return {context.datagram_version == 1 ? Version::dtls1_2 : Version::dtls1_0,
                context.datagram_version == 0 ? Version::dtls1_0 : Version::dtls1_2};
    }
    static constexpr Version by_number[] = {Version::ssl3, Version::tls1_0, Version::tls1_1, Version::tls1_2};
    const auto at = [](int number) { return by_number[std::clamp(number, 0, 3)]; };
    if (context.version == 4) return {at(profile.lowest_ssl_version), Version::tls1_2};
    return {at(context.version), at(context.version)};
}

bool defined_within(const tls::Suite& suite, const VersionRange& range) {
    for (auto version = static_cast<int>(range.lowest); version <= static_cast<int>(range.highest); ++version) {
        if (suite.defined_for(static_cast<Version>(version))) return true;
    }
    return false;
}

void add_suites(std::vector<std::uint16_t>& chosen, const std::vector<std::uint16_t>& offered,
                const VersionRange& range) {
    for (const std::uint16_t number : offered) {
        const tls::Suite* suite = tls::find_suite(number);
        if (suite != nullptr && defined_within(*suite, range)) chosen.push_back(number);
    }
}

std::string hexadecimal(std::uint16_t number) {
    const char octets[] = {static_cast<char>(number >> 8U), static_cast<char>(number & 255U)};
    return to_hex(BytesView(octets, sizeof octets));
}

Result<Bytes, Failure> read_whole(const Files& ufs, const std::string& path, Cause cause, const char* role) {
    const std::string name = file_name_of(path);
    const auto size = ufs.size(name);
    if (!size) return Failure{cause, std::string(role) + " file " + name + " is not in UFS", 0};
    auto content = ufs.read(name, 0, static_cast<std::size_t>(*size));
    if (!content) return Failure{cause, std::string(role) + " file " + name + ": " + content.error().text, 0};
    if (content->empty()) return Failure{cause, std::string(role) + " file " + name + " is empty", 0};
    return std::move(*content);
}

struct Wanted {
    const char* role;
    const std::string& path;
    const Bytes& text;  ///< typed at a prompt; instead of a file
    Bytes& content;
    Cause missing;
};

// What a host pastes has blanks at the ends of lines, or no last line end; PEM (RFC 7468) readers mind both.
Bytes tidied(BytesView pasted) {
    Bytes text;
    while (!pasted.empty()) {
        const BytesView line = pasted.substr(0, pasted.find('\n'));
        pasted.remove_prefix(std::min(pasted.size(), line.size() + 1));
        const auto last = line.find_last_not_of(blanks);
        text.append(line.substr(0, last == BytesView::npos ? 0 : last + 1));
        text.push_back('\n');
    }
    return text;
}

Outcome<Failure> read_one(const Wanted& wanted, const Files& ufs) {
    if (!wanted.text.empty()) {
        wanted.content = tidied(wanted.text);
    } else if (!wanted.path.empty()) {
        auto content = read_whole(ufs, wanted.path, wanted.missing, wanted.role);
        if (!content) return content.error();
        wanted.content = std::move(*content);
    }
    return {};
}

std::string at_level(const SslContext& context) { return "seclevel " + std::to_string(context.security_level); }

// Which of the context's credentials a connection needs, by its security level.
Outcome<Failure> read_credentials(const SslContext& context, const Profile& profile, const Files& ufs,
                                  tls::CredentialFiles& files) {
    if (context.security_level < 1) return {};
    if (context.trusted_file.empty() && context.more_trusted_file.empty() && context.trusted_text.empty()) {
        return Failure{Cause::trusted_missing, at_level(context) + " but no CA certificate file is set", 0};
    }
    const bool certificate_set = !context.certificate_file.empty() || !context.certificate_text.empty();
    const bool key_set = !context.key_file.empty() || !context.key_text.empty();
    const bool may_present = context.security_level >= 2;
    const bool client = may_present && certificate_set;
    if (may_present && profile.own_credentials_demanded && !certificate_set) {
        return Failure{Cause::own_certificate_unreadable, at_level(context) + " but no client certificate is set", 0};
    }
    if (client && !key_set) {
        const std::string which = context.certificate_file.empty() ? "" : context.certificate_file + " ";
        return Failure{Cause::own_key_unreadable, "client certificate " + which + "is set, but no client key", 0};
    }
    static const Bytes none;
    const Wanted wanted[] = {
        {"CA certificate", context.trusted_file, context.trusted_text, files.trusted, Cause::trusted_missing},
        {"second CA certificate", context.more_trusted_file, none, files.more_trusted, Cause::trusted_missing},
        {"client certificate", context.certificate_file, context.certificate_text, files.own_certificate,
         Cause::own_certificate_unreadable},
        {"client key", context.key_file, context.key_text, files.own_key, Cause::own_key_unreadable},
    };
    const std::size_t count = client ? 4 : 2;
    for (const Wanted& one : std::span(wanted).first(count)) {
        if (auto read = read_one(one, ufs); !read) return read;
    }
    if (client) files.own_key_password = context.key_password;
    // Without its certificate the key is not used, but whoever names it means it to be there.
    if (!client && may_present && !context.key_file.empty()) {
        if (auto key = read_whole(ufs, context.key_file, Cause::own_key_unreadable, "client key"); !key) {
            return key.error();
        }
    }
    return {};
}

// The engine knows a file by its role only; the host knows it by its name.
Failure naming_file(Failure failure, const SslContext& context) {
    const bool ca = failure.cause == Cause::trusted_unreadable;
    const bool certificate = failure.cause == Cause::own_certificate_unreadable;
    std::string name = ca ? context.trusted_file : certificate ? context.certificate_file : context.key_file;
    if (ca && !context.more_trusted_file.empty()) name += " or " + context.more_trusted_file;
    if (name.empty()) name = ca ? "typed as cacert" : certificate ? "typed as clientcert" : "typed as clientkey";
    failure.text += " (" + name + ")";
    return failure;
}

// The suites to offer, and the pre-shared key if one of them wants it.
Outcome<Failure> choose_suites(const SslContext& context, int number, const Profile& profile, const Files& ufs,
                               const VersionRange& range, tls::Settings& settings) {
    const std::string psk_file = std::to_string(number) + "_server.psk";
    const tls::Suite* single = context.suite == every_suite ? nullptr : tls::find_suite(context.suite);
    const bool psk_named = single != nullptr && single->key_exchange == tls::KeyExchange::psk;
    const bool psk_found = ufs.size(psk_file).has_value();
    const bool offers_all = context.suite == every_suite;
    if (!psk_found && !profile.psk_key.empty() &&
        (psk_named || (offers_all && (context.datagram || !profile.psk_over_datagrams_only)))) {
        settings.psk = tls::Psk{profile.psk_identity, profile.psk_key};
    } else if (psk_named || (context.datagram && offers_all && psk_found)) {
        const auto content = read_whole(ufs, psk_file, Cause::psk_malformed, "PSK");
        if (!content) return content.error();
        settings.psk = parse_psk(*content);
        if (!settings.psk) {
            return Failure{Cause::psk_malformed, "PSK file " + psk_file + " is not identity&hexkey", 0};
        }
    }
    if (offers_all) {
        // Whoever puts a key there means it to be used: first.
        if (settings.psk) add_suites(settings.suites, profile.psk_suites, range);
        add_suites(settings.suites, profile.suites, range);
    } else {
        const bool several = !context.suite_list.empty();
        add_suites(settings.suites, several ? context.suite_list : std::vector{context.suite}, range);
    }
    if (!settings.suites.empty()) return {};
    const std::string what =
        offers_all ? "none of the module's suites is" : "suite 0X" + hexadecimal(context.suite) + " is not";
    return Failure{Cause::no_common_parameters,
                   what + " defined for " + std::string(tls::name_of(range.lowest)) + " to " +
                       std::string(tls::name_of(range.highest)),
                   0};
}

// RFC 5246 7.2.2, RFC 4279 2: what the server holds against us.
Fault fault_of_alert(std::uint8_t alert) {
    switch (alert) {
        case 40:  // handshake_failure
        case 70:  // protocol_version
        case 71:  // insufficient_security
            return Fault::no_common_suite;
        case 20:   // bad_record_mac: a wrong pre-shared key
        case 41:   // no_certificate (SSL 3.0)
        case 42:   // bad_certificate
        case 43:   // unsupported_certificate
        case 44:   // certificate_revoked
        case 45:   // certificate_expired
        case 46:   // certificate_unknown
        case 48:   // unknown_ca
        case 49:   // access_denied
        case 51:   // decrypt_error
        case 115:  // unknown_psk_identity
            return Fault::own_credentials;
        default:
            return Fault::handshake_failed;
    }
}

tls::Policy policy_of(const SslContext& context, const std::string& host, const Profile& profile) {
    tls::Policy policy;
    // seclevel 0 is "no authentication": nothing of the certificate is looked at, whatever else is set.
    if (context.security_level < 1 && !profile.unauthenticated_checks) return policy;
    policy.authenticate = context.security_level >= 1;
    policy.check_validity = !context.ignore_clock || profile.validity_checked;
    policy.common_name_only = profile.common_name_only;
    policy.nearest_issuer_only = context.nearest_issuer_only;
    policy.ignore_signature = context.ignore_signature;
    if (context.check_host) {
        policy.expected_host = context.host_to_match.empty() ? host : context.host_to_match;
    } else if (policy.authenticate && profile.authenticated_names_must_match && !is_address(host)) {
        policy.expected_host = host;
    }
    return policy;
}

}  // namespace

bool is_address(const std::string& host) {
    if (host.find(':') != std::string::npos) return true;
    int dots = 0;
    int digits = 0;
    for (const char c : host) {
        if (c == '.') {
            if (digits == 0) return false;
            ++dots;
            digits = 0;
        } else if (c < '0' || c > '9' || ++digits > 3) {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

std::string session_key(const std::string& host, std::uint16_t port) { return host + ":" + std::to_string(port); }

Result<tls::Settings, tls::Failure> tls_settings(const SslContext& context, int number, const std::string& host,
                                                 std::uint16_t port, const Profile& profile, const Files& ufs) {
    const VersionRange range = versions_of(context, profile);
    tls::Settings settings;
    settings.datagram = context.datagram;
    settings.lowest = range.lowest;
    settings.highest = range.highest;
    settings.policy = policy_of(context, host, profile);
    if (context.server_name_indication || profile.server_name_sent) {
        // RFC 6066, 3: an address is not permitted there.
        const std::string& name = context.server_name.empty() ? host : context.server_name;
        if (!is_address(name)) settings.server_name = name;
    }
    tls::CredentialFiles files;
    if (auto read = read_credentials(context, profile, ufs, files); !read) return read.error();
    if (auto chosen = choose_suites(context, number, profile, ufs, range, settings); !chosen) return chosen.error();
    if (context.security_level >= 1) {
        auto credentials = tls::load_credentials(files);
        if (!credentials) return naming_file(credentials.error(), context);
        settings.credentials = std::move(*credentials);
    }
    settings.own_certificate_demanded = context.security_level >= 2 && files.own_certificate.empty();
    settings.keep_session = context.session_cache;
    settings.renegotiation = context.renegotiation;
    if (context.session_cache) {
        const auto saved = context.sessions.find(session_key(host, port));
        if (saved != context.sessions.end()) settings.resume = saved->second;
    }
    return settings;
}

Fault fault_of(const Failure& failure) {
    switch (failure.cause) {
        case Cause::trusted_missing:
        case Cause::trusted_unreadable:
        case Cause::expired:
        case Cause::not_yet_valid:
        case Cause::host_mismatch:
        case Cause::untrusted:
        case Cause::self_signed:
        case Cause::issuer_missing:
        case Cause::bad_signature:
        case Cause::unacceptable:
            return Fault::server_certificate;
        case Cause::own_certificate_unreadable:
        case Cause::own_key_unreadable:
        case Cause::own_key_mismatch:
        case Cause::psk_malformed:
        case Cause::own_certificate_wanted:
            return Fault::own_credentials;
        case Cause::no_common_parameters:
            return Fault::no_common_suite;
        case Cause::alert_received:
            return fault_of_alert(failure.alert);
        case Cause::internal:
            return Fault::internal;
        case Cause::none:
        case Cause::protocol_error:
        case Cause::closed_by_peer:
        case Cause::truncated:
            return Fault::handshake_failed;
    }
    return Fault::handshake_failed;
}

std::optional<tls::Psk> parse_psk(BytesView file) {
    const auto start = file.find_first_not_of(blanks);
    if (start == BytesView::npos) return std::nullopt;
    const BytesView text = file.substr(start, file.find_last_not_of(blanks) - start + 1);
    // The key's digits hold no '&', an identity may.
    const auto separator = text.rfind('&');
    if (separator == BytesView::npos || separator == 0) return std::nullopt;
    auto key = from_hex(text.substr(separator + 1));
    if (!key || key->empty()) return std::nullopt;
    return tls::Psk{std::string(text.substr(0, separator)), std::move(*key)};
}

}  // namespace atls::modem
