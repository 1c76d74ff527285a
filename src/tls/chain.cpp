#include "tls/chain.hpp"

#include <mbedtls/md.h>
#include <mbedtls/oid.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace atls::tls {

namespace {

// Longer paths are not built by anybody, but could be sent to keep the modem busy.
constexpr std::size_t longest_path = 10;
constexpr std::size_t longest_name = 512;  // it ends in a log

Bytes octets(const mbedtls_x509_buf& buffer) { return Bytes(reinterpret_cast<const char*>(buffer.p), buffer.len); }

bool same(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b) {
    return a.len == b.len && std::equal(a.p, a.p + a.len, b.p);
}

/// As mbedtls_x509_dn_gets() writes it, whose printf takes longer than all else that is done to a chain but arithmetic.
std::string name_text(const mbedtls_x509_name& name) {
    std::string text;
    bool joined = false;
    for (const mbedtls_x509_name* part = &name; part != nullptr; part = part->next) {
        if (part->oid.p == nullptr) continue;
        if (!text.empty()) text += joined ? " + " : ", ";
        const char* attribute = nullptr;
        text += mbedtls_oid_get_attr_short_name(&part->oid, &attribute) == 0 ? attribute : "??";
        text += '=';
        for (const char c : octets(part->val)) {
            if (BytesView(",=+<>#;\"\\").find(c) != BytesView::npos) text += '\\';
            text += c >= ' ' && c <= '~' ? c : '?';
        }
        if (text.size() > longest_name) return text.substr(0, longest_name) + "…";
        joined = part->next_merged != 0;
    }
    return text;
}

std::string common_name(const mbedtls_x509_name& subject) {
    for (const mbedtls_x509_name* part = &subject; part != nullptr; part = part->next) {
        if (part->oid.p != nullptr && MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) == 0) return octets(part->val);
    }
    return {};
}

WallTime wall(const mbedtls_x509_time& time) {
    using namespace std::chrono;
    const sys_days day{year{time.year} / time.mon / time.day};
    return day + hours{time.hour} + minutes{time.min} + seconds{time.sec};
}

bool valid_at(const mbedtls_x509_crt& certificate, WallTime clock) {
    return wall(certificate.valid_from) <= clock && clock <= wall(certificate.valid_to);
}

CertificateFacts describe(const mbedtls_x509_crt& certificate) {
    CertificateFacts facts;
    facts.subject = name_text(certificate.subject);
    facts.issuer = name_text(certificate.issuer);
    facts.common_name = common_name(certificate.subject);
    facts.not_before = wall(certificate.valid_from);
    facts.not_after = wall(certificate.valid_to);
    facts.self_issued = same(certificate.subject_raw, certificate.issuer_raw);
    if ((certificate.ext_types & MBEDTLS_X509_EXT_SUBJECT_ALT_NAME) == 0) return facts;
    constexpr int kind_bits = 0x1F;  // of the context-specific tag: RFC 5280 4.2.1.6
    for (const auto* entry = &certificate.subject_alt_names; entry != nullptr; entry = entry->next) {
        const int kind = entry->buf.tag & kind_bits;
        if (kind == MBEDTLS_X509_SAN_DNS_NAME) facts.dns_names.push_back(octets(entry->buf));
        if (kind == MBEDTLS_X509_SAN_IP_ADDRESS) facts.ip_addresses.push_back(octets(entry->buf));
    }
    return facts;
}

bool signed_by(const mbedtls_x509_crt& child, const mbedtls_x509_crt& issuer) {
    const mbedtls_md_info_t* kind = mbedtls_md_info_from_type(child.sig_md);
    std::array<unsigned char, MBEDTLS_MD_MAX_SIZE> hash{};
    if (kind == nullptr || mbedtls_md(kind, child.tbs.p, child.tbs.len, hash.data()) != 0) return false;
    // Verifying changes no key: our modexp and ECDSA hooks keep no cache in it.
    auto* key = const_cast<mbedtls_pk_context*>(&issuer.pk);
    if (mbedtls_pk_can_do(key, child.sig_pk) != 1) return false;
    return mbedtls_pk_verify_ext(child.sig_pk, child.sig_opts, key, child.sig_md, hash.data(),
                                 mbedtls_md_get_size(kind), child.sig.p, child.sig.len) == 0;
}

struct Issuer {
    const mbedtls_x509_crt* certificate = nullptr;
    bool trusted = false;
    bool signature_good = false;
};

bool better(const Issuer& a, const Issuer& b, WallTime clock) {
    if (b.certificate == nullptr) return true;
    if (a.signature_good != b.signature_good) return a.signature_good;
    if (a.trusted != b.trusted) return a.trusted;
    return valid_at(*a.certificate, clock) && !valid_at(*b.certificate, clock);
}

Issuer issuer_of(const mbedtls_x509_crt& child, const mbedtls_x509_crt& sent, const mbedtls_x509_crt* trusted,
                 WallTime clock) {
    Issuer best;
    const auto consider = [&](const mbedtls_x509_crt& candidate, bool is_trusted) {
        if (!same(candidate.subject_raw, child.issuer_raw) || same(candidate.raw, child.raw)) return;
        const Issuer found{&candidate, is_trusted, signed_by(child, candidate)};
        if (better(found, best, clock)) best = found;
    };
    for (const auto* ca = trusted; ca != nullptr; ca = ca->next) {
        if (ca->raw.p != nullptr) consider(*ca, true);
    }
    // A signature that a trusted certificate explains needs no look at what the server sent.
    if (best.signature_good) return best;
    for (const auto* other = &sent; other != nullptr; other = other->next) consider(*other, false);
    return best;
}

bool among(const mbedtls_x509_crt& certificate, const mbedtls_x509_crt* trusted) {
    for (const auto* ca = trusted; ca != nullptr; ca = ca->next) {
        if (ca->raw.p != nullptr && same(ca->raw, certificate.raw)) return true;
    }
    return false;
}

/// Why `issuer` may not sign certificates; `below` counts the intermediates under it.
std::string fault_as_issuer(const Issuer& issuer, int below) {
    const mbedtls_x509_crt& ca = *issuer.certificate;
    const std::string name = name_text(ca.subject);
    // Version 1 roots have no extensions; they are good if the user says so.
    if (ca.version < 3 && issuer.trusted) return {};
    if (ca.ca_istrue == 0) return "its issuer is not a CA (" + name + ")";
    if ((ca.ext_types & MBEDTLS_X509_EXT_KEY_USAGE) != 0 &&
        mbedtls_x509_crt_check_key_usage(&ca, MBEDTLS_X509_KU_KEY_CERT_SIGN) != 0) {
        return "its issuer's key usage does not allow signing certificates (" + name + ")";
    }
    // mbed TLS keeps the path length plus one, 0 for none.
    if (ca.max_pathlen > 0 && ca.max_pathlen - 1 < below)
        return "the path is longer than its issuer allows (" + name + ")";
    return {};
}

}  // namespace

std::vector<CertificateFacts> examine(const mbedtls_x509_crt& sent, const mbedtls_x509_crt* trusted, WallTime clock) {
    std::vector<CertificateFacts> path;
    const mbedtls_x509_crt* current = &sent;
    int below = 0;
    while (current != nullptr && path.size() < longest_path) {
        CertificateFacts facts = describe(*current);
        facts.trusted = among(*current, trusted);
        if (facts.trusted) {
            path.push_back(std::move(facts));
            return path;
        }
        const Issuer issuer = issuer_of(*current, sent, trusted, clock);
        facts.issuer_known = issuer.certificate != nullptr;
        facts.issuer_trusted = issuer.trusted;
        facts.signature_good = issuer.certificate == nullptr || issuer.signature_good;
        if (issuer.certificate != nullptr) facts.other_fault = fault_as_issuer(issuer, below);
        // A self-issued certificate in the middle of the path does not count towards its length.
        if (!path.empty() && !facts.self_issued) ++below;
        const bool goes_on = facts.issuer_known && facts.signature_good;
        path.push_back(std::move(facts));
        current = goes_on ? issuer.certificate : nullptr;
    }
    return path;
}

}  // namespace atls::tls
