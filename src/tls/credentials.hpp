// Parsed certificates and keys, shared between the connections of one SSL context.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tls/cause.hpp"

namespace atls::tls {

/// What the module's files hold, PEM or DER, several PEM certificates in one file allowed. Empty: not set.
struct CredentialFiles {
    Bytes trusted{};       ///< CA certificates
    Bytes more_trusted{};  ///< CA certificates of another file, as good as the first
    Bytes own_certificate{};
    Bytes own_key{};  ///< RSA or EC; PKCS#1, SEC1 or PKCS#8
    std::string own_key_password{};
};

class Credentials;  ///< immutable, reference counted

/// Parses; a file that is not what it should be is a Failure naming the file's role and the fault.
Result<std::shared_ptr<const Credentials>, Failure> load_credentials(const CredentialFiles& files);

}  // namespace atls::tls
