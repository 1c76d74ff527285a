// What the mail commands of all families share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "modem/events.hpp"

namespace atls::dialects::quectel {

/// What +QSMTPPUT tells: the vendor's numbers 651 to 664.
int number_of(modem::MailFault fault);
/// 0 to 3, as AT+QSMTPSUB numbers them.
std::string_view charset_name(std::int64_t number);
/// An address goes on a line of its own between < and >: what would end either is none.
bool is_mail_address(const std::string& text);

}  // namespace atls::dialects::quectel
