// All cipher suites and versions that any supported module's application note lists, as one table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace atls::tls {

enum class Version : std::uint8_t { ssl3, tls1_0, tls1_1, tls1_2, dtls1_0, dtls1_2 };
std::string_view name_of(Version version);  ///< "SSL 3.0", "TLS 1.2", "DTLS 1.0"

enum class KeyExchange : std::uint8_t { rsa, ecdhe_rsa, ecdhe_ecdsa, ecdh_rsa, ecdh_ecdsa, psk };
enum class Cipher : std::uint8_t { rc4_128, des3_cbc, aes128_cbc, aes256_cbc, aes128_gcm, aes256_gcm, aes128_ccm_8 };
enum class Mac : std::uint8_t { md5, sha1, sha256, sha384 };

struct Suite {
    std::uint16_t number;   ///< IANA
    std::string_view name;  ///< IANA, "TLS_RSA_WITH_AES_256_CBC_SHA"
    KeyExchange key_exchange;
    Cipher cipher;
    Mac mac;  ///< for GCM and CCM: the PRF's hash
    [[nodiscard]] bool defined_for(Version version) const;
};

std::span<const Suite>
all_suites();  ///< the notes' 38, and the PSK suites 00A8, 00A9, C0A8 that BG96 offers with a key
const Suite* find_suite(std::uint16_t number);  ///< null if not in the table

}  // namespace atls::tls
