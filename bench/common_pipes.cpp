#include "common_pipes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "common.hpp"

namespace atls::bench {

void Pipe::write(std::string_view octets) {
    demand(written_ + octets.size() <= buffer_.size(), "room in a pipe");
    std::memcpy(buffer_.data() + written_, octets.data(), octets.size());
    written_ += octets.size();
}

void Pipe::consume(std::size_t count) {
    read_ += count;
    if (read_ == written_) clear();
}

namespace {

struct Ends {
    Pipe* in = nullptr;
    Pipe* out = nullptr;
};

Ends& ends_of(BIO* bio) { return *static_cast<Ends*>(BIO_get_data(bio)); }

int write_out(BIO* bio, const char* octets, int count) {
    BIO_clear_retry_flags(bio);
    ends_of(bio).out->write({octets, static_cast<std::size_t>(count)});
    return count;
}

int read_in(BIO* bio, char* into, int most) {
    BIO_clear_retry_flags(bio);
    Pipe& in = *ends_of(bio).in;
    const std::string_view readable = in.readable();
    if (readable.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t count = std::min(static_cast<std::size_t>(most), readable.size());
    std::memcpy(into, readable.data(), count);
    in.consume(count);
    return static_cast<int>(count);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int destroy(BIO* bio) {
    delete static_cast<Ends*>(BIO_get_data(bio));
    return 1;
}

const BIO_METHOD* pipe_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "pipes");
        BIO_meth_set_write(made, &write_out);
        BIO_meth_set_read(made, &read_in);
        BIO_meth_set_ctrl(made, &control);
        BIO_meth_set_destroy(made, &destroy);
        return made;
    }();
    return method;
}

}  // namespace

void attach(SSL* ssl, Pipe& in, Pipe& out) {
    BIO* bio = BIO_new(pipe_method());
    BIO_set_data(bio, new Ends{&in, &out});
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
}

void PipeServer::EndSilently::operator()(SSL* ssl) const {
    // Otherwise the session could not be resumed.
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
}

PipeServer::PipeServer(SSL_CTX* context, Pipes& pipes) : ssl_(SSL_new(context)) {
    pipes.to_server.clear();
    pipes.to_client.clear();
    attach(ssl_.get(), pipes.to_server, pipes.to_client);
    SSL_set_accept_state(ssl_.get());
}

bool PipeServer::handshake() {
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return true;
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) give_up_with_openssl_errors("the server's handshake");
    return false;
}

std::size_t PipeServer::drain() {
    static std::array<char, 20000> scratch;
    std::size_t count = 0;
    while (true) {
        const int result = SSL_read(ssl_.get(), scratch.data(), static_cast<int>(scratch.size()));
        if (result <= 0) return count;
        count += static_cast<std::size_t>(result);
    }
}

void PipeServer::write(std::string_view octets) {
    demand(SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size())) == static_cast<int>(octets.size()),
           "the server's write");
}

}  // namespace atls::bench
