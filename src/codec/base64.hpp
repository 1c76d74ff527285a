// Base64 (RFC 4648): of a value at once, and of a stream in lines for MIME (RFC 2045, 6.8).
#pragma once

#include "base/bytes.hpp"

namespace atls::codec {

/// With padding, on one line.
std::string to_base64(BytesView octets);

/// Takes the data in pieces of any length and gives lines of 76 characters, each with CRLF.
class Base64Lines {
public:
    /// The lines that `octets` completes.
    std::string add(BytesView octets);
    /// What is left, as a last line; nothing where nothing is left.
    std::string finish();

private:
    Bytes rest_;  // less than a line's worth
};

}  // namespace atls::codec
