#include "tls/suites.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"

namespace atls::tls {

namespace {

using enum KeyExchange;
using enum Cipher;
using enum Mac;

// Grouped by key exchange, numbers ascending. The IANA registry's names.
constexpr std::array<Suite, 41> table{{
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5", rsa, rc4_128, md5},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA", rsa, rc4_128, sha1},
    {0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", rsa, des3_cbc, sha1},
    {0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", rsa, aes128_cbc, sha1},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", rsa, aes256_cbc, sha1},
    {0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", rsa, aes128_cbc, sha256},
    {0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", rsa, aes256_cbc, sha256},
    {0xC011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", ecdhe_rsa, rc4_128, sha1},
    {0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", ecdhe_rsa, des3_cbc, sha1},
    {0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", ecdhe_rsa, aes128_cbc, sha1},
    {0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", ecdhe_rsa, aes256_cbc, sha1},
    {0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", ecdhe_rsa, aes128_cbc, sha256},
    {0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", ecdhe_rsa, aes256_cbc, sha384},
    {0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ecdhe_rsa, aes128_gcm, sha256},
    {0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", ecdhe_rsa, aes256_gcm, sha384},
    {0xC002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA", ecdh_ecdsa, rc4_128, sha1},
    {0xC003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA", ecdh_ecdsa, des3_cbc, sha1},
    {0xC004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", ecdh_ecdsa, aes128_cbc, sha1},
    {0xC005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA", ecdh_ecdsa, aes256_cbc, sha1},
    {0xC025, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256", ecdh_ecdsa, aes128_cbc, sha256},
    {0xC026, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384", ecdh_ecdsa, aes256_cbc, sha384},
    {0xC007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", ecdhe_ecdsa, rc4_128, sha1},
    {0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", ecdhe_ecdsa, des3_cbc, sha1},
    {0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", ecdhe_ecdsa, aes128_cbc, sha1},
    {0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", ecdhe_ecdsa, aes256_cbc, sha1},
    {0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", ecdhe_ecdsa, aes128_cbc, sha256},
    {0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", ecdhe_ecdsa, aes256_cbc, sha384},
    {0xC00C, "TLS_ECDH_RSA_WITH_RC4_128_SHA", ecdh_rsa, rc4_128, sha1},
    {0xC00D, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA", ecdh_rsa, des3_cbc, sha1},
    {0xC00E, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", ecdh_rsa, aes128_cbc, sha1},
    {0xC00F, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA", ecdh_rsa, aes256_cbc, sha1},
    {0xC029, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256", ecdh_rsa, aes128_cbc, sha256},
    {0xC02A, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384", ecdh_rsa, aes256_cbc, sha384},
    {0x008B, "TLS_PSK_WITH_3DES_EDE_CBC_SHA", psk, des3_cbc, sha1},
    {0x008C, "TLS_PSK_WITH_AES_128_CBC_SHA", psk, aes128_cbc, sha1},
    {0x008D, "TLS_PSK_WITH_AES_256_CBC_SHA", psk, aes256_cbc, sha1},
    {0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", psk, aes128_gcm, sha256},
    {0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384", psk, aes256_gcm, sha384},
    {0x00AE, "TLS_PSK_WITH_AES_128_CBC_SHA256", psk, aes128_cbc, sha256},
    {0x00AF, "TLS_PSK_WITH_AES_256_CBC_SHA384", psk, aes256_cbc, sha384},
    {0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", psk, aes128_ccm_8, sha256},
}};

bool elliptic(KeyExchange exchange) { return exchange != rsa && exchange != psk; }

// SHA-2 suites need TLS 1.2's PRF, except those of RFC 5487, which use it for the record's MAC only.
bool needs_tls1_2(const Suite& suite) {
    if (suite.cipher == aes128_gcm || suite.cipher == aes256_gcm || suite.cipher == aes128_ccm_8) return true;
    return (suite.mac == sha256 || suite.mac == sha384) && suite.key_exchange != psk;
}

}  // namespace

std::string_view name_of(Version version) {
    switch (version) {
        case Version::ssl3:
            return "SSL 3.0";
        case Version::tls1_0:
            return "TLS 1.0";
        case Version::tls1_1:
            return "TLS 1.1";
        case Version::tls1_2:
            return "TLS 1.2";
        case Version::dtls1_0:
            return "DTLS 1.0";
        case Version::dtls1_2:
            return "DTLS 1.2";
    }
    ensure(false, "a Version outside its enum");
    return {};
}

bool Suite::defined_for(Version version) const {
    const bool datagram = version == Version::dtls1_0 || version == Version::dtls1_2;
    if (datagram && cipher == rc4_128) return false;  // a stream cipher cannot lose a datagram
    if (needs_tls1_2(*this)) return version == Version::tls1_2 || version == Version::dtls1_2;
    if (version == Version::ssl3) return !elliptic(key_exchange) && mac != sha256 && mac != sha384;
    return true;
}

std::span<const Suite> all_suites() { return table; }

const Suite* find_suite(std::uint16_t number) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Suite& s) { return s.number == number; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace atls::tls
