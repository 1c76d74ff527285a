#include "dialects/quectel/mail.hpp"

#include <algorithm>

namespace atls::dialects::quectel {

using modem::MailFault;

int number_of(MailFault fault) {
    switch (fault) {
        case MailFault::none:
            return 0;
        case MailFault::incomplete:
            return 659;
        case MailFault::context_inactive:
        case MailFault::context_lost:
            return 657;
        case MailFault::name_not_resolved:
            return 653;
        case MailFault::connect_failed:
        case MailFault::bad_answer:
        case MailFault::no_starttls:
            return 654;
        case MailFault::timed_out:
            return 658;
        case MailFault::closed:
        case MailFault::refused_greeting:
            return 656;
        case MailFault::refused_login:
            return 655;
        case MailFault::refused_sender:
        case MailFault::refused_recipient:
        case MailFault::refused_mail:
            return 660;
        case MailFault::file_failed:
            return 661;
    }
    return 651;
}

std::string_view charset_name(std::int64_t number) {
    static constexpr std::string_view names[] = {"US-ASCII", "UTF-8", "GB2312", "BIG5"};
    return names[number];
}

bool is_mail_address(const std::string& text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>'; });
}

}  // namespace atls::dialects::quectel
