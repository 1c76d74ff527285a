#include "tls/credentials.hpp"

// The low-level digest: no fetch, no allocation that could fail.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/error.h>
#include <mbedtls/pem.h>
#include <openssl/sha.h>

#include <array>
#include <map>

#include "tls/credentials_data.hpp"

namespace atls::tls {

namespace {

using Chain = std::unique_ptr<mbedtls_x509_crt, FreeChain>;
using Key = std::unique_ptr<mbedtls_pk_context, FreeKey>;

Failure unreadable(Cause cause, const std::string& role, int error) {
    std::array<char, 160> reason{};
    mbedtls_strerror(error, reason.data(), reason.size());
    return {.cause = cause, .text = role + " is neither PEM nor DER that can be read: " + reason.data()};
}

bool is_pem(const Bytes& file) { return file.find("-----BEGIN") != Bytes::npos; }

const unsigned char* octets(const Bytes& file) { return reinterpret_cast<const unsigned char*>(file.data()); }

// mbed TLS tells PEM from DER by the NUL that ends a string, which it wants counted.
std::size_t counted(const Bytes& file) { return is_pem(file) ? file.size() + 1 : file.size(); }

Chain new_chain() {
    Chain chain(new mbedtls_x509_crt);
    mbedtls_x509_crt_init(chain.get());
    return chain;
}

/// mbed TLS's code: 0, an error, or how many of the certificates of a PEM file were skipped.
int append(Chain& chain, const Bytes& file) { return mbedtls_x509_crt_parse(chain.get(), octets(file), counted(file)); }

Outcome<Failure> load_trusted(Credentials& into, const Bytes& file, const std::string& role) {
    if (file.empty()) return {};
    Chain chain = into.trusted ? std::move(into.trusted) : new_chain();
    // A bundle may hold certificates of kinds that mbed TLS does not know; those it knows still count.
    if (const int error = append(chain, file); error < 0) return unreadable(Cause::trusted_unreadable, role, error);
    into.trusted = std::move(chain);
    return {};
}

Outcome<Failure> load_own(Credentials& into, const CredentialFiles& files) {
    if (files.own_certificate.empty() && files.own_key.empty()) return {};
    if (files.own_certificate.empty()) {
        return Failure{.cause = Cause::own_certificate_unreadable,
                       .text = "a client key is set, but no client certificate"};
    }
    if (files.own_key.empty()) {
        return Failure{.cause = Cause::own_key_unreadable, .text = "a client certificate is set, but no client key"};
    }
    Chain chain = new_chain();
    if (const int error = append(chain, files.own_certificate); error != 0) {
        return unreadable(Cause::own_certificate_unreadable, "the client certificate", error < 0 ? error : 0);
    }
    Key key(new mbedtls_pk_context);
    mbedtls_pk_init(key.get());
    const std::string& password = files.own_key_password;
    const int error = mbedtls_pk_parse_key(key.get(), octets(files.own_key), counted(files.own_key),
                                           password.empty() ? nullptr : octets(password), password.size());
    if (error != 0) return unreadable(Cause::own_key_unreadable, "the client key", error);
    if (mbedtls_pk_check_pair(&chain->pk, key.get()) != 0) {
        return Failure{.cause = Cause::own_key_mismatch,
                       .text = "the client key does not belong to the client certificate"};
    }
    into.own = std::move(chain);
    into.own_key = std::move(key);
    return {};
}

// Contexts, and modems in one process, mostly name the same few files. Keyed by content: a changed file is a new
// entry.
using Loaded = std::map<std::string, std::weak_ptr<const Credentials>>;

std::string digest_of(const CredentialFiles& files) {
    SHA256_CTX state;
    SHA256_Init(&state);
    for (const BytesView part :
         {BytesView(files.trusted), BytesView(files.more_trusted), BytesView(files.own_certificate),
          BytesView(files.own_key), BytesView(files.own_key_password)}) {
        const std::uint64_t size = part.size();
        SHA256_Update(&state, &size, sizeof size);
        SHA256_Update(&state, part.data(), part.size());
    }
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state);
    return digest;
}

}  // namespace

Result<std::shared_ptr<const Credentials>, Failure> load_credentials(const CredentialFiles& files) {
    static thread_local Loaded known;
    const std::string digest = digest_of(files);
    if (auto found = known[digest].lock()) return found;
    std::erase_if(known, [](const auto& entry) { return entry.second.expired(); });

    auto loaded = std::make_shared<Credentials>();
    if (auto done = load_trusted(*loaded, files.trusted, "the CA certificate file"); !done) return done.error();
    if (auto done = load_trusted(*loaded, files.more_trusted, "the second CA certificate file"); !done)
        return done.error();
    if (auto done = load_own(*loaded, files); !done) return done.error();
    std::shared_ptr<const Credentials> shared = std::move(loaded);
    known[digest] = shared;
    return shared;
}

}  // namespace atls::tls
