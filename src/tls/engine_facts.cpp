// The engine's callbacks about certificates, keys and time, and what it tells of an open connection.
#include <array>

#include "tls/chain.hpp"
#include "tls/credentials_data.hpp"
#include "tls/crypto/record_buffers.hpp"
#include "tls/engine.hpp"
#include "tls/text.hpp"

namespace atls::tls {

namespace {

/// mbed TLS chooses the alert by these flags.
std::uint32_t alert_flags(Cause cause) {
    switch (cause) {
        case Cause::expired:
        case Cause::not_yet_valid:
            return MBEDTLS_X509_BADCERT_EXPIRED;
        case Cause::host_mismatch:
        case Cause::bad_signature:
            return MBEDTLS_X509_BADCERT_CN_MISMATCH;  // bad_certificate
        case Cause::untrusted:
        case Cause::self_signed:
        case Cause::issuer_missing:
            return MBEDTLS_X509_BADCERT_NOT_TRUSTED;
        default:
            return MBEDTLS_X509_BADCERT_BAD_KEY;  // unsupported_certificate
    }
}

std::string lower_hex(const unsigned char* octets, std::size_t count) {
    std::string text = to_hex(BytesView(reinterpret_cast<const char*>(octets), count));
    for (char& c : text) c = ascii_lower(c);
    return text;
}

constexpr std::size_t master_secret_octets = 48;
constexpr std::size_t random_octets = 32;
constexpr std::size_t page = 4096;

}  // namespace

int Engine::on_certificate(void* engine, mbedtls_x509_crt* sent, int, std::uint32_t* flags) {
    auto& self = *static_cast<Engine*>(engine);
    const WallTime clock = self.wall_();
    const mbedtls_x509_crt* trusted = self.settings_.credentials ? self.settings_.credentials->trusted.get() : nullptr;
    std::vector<CertificateFacts> chain = examine(*sent, trusted, clock);
    std::uint32_t usage = 0;
    if (chain.front().other_fault.empty() &&
        mbedtls_ssl_check_cert_usage(sent, self.ssl_.handshake->ciphersuite_info, MBEDTLS_SSL_IS_SERVER, &usage) != 0) {
        chain.front().other_fault = "its key usage does not allow it to serve this suite";
    }
    Failure verdict = judge(chain, self.settings_.policy, clock);
    if (verdict.cause == Cause::none) {
        if (self.settings_.keep_session) {
            self.chain_ = std::make_shared<const std::vector<CertificateFacts>>(std::move(chain));
        }
        return 0;
    }
    self.failure_ = std::move(verdict);
    *flags = alert_flags(self.failure_.cause);
    return MBEDTLS_ERR_X509_FATAL_ERROR;
}

int Engine::on_keys(void* engine, const unsigned char* master, const unsigned char*, std::size_t, std::size_t,
                    std::size_t, const unsigned char client_random[32], const unsigned char*, mbedtls_tls_prf_types) {
    static_cast<Engine*>(engine)->settings_.key_log("CLIENT_RANDOM " + lower_hex(client_random, random_octets) + " " +
                                                    lower_hex(master, master_secret_octets));
    return 0;
}

void Engine::on_set_timer(void* engine, std::uint32_t intermediate_ms, std::uint32_t final_ms) {
    auto& self = *static_cast<Engine*>(engine);
    self.intermediate_.reset();
    self.final_.reset();
    if (final_ms == 0) return;
    self.intermediate_ = self.now_ + std::chrono::milliseconds(intermediate_ms);
    self.final_ = self.now_ + std::chrono::milliseconds(final_ms);
}

int Engine::on_get_timer(void* engine) {
    const auto& self = *static_cast<Engine*>(engine);
    if (!self.final_) return -1;
    if (self.now_ >= *self.final_) return 2;
    return self.now_ >= *self.intermediate_ ? 1 : 0;
}

std::optional<Time> Engine::next_deadline() const {
    if (state_ != State::handshaking && state_ != State::open) return std::nullopt;
    return final_;
}

void Engine::expire(Time now) {
    now_ = now;
    if (final_ && now_ >= *final_) advance();
}

Version Engine::version() const {
    using enum Version;
    switch (ssl_.minor_ver) {
        case MBEDTLS_SSL_MINOR_VERSION_0:
            return ssl3;
        case MBEDTLS_SSL_MINOR_VERSION_1:
            return tls1_0;
        case MBEDTLS_SSL_MINOR_VERSION_2:
            return settings_.datagram ? dtls1_0 : tls1_1;
        default:
            return settings_.datagram ? dtls1_2 : tls1_2;
    }
}

std::uint16_t Engine::suite() const {
    return ssl_.session == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(ssl_.session->ciphersuite);
}

std::shared_ptr<const SavedSession> Engine::saved_session() const {
    const mbedtls_ssl_session* session = ssl_.session;
    if (!settings_.keep_session || session == nullptr || !handshake_over()) return nullptr;
    const bool resumable = session->id_len > 0 || session->ticket_len > 0;
    auto saved = std::make_shared<SavedSession>();
    if (!resumable || mbedtls_ssl_get_session(&ssl_, &saved->session) != 0) return nullptr;
    saved->version = version();
    saved->chain = chain_;
    saved->credentials = settings_.credentials;
    return saved;
}

void Engine::trim() {
    // The first page of the input buffer holds the record counter of the receiving side.
    if (ssl_.in_left == 0 && ssl_.in_offt == nullptr && decrypted() == 0) crypto::trim_slot(ssl_.in_buf, page);
    // The output buffer holds nothing between records: the sending side's counter is in the context.
    if (ssl_.out_left == 0) crypto::trim_slot(ssl_.out_buf, 0);
}

}  // namespace atls::tls
