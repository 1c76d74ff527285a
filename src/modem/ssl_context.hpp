// The settings of one SSL context (AT+QSSLCFG) and their translation for the TLS engine.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "modem/outside.hpp"
#include "modem/profile.hpp"
#include "tls/client.hpp"

namespace atls::modem {

struct SslContext {
    int version = 4;                        ///< 0 SSL 3.0 … 3 TLS 1.2 exactly, 4 all
    std::uint16_t suite = 0xFFFF;           ///< one IANA number, 0xFFFF all of the module's
    std::vector<std::uint16_t> suite_list;  ///< several, where a host may name them; instead of suite
    bool datagram = false;
    int datagram_version = 2;  ///< 0 DTLS 1.0, 1 DTLS 1.2, 2 both
    std::string trusted_file;
    std::string more_trusted_file;
    std::string certificate_file;
    std::string key_file;
    std::string key_password;
    int security_level = 0;  ///< 0 none, 1 server, 2 server and client if the server asks
    bool server_name_indication = false;
    std::string server_name;  ///< to send instead of the address; empty: the address
    bool check_host = false;
    std::string host_to_match;  ///< instead of the address; empty: the address
    bool ignore_clock = true;
    int negotiation_seconds = 300;
    bool nearest_issuer_only = false;
    bool ignore_signature = false;
    bool session_cache = false;
    bool renegotiation = false;
    int close_time_mode = 0;
    int debug_level = 0;  ///< 1 to 4: so much of the negotiation goes to the log

    /// PEM as the host typed it at a prompt, for modules without files; instead of the files above.
    Bytes trusted_text;
    Bytes certificate_text;
    Bytes key_text;

    /// Sessions to resume, by "host:port". Stays when connections go (AT+QSSLCLOSE).
    std::map<std::string, std::shared_ptr<const tls::SavedSession>> sessions;
};

/// Whether `host` is an IPv4 or IPv6 literal rather than a name.
bool is_address(const std::string& host);

/// The key of SslContext::sessions.
std::string session_key(const std::string& host, std::uint16_t port);

/// Reads the files the context names and builds the engine's settings for a connection to `host`:`port`.
/// The clock, the key log and nothing else are left to the caller. Own certificate and key count at security level 2
/// only: below it a module never presents them, and a simulated one that did would hide the fault. `number`: the
/// context's, for "<number>_server.psk". Failure: the cause, in words that name the file.
Result<tls::Settings, tls::Failure> tls_settings(const SslContext& context, int number, const std::string& host,
                                                 std::uint16_t port, const Profile& profile, const Files& ufs);

/// Which side a failed negotiation or unusable credentials are the fault of.
Fault fault_of(const tls::Failure& failure);

/// "identity&hexkey" → Psk; nullopt: malformed.
std::optional<tls::Psk> parse_psk(BytesView file);

}  // namespace atls::modem
