#include "app/dtls_echo.hpp"

#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "app/openssl_errors.hpp"
#include "loop/address.hpp"
#include "loop/timer.hpp"
#include "loop/words.hpp"

namespace atls::app {

namespace {

constexpr std::size_t most_peers = 64;
constexpr long datagram_octets = 1400;

unsigned give_key(SSL* ssl, const char* identity, unsigned char* into, unsigned room) {
    const auto* secret = static_cast<const DtlsEcho::Secret*>(SSL_get_app_data(ssl));
    if (secret->identity != identity || secret->key.size() > room) return 0;
    std::copy(secret->key.begin(), secret->key.end(), into);
    return static_cast<unsigned>(secret->key.size());
}

}  // namespace

class DtlsEcho::Peer {
public:
    Peer(DtlsEcho& server, const sockaddr_in& address)
        : server_(server), address_(address), ssl_(SSL_new(server.context_)), retry_(server.loop_, [this] {
              DTLSv1_handle_timeout(ssl_);
              flush();
          }) {
        BIO* in = BIO_new(BIO_s_mem());
        BIO_set_mem_eof_return(in, -1);
        SSL_set_bio(ssl_, in, BIO_new(BIO_s_mem()));
        SSL_set_app_data(ssl_, &server.secret_);
        SSL_set_options(ssl_, SSL_OP_NO_QUERY_MTU);
        SSL_set_mtu(ssl_, datagram_octets);
        SSL_set_accept_state(ssl_);
    }
    ~Peer() { SSL_free(ssl_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// false: it said goodbye, or nothing sensible.
    bool take(BytesView datagram) {
        ERR_clear_error();
        BIO_write(SSL_get_rbio(ssl_), datagram.data(), static_cast<int>(datagram.size()));
        std::array<char, 16384> buffer;
        int count = 0;
        while ((count = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))) > 0) {
            SSL_write(ssl_, buffer.data(), count);
            flush();
        }
        const int error = SSL_get_error(ssl_, count);
        if (error == SSL_ERROR_ZERO_RETURN) SSL_shutdown(ssl_);
        flush();
        return error == SSL_ERROR_WANT_READ;
    }

private:
    // A flight of the handshake fits into one datagram: no certificates.
    void flush() {
        char* octets = nullptr;
        BIO* out = SSL_get_wbio(ssl_);
        const long count = BIO_get_mem_data(out, &octets);
        if (count > 0) {
            ::sendto(server_.socket_.get(), octets, static_cast<std::size_t>(count), 0,
                     reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
        }
        BIO_reset(out);
        timeval left{};
        const bool pending = DTLSv1_get_timeout(ssl_, &left) == 1;
        const auto wait = std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
        retry_.set(pending ? std::optional(server_.loop_.now() + wait) : std::nullopt);
    }

    DtlsEcho& server_;
    sockaddr_in address_;
    SSL* ssl_;
    loop::Timer retry_;
};

Result<std::unique_ptr<DtlsEcho>, StartFailure> DtlsEcho::open(loop::Loop& loop, const std::string& address,
                                                               std::uint16_t port, Secret secret) {
    const std::string place = address + ":" + std::to_string(port);
    const auto at = loop::SocketAddress::numeric(address, port);
    loop::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!at || !socket || ::bind(socket.get(), at->data(), at->size()) != 0) {
        return StartFailure{place + " (UDP): " + loop::words_of(errno)};
    }
    auto server = std::unique_ptr<DtlsEcho>(new DtlsEcho(loop, std::move(socket), std::move(secret)));
    SSL_CTX* context = server->context_ = SSL_CTX_new(DTLS_server_method());
    const bool good = context != nullptr && SSL_CTX_set_min_proto_version(context, DTLS1_VERSION) == 1 &&
                      SSL_CTX_set_cipher_list(context, "PSK:@SECLEVEL=0") == 1;
    if (!good) return StartFailure{"no DTLS server could be made: " + openssl_words()};
    SSL_CTX_set_psk_server_callback(context, give_key);
    return server;
}

DtlsEcho::DtlsEcho(loop::Loop& loop, loop::Fd socket, Secret secret)
    : loop_(loop),
      socket_(std::move(socket)),
      secret_(std::move(secret)),
      arrivals_(loop, socket_.get(), [this] { receive(); }) {
    arrivals_.want_read(true);
}

DtlsEcho::~DtlsEcho() {
    peers_.clear();
    SSL_CTX_free(context_);
}

void DtlsEcho::receive() {
    std::array<char, 65536> buffer;
    for (;;) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const auto count =
            ::recvfrom(socket_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (count < 0) return;
        const Bytes key(reinterpret_cast<const char*>(&from), size);
        if (peers_.size() >= most_peers && !peers_.contains(key)) peers_.clear();
        auto& peer = peers_[key];
        if (!peer) peer = std::make_unique<Peer>(*this, from);
        if (!peer->take(BytesView(buffer.data(), static_cast<std::size_t>(count)))) peers_.erase(key);
    }
}

}  // namespace atls::app
