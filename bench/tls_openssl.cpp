#include <cstring>

#include "common.hpp"
#include "tls_clients.hpp"

namespace atls::bench {

namespace {

unsigned give_psk(SSL*, const char*, char* identity, unsigned identity_most, unsigned char* key, unsigned key_most) {
    if (identity_most <= psk_identity.size() || key_most < psk_key.size()) return 0;
    std::memcpy(identity, psk_identity.data(), psk_identity.size());
    identity[psk_identity.size()] = '\0';
    std::memcpy(key, psk_key.data(), psk_key.size());
    return static_cast<unsigned>(psk_key.size());
}

class OpensslConnection final : public Connection {
public:
    OpensslConnection(SSL_CTX* context, SSL_SESSION* session, Pipes& pipes) : ssl_(SSL_new(context)) {
        attach(ssl_.get(), pipes.to_client, pipes.to_server);
        SSL_set_tlsext_host_name(ssl_.get(), host);
        SSL_set1_host(ssl_.get(), host);
        SSL_set_connect_state(ssl_.get());
        if (session != nullptr) SSL_set_session(ssl_.get(), session);
        handshake();
    }
    ~OpensslConnection() override {
        // Ended without a close_notify, as our client is when it is destroyed; else the session is not kept.
        SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    OpensslConnection(const OpensslConnection&) = delete;
    OpensslConnection& operator=(const OpensslConnection&) = delete;

    bool handshake() override {
        const int result = SSL_do_handshake(ssl_.get());
        if (result == 1) return true;
        if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
            give_up_with_openssl_errors("the OpenSSL client's handshake");
        }
        return false;
    }

    void write(std::string_view plain) override {
        const int size = static_cast<int>(plain.size());
        demand(SSL_write(ssl_.get(), plain.data(), size) == size, "OpenSSL's write");
    }

    std::size_t read(std::span<char> into) override {
        const int count = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
        if (count > 0) return static_cast<std::size_t>(count);
        if (SSL_get_error(ssl_.get(), count) != SSL_ERROR_WANT_READ)
            give_up_with_openssl_errors("the OpenSSL client's read");
        return 0;
    }

    [[nodiscard]] bool resumed() const override { return SSL_session_reused(ssl_.get()) == 1; }
    [[nodiscard]] SslSession session() const { return SslSession(SSL_get1_session(ssl_.get())); }

private:
    Ssl ssl_;
};

class OpensslClient final : public TlsClient {
public:
    OpensslClient(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable)
        : pipes_(pipes), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX* context = context_.get();
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
        demand(SSL_CTX_set_cipher_list(context, scenario.openssl_name) == 1, "the client's cipher list");
        demand(SSL_CTX_set1_groups_list(context, "P-256") == 1, "P-256");
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        if (!resumable) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        if (scenario.psk) SSL_CTX_set_psk_client_callback(context, &give_psk);
        trust(context, pki.trusted);
    }

    std::unique_ptr<Connection> connect(bool resume) override {
        return std::make_unique<OpensslConnection>(context_.get(), resume ? session_.get() : nullptr, pipes_);
    }

    void keep_session(const Connection& connection) override {
        session_ = static_cast<const OpensslConnection&>(connection).session();
    }

private:
    Pipes& pipes_;
    SslContext context_;
    SslSession session_;
};

}  // namespace

std::unique_ptr<TlsClient> openssl_client(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable) {
    return std::make_unique<OpensslClient>(scenario, pki, pipes, resumable);
}

}  // namespace atls::bench
