// SNTP (RFC 4330): one request, one answer, as octets.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace atls::modem {

/// `nonce` stands where the client's time would: the server returns it, so an answer proves that it saw the request.
Bytes sntp_request(std::uint64_t nonce);

/// The server's time, rounded to the second; or, in words, why the packet is no answer to trust.
Result<WallTime, std::string> sntp_answer(BytesView packet, std::uint64_t nonce);

}  // namespace atls::modem
