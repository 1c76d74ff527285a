#include "app/demo_pki.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "app/openssl_errors.hpp"

namespace atls::app {

namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_vfree>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

// The suites of most modules authenticate with RSA.
constexpr unsigned key_bits = 2048;
constexpr long a_day = 24L * 60 * 60;
constexpr long years_valid = 10;

struct Subject {
    const char* name;
    bool authority = false;
    std::string alternative_names{};
};

bool add(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// `issuer` null: signed by itself.
Certificate make_certificate(const Subject& subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    static long serial = 0;
    Certificate made(X509_new());
    X509* certificate = made.get();
    if (certificate == nullptr) return {};
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(subject.name), -1, -1,
                               0);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), static_cast<long>(std::time(nullptr)) * 16 + ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -a_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), a_day * 365 * years_valid);
    X509* signer = issuer != nullptr ? issuer : certificate;
    bool good = X509_set_version(certificate, X509_VERSION_3) == 1 && X509_set_pubkey(certificate, key) == 1 &&
                X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1;
    good =
        good && add(certificate, signer, NID_subject_key_identifier, "hash") &&
        add(certificate, signer, NID_authority_key_identifier, "keyid") &&
        add(certificate, signer, NID_basic_constraints, subject.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    good =
        good && add(certificate, signer, NID_key_usage,
                    subject.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,keyEncipherment");
    if (!subject.alternative_names.empty()) {
        good = good && add(certificate, signer, NID_subject_alt_name, subject.alternative_names.c_str());
    }
    if (!good || X509_sign(certificate, issuer_key, EVP_sha256()) == 0) return {};
    return made;
}

std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return text_of(bio);
}

std::string pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio);
}

}  // namespace

Result<DemoPki, StartFailure> make_demo_pki(const std::vector<std::string>& names) {
    const Key authority_key(EVP_RSA_gen(key_bits));
    const Key server_key(EVP_RSA_gen(key_bits));
    const Key client_key(EVP_RSA_gen(key_bits));
    if (!authority_key || !server_key || !client_key) return StartFailure{"no key could be made: " + openssl_words()};

    Subject server{"atls demo server"};
    for (const std::string& name : names) {
        server.alternative_names += (server.alternative_names.empty() ? "DNS:" : ",DNS:") + name;
    }
    const auto authority = make_certificate({"atls demo CA", true}, authority_key.get(), nullptr, authority_key.get());
    if (!authority) return StartFailure{"no certificate could be made: " + openssl_words()};
    const auto server_certificate = make_certificate(server, server_key.get(), authority.get(), authority_key.get());
    const auto client_certificate =
        make_certificate({"atls demo client"}, client_key.get(), authority.get(), authority_key.get());
    if (!server_certificate || !client_certificate) {
        return StartFailure{"no certificate could be made: " + openssl_words()};
    }
    return DemoPki{pem(authority.get()), pem(server_certificate.get()), pem(server_key.get()),
                   pem(client_certificate.get()), pem(client_key.get())};
}

}  // namespace atls::app
