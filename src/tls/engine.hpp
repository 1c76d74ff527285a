// tls::Client on mbed TLS.
#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_internal.h>

#include <memory>
#include <optional>
#include <vector>

#include "tls/client.hpp"
#include "tls/explain.hpp"
#include "tls/record_reader.hpp"

namespace atls::tls {

/// What resuming needs, and what the session was granted on.
class SavedSession {
public:
    SavedSession() { mbedtls_ssl_session_init(&session); }
    ~SavedSession() { mbedtls_ssl_session_free(&session); }
    SavedSession(const SavedSession&) = delete;
    SavedSession& operator=(const SavedSession&) = delete;

    mbedtls_ssl_session session;
    Version version = Version::tls1_2;
    std::shared_ptr<const std::vector<CertificateFacts>>
        chain;  ///< null with PSK; judged again before each resumption: the clock moves, settings change
    std::shared_ptr<const Credentials> credentials;
};

class Engine final : public Client {
public:
    Engine(Settings settings, Time now, std::function<WallTime()> wall);
    ~Engine() override;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Configures mbed TLS and queues the ClientHello.
    Outcome<Failure> start();

    [[nodiscard]] State state() const override { return state_; }
    [[nodiscard]] const Failure& failure() const override { return failure_; }
    std::size_t feed(BytesView from_peer, Time now) override;
    void feed_end(Time now) override;
    [[nodiscard]] BytesView output() const override;
    void output_sent(std::size_t count) override;
    bool write(BytesView plain) override;
    [[nodiscard]] std::size_t output_size() const override;
    std::size_t read(std::span<char> into, Time now) override;
    void close() override;
    [[nodiscard]] std::optional<Time> next_deadline() const override;
    void expire(Time now) override;
    [[nodiscard]] Version version() const override;
    [[nodiscard]] std::uint16_t suite() const override;
    [[nodiscard]] bool resumed() const override { return resumed_; }
    [[nodiscard]] std::shared_ptr<const SavedSession> saved_session() const override;
    void trim() override;

private:
    // engine_setup.cpp
    Outcome<Failure> choose_suites();
    Outcome<Failure> configure();
    void configure_versions();
    Outcome<Failure> configure_identity();
    void offer_session();
    [[nodiscard]] bool may_resume(const SavedSession& saved) const;

    // mbed TLS's callbacks; `engine` is this
    static int on_send(void* engine, const unsigned char* octets, std::size_t count);
    static int on_receive(void* engine, unsigned char* into, std::size_t most);
    static int on_certificate(void* engine, mbedtls_x509_crt* sent, int depth, std::uint32_t* flags);
    static int on_keys(void* engine, const unsigned char* master, const unsigned char* key_block, std::size_t mac,
                       std::size_t key, std::size_t iv, const unsigned char client_random[32],
                       const unsigned char server_random[32], mbedtls_tls_prf_types prf);
    static void on_set_timer(void* engine, std::uint32_t intermediate_ms, std::uint32_t final_ms);
    static int on_get_timer(void* engine);

    void advance();
    void handshake();
    void receive();
    void handshake_done();
    bool refuse_missing_certificate();
    /// Something mbed TLS was given or holds is still to be processed, and its last call got further.
    [[nodiscard]] bool more_to_process();
    bool encrypt(BytesView plain);
    void flush_held();
    void fail(int error);
    [[nodiscard]] Failure explained(int error) const;
    void fail_with(Failure failure);
    void note_record(const char* way, BytesView record) const;
    [[nodiscard]] bool handshake_over() const { return ssl_.state == MBEDTLS_SSL_HANDSHAKE_OVER; }
    [[nodiscard]] RecordReader::Phase phase() const;
    [[nodiscard]] std::size_t decrypted() const { return mbedtls_ssl_get_bytes_avail(&ssl_); }

    Settings settings_;
    std::function<WallTime()> wall_;
    Time now_;
    std::vector<int> suites_;  // 0 ends it; mbed TLS keeps a pointer to it
    mbedtls_ssl_config config_;
    mbedtls_ssl_context ssl_;
    State state_ = State::handshaking;
    Failure failure_;
    Evidence evidence_;
    int noted_state_ = -1;  ///< the state that settings_.progress was told of last
    bool resumed_ = false;
    bool closing_ = false;
    std::shared_ptr<const std::vector<CertificateFacts>> chain_;  // kept for saved_session() only

    RecordReader reader_;  // stream
    BytesView datagram_;   // DTLS: the datagram being fed
    struct Progress {
        std::size_t input = 0, in_left = 0, next_record = 0;
        int kept = 0;
        bool operator==(const Progress&) const = default;
    } progress_;
    ByteQueue out_;  // stream: records; DTLS: datagrams, each behind its length
    std::size_t out_size_ = 0;
    ByteQueue held_;  // plaintext that waits for the end of a renegotiation

    // The two delays of mbed TLS's timer interface.
    std::optional<Time> intermediate_;
    std::optional<Time> final_;
};

}  // namespace atls::tls
