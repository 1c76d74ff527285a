// The octets of SMTP (RFC 5321): replies, the mail's data, the answers of AUTH (RFC 4616, RFC 4954).
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace atls::codec {

struct SmtpReply {
    int code = 0;
    std::vector<std::string> lines;  ///< without code and separator
};

/// Puts replies together from what arrives, in pieces of any length.
class SmtpReplies {
public:
    void add(BytesView octets) { arrived_.append(octets); }
    /// The next complete reply. nullopt: more must arrive, or malformed().
    std::optional<SmtpReply> next();
    /// No reply is like this: no code, two codes in one reply, a line or a reply without end. It stays so.
    [[nodiscard]] bool malformed() const { return malformed_; }
    /// Octets after the last complete reply. After the reply to STARTTLS there must be none: they came in the clear,
    /// and read after the upgrade they would pass for the server's.
    [[nodiscard]] bool surplus() const { return !arrived_.empty() || !lines_.empty(); }

private:
    ByteQueue arrived_;
    std::vector<std::string> lines_;
    int code_ = 0;
    bool malformed_ = false;
};

/// Whether the reply to EHLO names `keyword`, and with it `word` where that is not empty ("AUTH", "LOGIN").
bool offers(const SmtpReply& ehlo, std::string_view keyword, std::string_view word = {});

/// Data between DATA's 354 and the final dot: line ends become CRLF, a dot that begins a line is doubled.
class SmtpData {
public:
    std::string add(BytesView octets);
    /// Ends the last line if it has no end, then the final dot.
    std::string finish();

private:
    bool line_begins_ = true;
    bool after_cr_ = false;
};

/// The initial response of AUTH PLAIN.
std::string auth_plain(std::string_view user, std::string_view password);

}  // namespace atls::codec
