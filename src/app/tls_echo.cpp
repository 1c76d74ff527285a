#include "app/tls_echo.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "app/openssl_errors.hpp"

namespace atls::app {

namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Bio reading(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

bool use_identity(SSL_CTX* context, const TlsEcho::Identity& identity) {
    X509* certificate = PEM_read_bio_X509(reading(identity.certificate).get(), nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(reading(identity.key).get(), nullptr, nullptr, nullptr);
    const bool good = certificate != nullptr && key != nullptr && SSL_CTX_use_certificate(context, certificate) == 1 &&
                      SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return good;
}

bool demand_certificate(SSL_CTX* context, const std::string& authority) {
    X509* trusted = PEM_read_bio_X509(reading(authority).get(), nullptr, nullptr, nullptr);
    const bool good = trusted != nullptr && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted) == 1 &&
                      SSL_CTX_add_client_CA(context, trusted) == 1;
    X509_free(trusted);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return good;
}

SSL_CTX* make_context(const TlsEcho::Identity& identity) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    if (context == nullptr) return nullptr;
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    static constexpr unsigned char session_name[] = "atls demo";
    SSL_CTX_set_session_id_context(context, session_name, sizeof session_name - 1);
    // A module may be set to TLS 1.0 and to 3DES; the demo goes along with whatever this OpenSSL can still do.
    const bool good = SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
                      SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1 && use_identity(context, identity) &&
                      (identity.client_authority.empty() || demand_certificate(context, identity.client_authority));
    if (good) return context;
    SSL_CTX_free(context);
    return nullptr;
}

}  // namespace

class TlsEcho::Connection {
public:
    Connection(loop::Loop& loop, SSL_CTX* context, loop::Fd socket, std::function<void(Connection&)> ended)
        : socket_(std::move(socket)),
          ssl_(SSL_new(context)),
          ended_(std::move(ended)),
          watch_(
              loop, socket_.get(), [this] { step(); }, [this] { step(); }) {
        SSL_set_fd(ssl_, socket_.get());
        SSL_set_accept_state(ssl_);
        watch_.want_read(true);
    }
    ~Connection() { SSL_free(ssl_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

private:
    // Reads what there is and sends it back; reads no further while the client does not take it.
    void step() {
        for (;;) {
            ERR_clear_error();
            const int result = unsent_.empty() ? read() : write();
            if (result > 0) continue;
            const int error = SSL_get_error(ssl_, result);
            if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
                watch_.want_read(error == SSL_ERROR_WANT_READ);
                watch_.want_write(error == SSL_ERROR_WANT_WRITE);
                return;
            }
            if (error == SSL_ERROR_ZERO_RETURN) SSL_shutdown(ssl_);
            return ended_(*this);  // destroys this
        }
    }
    int read() {
        std::array<char, 16384> buffer;
        const int count = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
        if (count > 0) unsent_.assign(buffer.data(), static_cast<std::size_t>(count));
        return count;
    }
    int write() {
        const int count = SSL_write(ssl_, unsent_.data(), static_cast<int>(unsent_.size()));
        if (count > 0) unsent_.erase(0, static_cast<std::size_t>(count));
        return count;
    }

    loop::Fd socket_;
    SSL* ssl_;
    std::function<void(Connection&)> ended_;
    std::string unsent_;
    loop::Watch watch_;
};

Result<std::unique_ptr<TlsEcho>, StartFailure> TlsEcho::open(loop::Loop& loop, const std::string& address,
                                                             std::uint16_t port, const Identity& identity) {
    auto listener = link::Listener::tcp(address, port);
    if (!listener) return StartFailure{address + ":" + std::to_string(port) + ": " + listener.error().text};
    SSL_CTX* context = make_context(identity);
    if (context == nullptr) return StartFailure{"no TLS server could be made: " + openssl_words()};
    return std::unique_ptr<TlsEcho>(new TlsEcho(loop, std::move(*listener), context));
}

TlsEcho::TlsEcho(loop::Loop& loop, link::Listener listener, ssl_ctx_st* context)
    : loop_(loop),
      listener_(std::move(listener)),
      context_(context),
      arrivals_(loop, listener_.fd(), [this] { accept(); }) {
    arrivals_.want_read(true);
}

TlsEcho::~TlsEcho() {
    connections_.clear();
    SSL_CTX_free(context_);
}

void TlsEcho::accept() {
    loop::Fd arrived;
    while (listener_.accept(arrived) == link::Listener::Accepted::one) {
        const auto ended = [this](Connection& gone) {
            const auto is_gone = [&gone](const auto& connection) { return connection.get() == &gone; };
            connections_.erase(std::find_if(connections_.begin(), connections_.end(), is_gone));
        };
        connections_.push_back(std::make_unique<Connection>(loop_, context_, std::move(arrived), ended));
    }
}

}  // namespace atls::app
