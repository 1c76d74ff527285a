// What a module demands of the server's certificate, and the one function that judges it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "tls/cause.hpp"

namespace atls::tls {

struct Policy {
    bool authenticate = false;         ///< the chain must end at a trusted certificate (seclevel 1, 2)
    bool check_validity = false;       ///< notBefore and notAfter against the module's clock (ignorelocaltime 0)
    std::string expected_host{};       ///< DNS name or IP literal that must match; empty: not checked
    bool common_name_only = false;     ///< match the CN even when a subjectAltName is present
    bool nearest_issuer_only = false;  ///< nothing above the leaf's issuer is checked (ignoremulticertchainverify)
    bool ignore_signature = false;     ///< neither signature nor trust is checked (ignoreinvalidcertsign)
};

/// One certificate of the chain as the judge sees it, leaf first.
struct CertificateFacts {
    std::string subject{};  ///< "CN=echo.example, O=…"
    std::string issuer{};
    std::string common_name{};
    std::vector<std::string> dns_names{};  ///< subjectAltName
    std::vector<Bytes> ip_addresses{};     ///< subjectAltName, 4 or 16 octets
    WallTime not_before{};
    WallTime not_after{};
    bool self_issued = false;     ///< issuer equals subject
    bool trusted = false;         ///< found among the trusted certificates
    bool signature_good = true;   ///< by its issuer, where the issuer is known
    bool issuer_known = false;    ///< its issuer is in the chain or trusted
    bool issuer_trusted = false;  ///< its issuer is among the trusted certificates
    std::string other_fault{};    ///< weak key, wrong usage …; empty: none
};

/// The verdict over the whole chain: Cause::none, or the first fault in the order trust, validity, host.
Failure judge(std::span<const CertificateFacts> chain, const Policy& policy, WallTime module_clock);

/// RFC 6125 matching: whole-label wildcard in the left-most label, case-insensitive, IP literals against IP entries
/// only.
bool host_matches(const CertificateFacts& leaf, const std::string& host, bool common_name_only);

}  // namespace atls::tls
