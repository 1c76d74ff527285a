// The parts of a mail around the octets that are streamed (RFC 5322, RFC 2045 to 2047, RFC 2183).
#pragma once

#include <vector>

#include "base/bytes.hpp"

namespace atls::codec {

struct MailAddress {
    std::string name;  ///< may be empty
    std::string address;
};

struct MailHead {
    MailAddress from;
    std::vector<std::string> to;
    std::vector<std::string> cc;  ///< blind copies have no place in a head
    std::string subject;          ///< in `charset`
    std::string charset = "US-ASCII";
    std::string date;        ///< as RFC 5322 writes it
    std::string message_id;  ///< without angle brackets
    std::string boundary;    ///< empty: text alone, no attachments
};

/// Up to where the text's base64 lines begin.
std::string mail_head(const MailHead& head);
/// Between one part's lines and the attachment's.
std::string attachment_head(const std::string& boundary, std::string_view file_name);
/// After the last part's lines; nothing for text alone.
std::string mail_end(const std::string& boundary);

/// A header's value: as it is if that is printable ASCII, else encoded words. A line end in it begins no header.
std::string header_text(std::string_view text, std::string_view charset);

}  // namespace atls::codec
