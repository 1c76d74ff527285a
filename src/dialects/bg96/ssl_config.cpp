// AT+QSSLCFG of the BG96: the settings of an SSL context, one row a key, in the note's order.
#include "dialects/lte/ssl_config.hpp"

#include <array>

#include "dialects/bg96/bg96.hpp"

namespace atls::dialects {

using namespace at;
using namespace lte::ssl_config;
using modem::SslContext;

namespace {

constexpr std::array<std::int64_t, 14> suite_values{0x0035, 0x002F, 0x0005, 0x0004, 0x000A, 0x003D, 0xC011,
                                                    0xC012, 0xC013, 0xC014, 0xC027, 0xC028, 0xC02F, 0xFFFF};
// A real BG96 answers ERROR to a quoted suite.
constexpr Hex suite = opt(Hex{"cipher_suites", suite_values, false});

constexpr Key keys[] = {
    value_key<&SslContext::version, version>("sslversion"),
    suite_key<suite>(),
    value_key<&SslContext::datagram, datagram>("dtls"),
    value_key<&SslContext::datagram_version, datagram_version>("dtlsversion"),
    value_key<&SslContext::trusted_file, trusted>("cacert"),
    value_key<&SslContext::certificate_file, certificate>("clientcert"),
    value_key<&SslContext::key_file, key_file>("clientkey"),
    value_key<&SslContext::security_level, level>("seclevel"),
    sni,
    flag_or_name_key<&SslContext::check_host, &SslContext::host_to_match, host_check>("checkhost"),
    value_key<&SslContext::ignore_clock, ignore_clock>("ignorelocaltime"),
    value_key<&SslContext::negotiation_seconds, negotiation>("negotiatetime"),
    // Not in the note; sent by drivers and known to sibling firmwares.
    hidden(value_key<&SslContext::session_cache, flag>("session", driver("QSTM32"))),
    hidden(value_key<&SslContext::renegotiation, flag>("renegotiation", driver("QSTM32"))),
    hidden(value_key<&SslContext::nearest_issuer_only, flag>("ignorecertchain", trace("BG96MAR02A07M1G", "QSSLCFG=?"))),
};

constexpr Command rows[] = {
    {.name = "+QSSLCFG", .keys = keys, .errors = Errors::socket, .origin = note("BG96 SSL", "2.1.1")},
};

}  // namespace

std::span<const Command> bg96_ssl_config() { return rows; }

}  // namespace atls::dialects
