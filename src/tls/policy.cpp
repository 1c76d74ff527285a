#include "tls/policy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "tls/text.hpp"

namespace atls::tls {

namespace {

std::string named(const CertificateFacts& certificate) {
    if (!certificate.common_name.empty()) return "CN=" + certificate.common_name;
    return certificate.subject.empty() ? "a certificate without a subject" : certificate.subject;
}

Failure fault(Cause cause, std::string text) { return {.cause = cause, .text = std::move(text)}; }

Failure judge_trust(std::span<const CertificateFacts> chain, const Policy& policy) {
    const CertificateFacts& leaf = chain.front();
    if (leaf.trusted) return {};
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const CertificateFacts& certificate = chain[i];
        if (i > 0 && certificate.trusted) return {};
        if (!certificate.issuer_known) {
            if (certificate.self_issued && i == 0) {
                return fault(Cause::self_signed,
                             "certificate is self-signed and not among the trusted ones (" + named(certificate) + ")");
            }
            if (certificate.self_issued) {
                return fault(Cause::untrusted,
                             "the chain ends at a root that is not trusted (" + named(certificate) + ")");
            }
            return fault(Cause::issuer_missing, "the issuer of certificate (" + named(certificate) +
                                                    ") was neither sent nor is it trusted: " + certificate.issuer);
        }
        if (!certificate.signature_good) {
            return fault(Cause::bad_signature, "the signature of certificate (" + named(certificate) +
                                                   ") does not verify with its issuer's key: " + certificate.issuer);
        }
        if (!certificate.other_fault.empty()) {
            return fault(Cause::unacceptable, "certificate (" + named(certificate) + "): " + certificate.other_fault);
        }
        if (certificate.issuer_trusted) return {};
        // ignoremulticertchainverify: the next certificate sent vouches for the leaf, nobody needs to vouch for it.
        if (policy.nearest_issuer_only) return {};
        if (certificate.self_issued) {
            return i == 0 ? fault(Cause::self_signed, "certificate is self-signed and not among the trusted ones (" +
                                                          named(certificate) + ")")
                          : fault(Cause::untrusted,
                                  "the chain ends at a root that is not trusted (" + named(certificate) + ")");
        }
    }
    const CertificateFacts& top = chain.back();
    return fault(Cause::untrusted,
                 "the chain does not end at a trusted certificate (" + named(top) + ", issued by " + top.issuer + ")");
}

/// What nobody vouches for is not looked at above the leaf.
std::size_t certificates_that_count(std::span<const CertificateFacts> chain, const Policy& policy) {
    if (!policy.authenticate || policy.ignore_signature) return 1;
    return policy.nearest_issuer_only ? std::min<std::size_t>(chain.size(), 2) : chain.size();
}

Failure judge_validity(std::span<const CertificateFacts> chain, const Policy& policy, WallTime module_clock) {
    const auto checked = [module_clock](const CertificateFacts& certificate) {
        return " (" + named(certificate) + "), checked against the module clock " + date_text(module_clock);
    };
    for (const CertificateFacts& certificate : chain.first(certificates_that_count(chain, policy))) {
        if (module_clock < certificate.not_before) {
            return fault(Cause::not_yet_valid,
                         "certificate not valid before " + date_text(certificate.not_before) + checked(certificate));
        }
        if (module_clock > certificate.not_after) {
            return fault(Cause::expired,
                         "certificate expired " + date_text(certificate.not_after) + checked(certificate));
        }
    }
    return {};
}

Failure judge_host(const CertificateFacts& leaf, const Policy& policy) {
    if (policy.expected_host.empty() || host_matches(leaf, policy.expected_host, policy.common_name_only)) return {};
    std::string names;
    const auto add = [&](const std::string& name) { names += (names.empty() ? "" : ", ") + name; };
    if (!policy.common_name_only) {
        for (const std::string& name : leaf.dns_names) add("DNS:" + name);
        for (const Bytes& address : leaf.ip_addresses) add("IP:" + address_text(address));
    }
    if (names.empty() || policy.common_name_only) add(named(leaf));
    return fault(Cause::host_mismatch,
                 "certificate is for another host: wanted " + policy.expected_host + ", it names " + names);
}

/// 4 or 16 octets; empty: not an address.
Bytes address_octets(const std::string& text) {
    std::array<char, 16> octets{};
    if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return Bytes(octets.data(), 4);
    if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return Bytes(octets.data(), 16);
    return {};
}

std::string_view without_root_dot(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

bool name_matches(std::string_view pattern, std::string_view host) {
    pattern = without_root_dot(pattern);
    host = without_root_dot(host);
    if (pattern.empty() || pattern.find('\0') != std::string_view::npos) return false;
    if (equal_ignoring_case(pattern, host)) return true;
    if (!pattern.starts_with("*.")) return false;
    // RFC 6125 6.4.3: the wildcard is a whole left-most label and stands for one label; never directly below a top
    // level.
    const std::string_view rest = pattern.substr(1);
    if (rest.find('.', 1) == std::string_view::npos) return false;
    const std::size_t dot = host.find('.');
    return dot != std::string_view::npos && dot > 0 && equal_ignoring_case(rest, host.substr(dot));
}

}  // namespace

bool host_matches(const CertificateFacts& leaf, const std::string& host, bool common_name_only) {
    const bool has_names = !leaf.dns_names.empty() || !leaf.ip_addresses.empty();
    const Bytes address = address_octets(host);
    if (has_names && !common_name_only) {
        if (!address.empty()) {
            return std::find(leaf.ip_addresses.begin(), leaf.ip_addresses.end(), address) != leaf.ip_addresses.end();
        }
        return std::any_of(leaf.dns_names.begin(), leaf.dns_names.end(),
                           [&](const std::string& name) { return name_matches(name, host); });
    }
    // An address in the CN: what old private certificates do. Never by wildcard.
    if (!address.empty()) return address_octets(leaf.common_name) == address;
    return name_matches(leaf.common_name, host);
}

Failure judge(std::span<const CertificateFacts> chain, const Policy& policy, WallTime module_clock) {
    const bool certificate_matters = policy.authenticate || policy.check_validity || !policy.expected_host.empty();
    if (!certificate_matters) return {};
    if (chain.empty()) return fault(Cause::unacceptable, "the server sent no certificate");
    if (policy.authenticate && !policy.ignore_signature) {
        if (Failure found = judge_trust(chain, policy); found.cause != Cause::none) return found;
    }
    if (policy.check_validity) {
        if (Failure found = judge_validity(chain, policy, module_clock); found.cause != Cause::none) return found;
    }
    return judge_host(chain.front(), policy);
}

}  // namespace atls::tls
