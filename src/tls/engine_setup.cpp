#include <algorithm>
#include <array>

#include "tls/credentials_data.hpp"
#include "tls/crypto/random.hpp"
#include "tls/crypto/record_buffers.hpp"
#include "tls/engine.hpp"
#include "tls/text.hpp"

namespace atls::tls {

namespace {

// P-256 first: mbed TLS's own order makes servers choose P-521, three times the cost.
constexpr std::array curves{MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_SECP521R1,
                            MBEDTLS_ECP_DP_SECP256K1, MBEDTLS_ECP_DP_SECP224R1, MBEDTLS_ECP_DP_SECP192R1,
                            MBEDTLS_ECP_DP_BP256R1,   MBEDTLS_ECP_DP_BP384R1,   MBEDTLS_ECP_DP_BP512R1,
                            MBEDTLS_ECP_DP_NONE};
constexpr std::array<int, 6> signature_hashes{MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
                                              MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA1,   MBEDTLS_MD_NONE};

// Our handshake timeout is the caller's; these only pace DTLS retransmission (RFC 6347 4.2.4.1).
constexpr std::uint32_t first_retransmission_ms = 1000;
constexpr std::uint32_t last_retransmission_ms = 10 * 60 * 1000;
constexpr std::uint16_t handshake_mtu = 1400;

int minor(Version version) {
    switch (version) {
        case Version::ssl3:
            return MBEDTLS_SSL_MINOR_VERSION_0;
        case Version::tls1_0:
            return MBEDTLS_SSL_MINOR_VERSION_1;
        case Version::tls1_1:
        case Version::dtls1_0:
            return MBEDTLS_SSL_MINOR_VERSION_2;
        case Version::tls1_2:
        case Version::dtls1_2:
            return MBEDTLS_SSL_MINOR_VERSION_3;
    }
    ensure(false, "a Version outside its enum");
    return {};
}

bool is_datagram(Version version) { return version >= Version::dtls1_0; }

std::string range_text(const Settings& settings) {
    std::string text(name_of(settings.lowest));
    if (settings.lowest != settings.highest) text += " to " + std::string(name_of(settings.highest));
    return text;
}

Failure misconfigured(std::string text) { return {.cause = Cause::no_common_parameters, .text = std::move(text)}; }

}  // namespace

Result<std::unique_ptr<Client>, Failure> Client::create(Settings settings, Time now, std::function<WallTime()> wall) {
    auto engine = std::make_unique<Engine>(std::move(settings), now, std::move(wall));
    if (auto started = engine->start(); !started) return started.error();
    return std::unique_ptr<Client>(std::move(engine));
}

Engine::Engine(Settings settings, Time now, std::function<WallTime()> wall)
    : settings_(std::move(settings)), wall_(std::move(wall)), now_(now) {
    mbedtls_ssl_config_init(&config_);
    mbedtls_ssl_init(&ssl_);
}

Engine::~Engine() {
    // mbed TLS would overwrite them first; a slot knows whether that is needed.
    if (crypto::release_slot(ssl_.in_buf)) ssl_.in_buf = nullptr;
    if (crypto::release_slot(ssl_.out_buf)) ssl_.out_buf = nullptr;
    mbedtls_ssl_free(&ssl_);
    mbedtls_ssl_config_free(&config_);
}

Outcome<Failure> Engine::start() {
    ensure(is_datagram(settings_.lowest) == settings_.datagram && is_datagram(settings_.highest) == settings_.datagram,
           "a TLS version for DTLS or the reverse");
    if (settings_.lowest > settings_.highest) return misconfigured("the lowest version is above the highest");
    if (auto chosen = choose_suites(); !chosen) return chosen;
    if (auto configured = configure(); !configured) return configured;
    offer_session();
    settings_.resume.reset();
    handshake();
    if (state_ == State::failed) return failure_;
    return {};
}

/// Leaves out what the versions or a missing PSK rule out.
Outcome<Failure> Engine::choose_suites() {
    bool certificate_suites = false;
    for (const std::uint16_t number : settings_.suites) {
        const Suite* suite = find_suite(number);
        ensure(suite != nullptr, "a suite that is not in the table");
        bool usable = suite->key_exchange != KeyExchange::psk || settings_.psk.has_value();
        const auto spoken = [&](Version version) {
            return version >= settings_.lowest && version <= settings_.highest && suite->defined_for(version);
        };
        using enum Version;
        usable = usable && (spoken(ssl3) || spoken(tls1_0) || spoken(tls1_1) || spoken(tls1_2) || spoken(dtls1_0) ||
                            spoken(dtls1_2));
        if (!usable) continue;
        suites_.push_back(number);
        if (suite->key_exchange != KeyExchange::psk) certificate_suites = true;
    }
    if (suites_.empty()) {
        const std::string first = settings_.suites.empty() ? "none" : suite_text(settings_.suites.front());
        return misconfigured("no configured cipher suite (" + first + (settings_.suites.size() > 1 ? ", …" : "") +
                             ") can be used with " + range_text(settings_) + (settings_.psk ? "" : " without a PSK"));
    }
    suites_.push_back(0);
    const bool trusts_somebody = settings_.credentials && settings_.credentials->trusted;
    if (settings_.policy.authenticate && certificate_suites && !trusts_somebody) {
        return Failure{.cause = Cause::trusted_missing,
                       .text = "the server is to be authenticated, but no CA certificate is set"};
    }
    return {};
}

Failure Engine::explained(int error) const {
    Evidence evidence = evidence_;
    const std::size_t offered = suites_.empty() ? 0 : suites_.size() - 1;
    evidence.offered =
        range_text(settings_) + ", " +
        (offered == 1 ? suite_text(static_cast<std::uint16_t>(suites_.front())) : std::to_string(offered) + " suites");
    return explain(error, evidence);
}

void Engine::configure_versions() {
    mbedtls_ssl_conf_min_version(&config_, MBEDTLS_SSL_MAJOR_VERSION_3, minor(settings_.lowest));
    mbedtls_ssl_conf_max_version(&config_, MBEDTLS_SSL_MAJOR_VERSION_3, minor(settings_.highest));
    mbedtls_ssl_conf_arc4_support(&config_, MBEDTLS_SSL_ARC4_ENABLED);
    mbedtls_ssl_conf_ciphersuites(&config_, suites_.data());
    mbedtls_ssl_conf_curves(&config_, curves.data());
    mbedtls_ssl_conf_sig_hashes(&config_, signature_hashes.data());
    // An SSL 3.0 hello has no extensions, and mbed TLS would send those it is told to.
    const bool extensions = settings_.highest != Version::ssl3;
    mbedtls_ssl_conf_session_tickets(&config_, settings_.keep_session && extensions
                                                   ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                   : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
}

Outcome<Failure> Engine::configure_identity() {
    if (settings_.credentials && settings_.credentials->own) {
        const Credentials& own = *settings_.credentials;
        if (mbedtls_ssl_conf_own_cert(&config_, own.own.get(), own.own_key.get()) != 0) {
            return Failure{.cause = Cause::internal, .text = "no memory for the client certificate"};
        }
    }
    if (settings_.psk) {
        const auto* key = reinterpret_cast<const unsigned char*>(settings_.psk->key.data());
        const auto* identity = reinterpret_cast<const unsigned char*>(settings_.psk->identity.data());
        if (mbedtls_ssl_conf_psk(&config_, key, settings_.psk->key.size(), identity, settings_.psk->identity.size()) !=
            0) {
            return Failure{.cause = Cause::psk_malformed, .text = "the PSK or its identity is empty or too long"};
        }
    }
    return {};
}

Outcome<Failure> Engine::configure() {
    const int transport = settings_.datagram ? MBEDTLS_SSL_TRANSPORT_DATAGRAM : MBEDTLS_SSL_TRANSPORT_STREAM;
    int fault = mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_CLIENT, transport, MBEDTLS_SSL_PRESET_DEFAULT);
    if (fault != 0) return explained(fault);
    configure_versions();
    if (auto configured = configure_identity(); !configured) return configured;
    mbedtls_ssl_conf_rng(&config_, crypto::random_octets, nullptr);
    // Optional, because the verdict is on_certificate()'s: its refusal is fatal all the same.
    mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_verify(&config_, &Engine::on_certificate, this);
    mbedtls_ssl_conf_renegotiation(
        &config_, settings_.renegotiation ? MBEDTLS_SSL_RENEGOTIATION_ENABLED : MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    if (settings_.key_log) mbedtls_ssl_conf_export_keys_ext_cb(&config_, &Engine::on_keys, this);
    if (settings_.datagram) {
        mbedtls_ssl_conf_handshake_timeout(&config_, first_retransmission_ms, last_retransmission_ms);
    }
    fault = mbedtls_ssl_setup(&ssl_, &config_);
    // Always set: 2.28.10 refuses to verify where it never was. An SSL 3.0 hello carries none.
    const bool named = !settings_.server_name.empty() && settings_.highest != Version::ssl3;
    if (fault == 0) fault = mbedtls_ssl_set_hostname(&ssl_, named ? settings_.server_name.c_str() : nullptr);
    if (fault != 0) return explained(fault);
    mbedtls_ssl_set_bio(&ssl_, this, &Engine::on_send, &Engine::on_receive, nullptr);
    if (settings_.datagram) {
        mbedtls_ssl_set_timer_cb(&ssl_, this, &Engine::on_set_timer, &Engine::on_get_timer);
        mbedtls_ssl_set_mtu(&ssl_, handshake_mtu);
    }
    return {};
}

bool Engine::may_resume(const SavedSession& saved) const {
    if (saved.version < settings_.lowest || saved.version > settings_.highest) return false;
    if (std::find(suites_.begin(), suites_.end(), saved.session.ciphersuite) == suites_.end()) return false;
    const Suite* suite = find_suite(static_cast<std::uint16_t>(saved.session.ciphersuite));
    if (suite->key_exchange == KeyExchange::psk) return true;
    // No certificate is sent when resuming; a full handshake finds out what is wrong with it now.
    return saved.chain && saved.credentials == settings_.credentials &&
           judge(*saved.chain, settings_.policy, wall_()).cause == Cause::none;
}

void Engine::offer_session() {
    if (!settings_.resume || !may_resume(*settings_.resume)) return;
    if (mbedtls_ssl_set_session(&ssl_, &settings_.resume->session) != 0) return;
    chain_ = settings_.resume->chain;
}

}  // namespace atls::tls
