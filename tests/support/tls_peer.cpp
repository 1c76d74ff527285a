#include "support/tls_peer.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <utility>

#include "base/ensure.hpp"

namespace atls::test {

namespace {

template <auto free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Memory = std::unique_ptr<BIO, FreeWith<BIO_free>>;

// OpenSSL's timer runs on the real clock: long enough for a signature, short enough for a test to spin through.
constexpr unsigned quick_timer_us = 30000;
constexpr int peer_mtu = 1400;

// Where a TlsPeer is found from its SSL.
int slot_of_peer() {
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

Memory memory_of(const std::string& text) {
    return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void for_each_certificate(const std::string& pem, const std::function<void(X509*)>& use) {
    const Memory memory = memory_of(pem);
    while (X509* certificate = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)) {
        use(certificate);
        X509_free(certificate);
    }
    ERR_clear_error();  // the end of the file counts as an error
}

void set_identity(SSL_CTX* context, const Pair& identity) {
    for_each_certificate(identity.certificate, [&](X509* c) { SSL_CTX_use_certificate(context, c); });
    for_each_certificate(identity.issuers, [&](X509* c) { SSL_CTX_add1_chain_cert(context, c); });
    const Memory memory = memory_of(identity.key);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr);
    ensure(SSL_CTX_use_PrivateKey(context, key) == 1, "the peer's key does not fit its certificate");
    EVP_PKEY_free(key);
}

}  // namespace

struct PeerContext::State {
    PeerOptions options;
    std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context;
};

struct TlsPeer::State {
    PeerOptions options;
    std::unique_ptr<SSL, FreeWith<SSL_free>> ssl;
    std::deque<Bytes> incoming;
    std::deque<Bytes> outgoing;
    Bytes plaintext;
    std::string failure;
    std::vector<std::string> key_log;
    std::optional<std::uint8_t> alert;

    void advance();
    void note_failure(int result);
};

namespace {

TlsPeer::State& state_of(const SSL* ssl) { return *static_cast<TlsPeer::State*>(SSL_get_ex_data(ssl, slot_of_peer())); }

int bio_write(BIO* bio, const char* data, int size) {
    static_cast<TlsPeer::State*>(BIO_get_data(bio))->outgoing.emplace_back(data, static_cast<std::size_t>(size));
    return size;
}

int bio_read(BIO* bio, char* into, int size) {
    auto& state = *static_cast<TlsPeer::State*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (state.incoming.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    Bytes& front = state.incoming.front();
    const std::size_t count = std::min(front.size(), static_cast<std::size_t>(size));
    std::copy_n(front.data(), count, into);
    front.erase(0, count);
    if (front.empty() || state.options.datagram) state.incoming.pop_front();
    return static_cast<int>(count);
}

long bio_control(BIO*, int command, long, void*) {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_DGRAM_QUERY_MTU:
        case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
            return peer_mtu;
        default:
            return 0;
    }
}

BIO* new_bio(TlsPeer::State* state) {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "test peer");
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_ctrl(made, bio_control);
        return made;
    }();
    BIO* bio = BIO_new(method);
    BIO_set_data(bio, state);
    BIO_set_init(bio, 1);
    return bio;
}

unsigned psk_callback(SSL* ssl, const char* identity, unsigned char* key, unsigned most) {
    const PeerOptions& options = state_of(ssl).options;
    if (options.psk_identity != identity || options.psk_key.size() > most) return 0;
    std::copy(options.psk_key.begin(), options.psk_key.end(), key);
    return static_cast<unsigned>(options.psk_key.size());
}

void key_log_callback(const SSL* ssl, const char* line) { state_of(ssl).key_log.emplace_back(line); }

void info_callback(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT) state_of(ssl).alert = static_cast<std::uint8_t>(value & 0xFF);
}

void demand_client_certificate(SSL_CTX* context, const std::string& roots) {
    for_each_certificate(roots, [&](X509* root) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root);
        SSL_CTX_add_client_CA(context, root);
    });
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

void set_limits(SSL_CTX* context, const PeerOptions& options) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, options.lowest);
    const int newest = options.datagram ? DTLS1_2_VERSION : TLS1_2_VERSION;
    SSL_CTX_set_max_proto_version(context, options.highest == 0 ? newest : options.highest);
    ensure(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1, "the peer knows none of these ciphers");
    if (options.max_fragment != 0) SSL_CTX_set_max_send_fragment(context, static_cast<long>(options.max_fragment));
    if (!options.tickets) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (!options.renegotiation) SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    if (!options.encrypt_then_mac) SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC);
    SSL_CTX_set_session_cache_mode(context, options.session_ids ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("atls"), 4);
    if (options.datagram) SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU);
}

}  // namespace

PeerContext::PeerContext(PeerOptions options) : state_(std::make_unique<State>()) {
    state_->options = std::move(options);
    const PeerOptions& o = state_->options;
    state_->context.reset(SSL_CTX_new(o.datagram ? DTLS_server_method() : TLS_server_method()));
    SSL_CTX* context = state_->context.get();
    set_limits(context, o);
    set_identity(context, o.identity == nullptr ? Pki::get().server : *o.identity);
    if (o.demand_client_certificate) {
        demand_client_certificate(context, o.client_roots.empty() ? Pki::get().roots() : o.client_roots);
    }
    if (!o.psk_identity.empty()) SSL_CTX_set_psk_server_callback(context, psk_callback);
    SSL_CTX_set_keylog_callback(context, key_log_callback);
    SSL_CTX_set_info_callback(context, info_callback);
}
PeerContext::~PeerContext() = default;
PeerContext::PeerContext(PeerContext&&) noexcept = default;

TlsPeer::TlsPeer(PeerOptions options) : TlsPeer(PeerContext(std::move(options))) {}

TlsPeer::TlsPeer(const PeerContext& context) : state_(std::make_unique<State>()) {
    state_->options = context.state().options;
    // The SSL keeps its SSL_CTX alive.
    state_->ssl.reset(SSL_new(context.state().context.get()));
    SSL* ssl = state_->ssl.get();
    SSL_set_ex_data(ssl, slot_of_peer(), state_.get());
    BIO* bio = new_bio(state_.get());
    SSL_set_bio(ssl, bio, bio);
    SSL_set_accept_state(ssl);
    if (!state_->options.datagram) return;
    SSL_set_mtu(ssl, peer_mtu);
    if (state_->options.quick_retransmission) {
        DTLS_set_timer_cb(ssl, [](SSL*, unsigned) { return quick_timer_us; });
    }
}
TlsPeer::~TlsPeer() = default;
TlsPeer::TlsPeer(TlsPeer&&) noexcept = default;

void TlsPeer::State::note_failure(int result) {
    const int kind = SSL_get_error(ssl.get(), result);
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return;
    if (kind == SSL_ERROR_ZERO_RETURN) {
        // Answered, or OpenSSL forgets the session when the connection is freed.
        SSL_shutdown(ssl.get());
        return;
    }
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_peek_error(), text.data(), text.size());
    failure = text.data();
}

void TlsPeer::State::advance() {
    ERR_clear_error();
    if (!failure.empty()) return;
    if (!SSL_is_init_finished(ssl.get())) {
        const int result = SSL_do_handshake(ssl.get());
        if (result != 1) return note_failure(result);
    }
    std::array<char, 16384> octets{};
    for (;;) {
        const int count = SSL_read(ssl.get(), octets.data(), static_cast<int>(octets.size()));
        if (count <= 0) return note_failure(count);
        const auto size = static_cast<std::size_t>(count);
        if (options.echo) {
            SSL_write(ssl.get(), octets.data(), count);
        } else {
            plaintext.append(octets.data(), size);
        }
    }
}

void TlsPeer::feed(BytesView from_client) {
    state_->incoming.emplace_back(from_client);
    state_->advance();
}

Bytes TlsPeer::take_output() {
    Bytes taken;
    while (!state_->outgoing.empty()) {
        taken += state_->outgoing.front();
        state_->outgoing.pop_front();
        if (state_->options.datagram) break;
    }
    return taken;
}

Bytes TlsPeer::take_plaintext() { return std::exchange(state_->plaintext, {}); }

void TlsPeer::write(BytesView plain) {
    ERR_clear_error();
    const int written = SSL_write(state_->ssl.get(), plain.data(), static_cast<int>(plain.size()));
    ensure(written == static_cast<int>(plain.size()), "the peer cannot write");
}

void TlsPeer::close() {
    ERR_clear_error();
    SSL_shutdown(state_->ssl.get());
}

void TlsPeer::renegotiate() {
    ERR_clear_error();
    SSL_renegotiate(state_->ssl.get());
    SSL_do_handshake(state_->ssl.get());
}

void TlsPeer::retransmit() {
    ensure(state_->options.quick_retransmission, "this peer keeps OpenSSL's timer of a second");
    timeval left{};
    while (DTLSv1_get_timeout(state_->ssl.get(), &left) == 1) {
        if (DTLSv1_handle_timeout(state_->ssl.get()) != 0) return;
    }
}

bool TlsPeer::handshake_done() const { return SSL_is_init_finished(state_->ssl.get()) == 1; }
bool TlsPeer::failed() const { return !state_->failure.empty(); }
const std::string& TlsPeer::failure() const { return state_->failure; }
bool TlsPeer::client_closed() const { return (SSL_get_shutdown(state_->ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
bool TlsPeer::resumed() const { return SSL_session_reused(state_->ssl.get()) == 1; }
std::string TlsPeer::cipher() const { return SSL_get_cipher_name(state_->ssl.get()); }
const std::vector<std::string>& TlsPeer::key_log() const { return state_->key_log; }
std::optional<std::uint8_t> TlsPeer::alert_received() const { return state_->alert; }

std::uint16_t TlsPeer::suite() const {
    const SSL_CIPHER* cipher = SSL_get_current_cipher(state_->ssl.get());
    return cipher == nullptr ? std::uint16_t{0} : SSL_CIPHER_get_protocol_id(cipher);
}

std::string TlsPeer::server_name() const {
    const char* name = SSL_get_servername(state_->ssl.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
}

std::string TlsPeer::client_subject() const {
    const X509* certificate = SSL_get0_peer_certificate(state_->ssl.get());
    if (certificate == nullptr) return {};
    std::array<char, 128> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    return name.data();
}

}  // namespace atls::test
