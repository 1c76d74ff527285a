#include "common_pki.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "common.hpp"
#include "common_openssl.hpp"

namespace atls::bench {

namespace {

constexpr long day = 86'400;

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using MemoryBio = std::unique_ptr<BIO, Free<BIO_free_all>>;

std::string content_of(const MemoryBio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const MemoryBio bio(BIO_new(BIO_s_mem()));
    demand(PEM_write_bio_X509(bio.get(), certificate) == 1, "a certificate as PEM");
    return content_of(bio);
}

std::string pem(EVP_PKEY* key) {
    const MemoryBio bio(BIO_new(BIO_s_mem()));
    demand(PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
           "a key as PEM");
    return content_of(bio);
}

void extend(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    demand(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "a certificate extension");
}

Certificate issue(const char* name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    static long serial = 1;
    Certificate made(X509_new());
    X509* certificate = made.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * day);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("atls bench"), -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, issuer != nullptr ? X509_get_subject_name(issuer) : subject);
    X509_set_pubkey(certificate, key);
    if (issuer == nullptr) {
        extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        extend(certificate, NID_subject_alt_name,
               ("DNS:" + std::string(host) + ",IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3,IP:127.0.0.4").c_str());
    }
    demand(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "a signed certificate");
    return made;
}

Key rsa_key() { return Key(EVP_RSA_gen(2048)); }
Key ec_key() { return Key(EVP_EC_gen("P-256")); }

Identity make_identity(Key (*generate)(), const char* ca_name) {
    const Key ca_key = generate();
    const Key key = generate();
    demand(ca_key && key, "keys");
    const Certificate ca = issue(ca_name, ca_key.get(), nullptr, ca_key.get());
    const Certificate leaf = issue(host, key.get(), ca.get(), ca_key.get());
    return {pem(leaf.get()), pem(key.get()), pem(ca.get())};
}

}  // namespace

Pki make_pki() {
    Pki pki;
    pki.rsa = make_identity(&rsa_key, "RSA root");
    pki.ec = make_identity(&ec_key, "EC root");
    pki.trusted = pki.rsa.issuer + pki.ec.issuer;
    return pki;
}

}  // namespace atls::bench
