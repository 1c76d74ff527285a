// AT+QSSLCFG of the BG96: the settings of an SSL context, one row a key, in the note's order.
#include <array>

#include "at/unit.hpp"
#include "dialects/bg96/bg96.hpp"

namespace atls::dialects {

using namespace at;
using modem::SslContext;

namespace {

constexpr Int context{"SSL_ctxID", 0, 5};
constexpr Int version = opt(Int{"SSL_version", 0, 4});
constexpr std::array<std::int64_t, 14> suite_values{0x0035, 0x002F, 0x0005, 0x0004, 0x000A, 0x003D, 0xC011,
                                                    0xC012, 0xC013, 0xC014, 0xC027, 0xC028, 0xC02F, 0xFFFF};
// A real BG96 answers ERROR to a quoted suite.
constexpr Hex suite = opt(Hex{"cipher_suites", suite_values, false});
constexpr Flag datagram = opt(Flag{"DTLS_enable"});
constexpr Int datagram_version = opt(Int{"DTLS_version", 0, 2, "(0-2)"});
constexpr Text trusted = opt(Text{"cacertpath"});
constexpr Text certificate = opt(Text{"client_cert_path"});
constexpr Text key_file = opt(Text{"client_key_path"});
constexpr Int level = opt(Int{"seclevel", 0, 2});
// Numbers by the note; drivers write the host name here.
constexpr Text indication = opt(Text{"SNI", 255, "(0,1)"});
constexpr Text host_check = opt(Text{"check_host", 255, "(0,1)"});
constexpr Flag ignore_clock = opt(Flag{"ignore_ltime"});
constexpr Int negotiation = opt(Int{"negotiate_time", 10, 300});
constexpr Flag hidden_flag = opt(Flag{"enable"});

SslContext& changed(Call& c) { return c.modem().ssl_contexts[c.number(context)]; }

SslContext current(Call& c) {
    const auto& contexts = c.modem().ssl_contexts;
    const auto found = contexts.find(c.number(context));
    return found == contexts.end() ? SslContext{} : found->second;
}

Reply answer(Call& c, const std::string& value) {
    return info(line("+QSSLCFG: ", quoted(c.key->name), ",", c[context], ",", value));
}

template <auto member, const auto& param>
Reply set_value(Call& c) {
    auto& setting = changed(c).*member;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(setting)>, std::string>) {
        setting = c[param];
    } else {
        setting = static_cast<std::remove_cvref_t<decltype(setting)>>(c[param]);
    }
    return ok();
}

template <auto member>
Reply query_value(Call& c) {
    const auto value = current(c).*member;
    if constexpr (std::is_same_v<decltype(value), const std::string>) {
        return answer(c, quoted(value));
    } else {
        return answer(c, std::to_string(static_cast<int>(value)));
    }
}

Reply query_suite(Call& c) {
    const auto number = current(c).suite;
    const char octets[2] = {static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
    return answer(c, "0X" + to_hex(BytesView(octets, 2)));
}

// 0 or 1, or a name that means 1: mbed sends checkhost so, QSTM32 sni.
template <auto flag, auto name, const auto& param>
Reply set_flag_or_name(Call& c) {
    const std::string& text = c[param];
    const bool number = text.find_first_not_of("0123456789") == std::string::npos;
    if (number && text != "0" && text != "1") return fault(modem::Fault::bad_parameter);
    auto& setting = changed(c);
    setting.*flag = text != "0";
    setting.*name = number ? "" : text;
    return ok();
}

constexpr Origin by_note = note("BG96 SSL", "2.1.1");

template <auto member, const auto& param>
constexpr Key value_key(std::string_view name, Origin origin = by_note, bool hidden = false) {
    return {name, {&context, &param}, 1, set_value<member, param>, query_value<member>, origin, hidden, nullptr};
}

constexpr Key keys[] = {
    value_key<&SslContext::version, version>("sslversion"),
    {"ciphersuite", {&context, &suite}, 1, set_value<&SslContext::suite, suite>, query_suite, by_note, false, nullptr},
    value_key<&SslContext::datagram, datagram>("dtls"),
    value_key<&SslContext::datagram_version, datagram_version>("dtlsversion"),
    value_key<&SslContext::trusted_file, trusted>("cacert"),
    value_key<&SslContext::certificate_file, certificate>("clientcert"),
    value_key<&SslContext::key_file, key_file>("clientkey"),
    value_key<&SslContext::security_level, level>("seclevel"),
    {"sni",
     {&context, &indication},
     1,
     set_flag_or_name<&SslContext::server_name_indication, &SslContext::server_name, indication>,
     query_value<&SslContext::server_name_indication>,
     by_note,
     false,
     nullptr},
    {"checkhost",
     {&context, &host_check},
     1,
     set_flag_or_name<&SslContext::check_host, &SslContext::host_to_match, host_check>,
     query_value<&SslContext::check_host>,
     by_note,
     false,
     nullptr},
    value_key<&SslContext::ignore_clock, ignore_clock>("ignorelocaltime"),
    value_key<&SslContext::negotiation_seconds, negotiation>("negotiatetime"),
    // Not in the note; sent by drivers and known to sibling firmwares.
    value_key<&SslContext::session_cache, hidden_flag>("session", driver("QSTM32"), true),
    value_key<&SslContext::renegotiation, hidden_flag>("renegotiation", driver("QSTM32"), true),
    value_key<&SslContext::nearest_issuer_only, hidden_flag>("ignorecertchain", trace("BG96MAR02A07M1G", "QSSLCFG=?"),
                                                             true),
};

constexpr Command rows[] = {
    {.name = "+QSSLCFG", .keys = keys, .errors = Errors::socket, .origin = by_note},
};

}  // namespace

std::span<const Command> bg96_ssl_config() { return rows; }

}  // namespace atls::dialects
