// AT+QSSLCFG of the EC200x and EC800x: the settings of an SSL context, one row a key, in the note's order.
#include "dialects/lte/ssl_config.hpp"

#include <array>

#include "at/unit.hpp"
#include "dialects/ec200/ec200.hpp"

namespace atls::dialects {

using namespace at;
using namespace lte::ssl_config;
using modem::SslContext;

namespace {

constexpr std::array<std::int64_t, 33> suite_values{
    0x0035, 0x002F, 0x0005, 0x0004, 0x000A, 0x003D, 0xC002, 0xC003, 0xC004, 0xC005, 0xC007,
    0xC008, 0xC009, 0xC00A, 0xC011, 0xC012, 0xC013, 0xC014, 0xC00C, 0xC00D, 0xC00E, 0xC00F,
    0xC023, 0xC024, 0xC025, 0xC026, 0xC027, 0xC028, 0xC029, 0xC02A, 0xC02F, 0xC030, 0xFFFF};
constexpr Hex suite = opt(Hex{"cipher_suites", suite_values, true});
// "cacertex" alone asks for all contexts.
constexpr Int any_context = opt(Int{"SSL_ctxID", 0, 5}, Brackets::no);
constexpr Flag close_mode = opt(Flag{"close_time_mode"});
constexpr Flag ignore_chain = opt(Flag{"ignore_multicertchain_verify"});
constexpr Flag ignore_signature = opt(Flag{"ignore_invalid_certsign"});
constexpr Flag cache = opt(Flag{"session_cache_enable"});

Reply query_second_trusted(Call& c) {
    const auto shown_of = [&c](int number) {
        return answer_line(c, number, quoted(current(c, number).more_trusted_file));
    };
    if (c.has(any_context)) return info(shown_of(c.number(any_context)));
    std::vector<std::string> lines;
    lines.reserve(static_cast<std::size_t>(c.modem().profile.ssl_contexts));
    for (int number = 0; number < c.modem().profile.ssl_contexts; ++number) lines.push_back(shown_of(number));
    return info(std::move(lines));
}

Reply set_second_trusted(Call& c) {
    if (!c.has(any_context)) return fault(modem::Fault::bad_parameter);
    c.modem().ssl_contexts[c.number(any_context)].more_trusted_file = c[trusted];
    return ok();
}

constexpr Key keys[] = {
    value_key<&SslContext::version, version>("sslversion"),
    suite_key<suite>(),
    value_key<&SslContext::trusted_file, trusted>("cacert"),
    {.name = "cacertex",
     .params = {&any_context, &trusted},
     .index_params = 1,
     .set = set_second_trusted,
     .query = query_second_trusted},
    value_key<&SslContext::certificate_file, certificate>("clientcert"),
    value_key<&SslContext::key_file, key_file>("clientkey"),
    value_key<&SslContext::security_level, level>("seclevel"),
    value_key<&SslContext::ignore_clock, ignore_clock>("ignorelocaltime"),
    value_key<&SslContext::negotiation_seconds, negotiation>("negotiatetime"),
    sni,
    value_key<&SslContext::close_time_mode, close_mode>("closetimemode"),
    value_key<&SslContext::nearest_issuer_only, ignore_chain>("ignoremulticertchainverify"),
    value_key<&SslContext::ignore_signature, ignore_signature>("ignoreinvalidcertsign"),
    value_key<&SslContext::session_cache, cache>("session_cache"),
    // Not in the note; the vendor's own host library sends them to an EC800M too.
    hidden(value_key<&SslContext::datagram, datagram>("dtls", driver("QSTM32"))),
    hidden(value_key<&SslContext::datagram_version, datagram_version>("dtlsversion", driver("QSTM32"))),
    hidden(flag_or_name_key<&SslContext::check_host, &SslContext::host_to_match, host_check>("checkhost",
                                                                                             driver("QSTM32"))),
    hidden(value_key<&SslContext::session_cache, flag>("session", driver("QSTM32"))),
    hidden(value_key<&SslContext::renegotiation, flag>("renegotiation", driver("QSTM32"))),
};

constexpr Command rows[] = {
    {.name = "+QSSLCFG", .keys = keys, .errors = Errors::socket, .origin = note("EC200x/EC800x SSL", "2.2.1")},
};

}  // namespace

std::span<const Command> ec200_ssl_config() { return rows; }

}  // namespace atls::dialects
