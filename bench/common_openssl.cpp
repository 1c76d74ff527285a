#include "common_openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>

#include "common.hpp"

namespace atls::bench {

namespace {

std::unique_ptr<BIO, Free<BIO_free_all>> reader_of(const std::string& pem) {
    return std::unique_ptr<BIO, Free<BIO_free_all>>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

unsigned find_psk(SSL*, const char* identity, unsigned char* key, unsigned most) {
    if (identity != psk_identity || most < psk_key.size()) return 0;
    std::memcpy(key, psk_key.data(), psk_key.size());
    return static_cast<unsigned>(psk_key.size());
}

}  // namespace

SslContext server_context(const Identity& identity, const ServerOptions& options, const char* cipher_list) {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* server = context.get();
    SSL_CTX_set_security_level(server, 0);
    SSL_CTX_set_min_proto_version(server, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(server, TLS1_2_VERSION);
    demand(SSL_CTX_set_cipher_list(server, cipher_list) == 1, "the server's cipher list");
    demand(SSL_CTX_set1_groups_list(server, "P-256") == 1, "P-256");
    const auto certificate_pem = reader_of(identity.certificate);
    const auto key_pem = reader_of(identity.key);
    const std::unique_ptr<X509, Free<X509_free>> certificate(
        PEM_read_bio_X509(certificate_pem.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(
        PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr));
    demand(SSL_CTX_use_certificate(server, certificate.get()) == 1, "the server's certificate");
    demand(SSL_CTX_use_PrivateKey(server, key.get()) == 1, "the server's key");
    SSL_CTX_set_psk_server_callback(server, &find_psk);
    SSL_CTX_set_session_id_context(server, reinterpret_cast<const unsigned char*>("bench"), 5);
    if (!options.tickets) SSL_CTX_set_options(server, SSL_OP_NO_TICKET);
    if (!options.encrypt_then_mac) SSL_CTX_set_options(server, SSL_OP_NO_ENCRYPT_THEN_MAC);
    return context;
}

void trust(SSL_CTX* context, const std::string& pem) {
    const auto reader = reader_of(pem);
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    int count = 0;
    while (true) {
        const std::unique_ptr<X509, Free<X509_free>> certificate(
            PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        demand(X509_STORE_add_cert(store, certificate.get()) == 1, "a trusted certificate");
        ++count;
    }
    ERR_clear_error();
    demand(count > 0, "trusted certificates");
}

void give_up_with_openssl_errors(const std::string& why) {
    ERR_print_errors_fp(stderr);
    give_up(why);
}

}  // namespace atls::bench
