// A certificate authority for tests, made at run time: nothing is read from disk and nothing expires.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace atls::test {

enum class KeyKind { rsa, p256, p384 };

/// A certificate and its key, in every form a module's file may have.
struct Pair {
    std::string certificate;  ///< PEM
    Bytes certificate_der;
    std::string key;              ///< PEM, PKCS#8
    std::string key_traditional;  ///< PEM, PKCS#1 (RSA) or SEC1 (EC)
    Bytes key_der;                ///< PKCS#1 or SEC1
    Bytes key_pkcs8_der;
    std::string issuers;  ///< PEM, what a server sends after its certificate; empty for a direct child of a root

    [[nodiscard]] std::string chain() const { return certificate + issuers; }
};

struct IssueOptions {
    std::string common_name = "echo.example";
    std::vector<std::string> dns_names{};  ///< subjectAltName
    std::vector<std::string> addresses{};  ///< subjectAltName, IP literals
    KeyKind key = KeyKind::rsa;
    const Pair* issuer = nullptr;  ///< null: self-signed
    bool ca = false;
    WallTime not_before = WallTime{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
    WallTime not_after = WallTime{std::chrono::sys_days{std::chrono::year{2045} / 1 / 1}};
    const char* digest = "SHA256";
    std::string key_usage{};       ///< as in openssl.cnf: "digitalSignature"; empty: none for a leaf
    bool break_signature = false;  ///< flips a bit of it
};

Pair issue(const IssueOptions& options);

/// The one that tests share, made on first use. All names are echo.example unless the member says otherwise.
struct Pki {
    static const Pki& get();

    Pair root;          ///< RSA, "CN=Test Root"
    Pair ec_root;       ///< P-256, "CN=Test EC Root"
    Pair intermediate;  ///< RSA, below root
    Pair stranger;      ///< a root that nobody trusts

    Pair server;           ///< RSA, DNS:echo.example, IP:192.0.2.7, below root
    Pair ec_server;        ///< P-256, below ec_root: ECDHE_ECDSA, ECDH_ECDSA
    Pair ecdh_rsa_server;  ///< P-256, below root: ECDH_RSA
    Pair expired;          ///< notAfter 2024-01-02 00:00:00
    Pair not_yet_valid;    ///< notBefore 2040-01-01 00:00:00
    Pair wrong_host;       ///< other.example
    Pair self_signed;
    Pair by_intermediate;   ///< its issuers hold the intermediate
    Pair orphan;            ///< by the intermediate, which is not sent
    Pair by_stranger;       ///< chain() ends at stranger's certificate
    Pair forged;            ///< below root, signature broken
    Pair common_name_only;  ///< no subjectAltName

    Pair client;     ///< RSA, "CN=modem", below root
    Pair ec_client;  ///< P-256, below ec_root

    /// Both roots, PEM.
    [[nodiscard]] std::string roots() const { return root.certificate + ec_root.certificate; }
};

}  // namespace atls::test
