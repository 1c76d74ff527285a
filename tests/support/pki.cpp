#include "support/pki.hpp"

#include <openssl/bio.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <map>
#include <memory>

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
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Memory = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

Bytes contents(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return Bytes(data, static_cast<std::size_t>(size));
}

Key generate(KeyKind kind) {
    switch (kind) {
        case KeyKind::rsa:
            return Key(EVP_RSA_gen(2048));
        case KeyKind::p256:
            return Key(EVP_EC_gen("P-256"));
        case KeyKind::p384:
            return Key(EVP_EC_gen("P-384"));
    }
    ensure(false, "a KeyKind outside its enum");
    return {};
}

// RSA keys take a tenth of a second each: leaves share one.
Key key_for(const IssueOptions& options) {
    if (options.ca || options.key != KeyKind::rsa) return generate(options.key);
    static const Key shared = generate(KeyKind::rsa);
    EVP_PKEY_up_ref(shared.get());
    return Key(shared.get());
}

Bytes encode(const Key& key, const char* format, const char* structure) {
    using Encoder = std::unique_ptr<OSSL_ENCODER_CTX, FreeWith<OSSL_ENCODER_CTX_free>>;
    const Encoder encoder(OSSL_ENCODER_CTX_new_for_pkey(key.get(), EVP_PKEY_KEYPAIR, format, structure, nullptr));
    const Memory memory(BIO_new(BIO_s_mem()));
    ensure(OSSL_ENCODER_to_bio(encoder.get(), memory.get()) == 1, "a key cannot be encoded");
    return contents(memory);
}

Certificate parse_certificate(const std::string& pem) {
    const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

Key parse_key(const std::string& pem) {
    const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    ensure(extension != nullptr, "a certificate extension is malformed");
    X509_add_ext(certificate, extension.get(), -1);
}

void add_extensions(X509* certificate, X509* issuer, const IssueOptions& options) {
    if (options.ca) add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    if (!options.key_usage.empty()) add_extension(certificate, issuer, NID_key_usage, "critical," + options.key_usage);
    std::string names;
    for (const std::string& name : options.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : options.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
    if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
}

void name_subject(X509* certificate, const std::string& common_name) {
    const auto* octets = reinterpret_cast<const unsigned char*>(common_name.data());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, octets,
                               static_cast<int>(common_name.size()), -1, 0);
}

Bytes der_of(const Certificate& certificate) {
    const Memory memory(BIO_new(BIO_s_mem()));
    ensure(i2d_X509_bio(memory.get(), certificate.get()) == 1, "a certificate cannot be encoded");
    return contents(memory);
}

std::string pem_of(const Bytes& der) {
    const Memory memory(BIO_new(BIO_s_mem()));
    PEM_write_bio(memory.get(), PEM_STRING_X509, "", reinterpret_cast<const unsigned char*>(der.data()),
                  static_cast<long>(der.size()));
    return contents(memory);
}

std::string with_issuers(const Pair& issuer) { return issuer.certificate + issuer.issuers; }

}  // namespace

Pair issue(const IssueOptions& options) {
    static long serial = 1000;
    const Key key = key_for(options);
    const Certificate certificate(X509_new());
    X509* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    ASN1_TIME_set(X509_getm_notBefore(made), options.not_before.time_since_epoch().count());
    ASN1_TIME_set(X509_getm_notAfter(made), options.not_after.time_since_epoch().count());
    X509_set_pubkey(made, key.get());
    name_subject(made, options.common_name);

    const Certificate issuer = options.issuer == nullptr ? nullptr : parse_certificate(options.issuer->certificate);
    const Key issuer_key = options.issuer == nullptr ? nullptr : parse_key(options.issuer->key);
    X509* signer = issuer ? issuer.get() : made;
    X509_set_issuer_name(made, X509_get_subject_name(signer));
    add_extensions(made, signer, options);
    const EVP_MD* digest = EVP_get_digestbyname(options.digest);
    ensure(X509_sign(made, issuer_key ? issuer_key.get() : key.get(), digest) > 0, "a certificate cannot be signed");

    Pair pair;
    pair.certificate_der = der_of(certificate);
    // The signature's last octet ends the DER.
    if (options.break_signature) pair.certificate_der.back() = static_cast<char>(pair.certificate_der.back() ^ 1);
    pair.certificate = pem_of(pair.certificate_der);
    pair.key = encode(key, "PEM", "PrivateKeyInfo");
    pair.key_pkcs8_der = encode(key, "DER", "PrivateKeyInfo");
    pair.key_traditional = encode(key, "PEM", "type-specific");
    pair.key_der = encode(key, "DER", "type-specific");
    return pair;
}

const Pki& Pki::get() {
    static const Pki pki = [] {
        using std::chrono::sys_days;
        using std::chrono::year;
        Pki p;
        p.root = issue({.common_name = "Test Root", .ca = true});
        p.ec_root = issue({.common_name = "Test EC Root", .key = KeyKind::p256, .ca = true});
        p.stranger = issue({.common_name = "Stranger Root", .ca = true});
        p.intermediate = issue({.common_name = "Test Intermediate", .issuer = &p.root, .ca = true});

        const auto leaf = [](const Pair& issuer, KeyKind key = KeyKind::rsa) {
            return IssueOptions{
                .dns_names = {"echo.example"}, .addresses = {"192.0.2.7"}, .key = key, .issuer = &issuer};
        };
        p.server = issue(leaf(p.root));
        p.ec_server = issue(leaf(p.ec_root, KeyKind::p256));
        p.ecdh_rsa_server = issue(leaf(p.root, KeyKind::p256));
        IssueOptions old = leaf(p.root);
        old.not_after = sys_days{year{2024} / 1 / 2};
        p.expired = issue(old);
        IssueOptions future = leaf(p.root);
        future.not_before = sys_days{year{2040} / 1 / 1};
        p.not_yet_valid = issue(future);
        p.wrong_host = issue({.common_name = "other.example", .dns_names = {"other.example"}, .issuer = &p.root});
        p.self_signed = issue({.dns_names = {"echo.example"}});
        p.by_intermediate = issue(leaf(p.intermediate));
        p.orphan = p.by_intermediate;
        p.by_intermediate.issuers = with_issuers(p.intermediate);
        p.by_stranger = issue(leaf(p.stranger));
        p.by_stranger.issuers = p.stranger.certificate;
        IssueOptions broken = leaf(p.root);
        broken.break_signature = true;
        p.forged = issue(broken);
        p.common_name_only = issue({.issuer = &p.root});
        p.client = issue({.common_name = "modem", .issuer = &p.root});
        p.ec_client = issue({.common_name = "modem", .key = KeyKind::p256, .issuer = &p.ec_root});
        return p;
    }();
    return pki;
}

}  // namespace atls::test
