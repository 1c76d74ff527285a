// AT+QSSLCFG of the GSM modules. Answers carry no context index, except those to "ctxindex".
#include "dialects/lte/ssl_config.hpp"

#include <algorithm>
#include <charconv>

#include "dialects/gsm/gsm.hpp"
#include "modem/ssl_context.hpp"

namespace atls::dialects::gsm {

using namespace at;
using lte::ssl_config::hidden;
using lte::ssl_config::shown;
using modem::SslContext;

namespace {

constexpr Int version = opt(Int{"sslversion", 0, 4});
constexpr Text suites = opt(Text{"ciphersuite", 64});
constexpr Int level = opt(Int{"seclevel", 0, 2});
constexpr Text trusted = opt(Text{"cacertname", 64});
constexpr Text certificate = opt(Text{"clientcertname", 64});
constexpr Text key_name = opt(Text{"clientkeyname", 64});
constexpr Flag ignore_clock = opt(Flag{"ignorertctime"});
constexpr Flag https = opt(Flag{"httpsenable"});
constexpr Int https_context = opt(Int{"httpsctxindex", 0, 5});
constexpr Int mail_style = opt(Int{"smtpstyle", 0, 2});
constexpr Int mail_context = opt(Int{"smtpsctxindex", 0, 5});
constexpr Flag flag = opt(Flag{"enable"});
constexpr Int negotiation = opt(Int{"negotiatetime", 10, 300});

SslContext& context_of(Call& c) { return c.modem().ssl_contexts[c.number(ssl_context)]; }

template <const auto& param, class Value>
void set(Call& c, Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
        value = c[param];
    } else {
        value = static_cast<Value>(c[param]);
    }
}

Reply show(Call& c, const std::string& value) { return info(line("+QSSLCFG: ", quoted(c.key->name), ",", value)); }

// --- by context
// -------------------------------------------------------------------------------------------------------

template <auto member, const auto& param>
Reply set_value(Call& c) {
    set<param>(c, context_of(c).*member);
    return ok();
}
template <auto member>
Reply query_value(Call& c) {
    return show(c, shown(context_of(c).*member));
}

std::string shown_suites(const SslContext& context) {
    if (context.suite_list.empty()) return quoted(hex4(context.suite));
    std::string text;
    for (const auto suite : context.suite_list) text += (text.empty() ? "" : ":") + hex4(suite);
    return quoted(text);
}

constexpr std::uint16_t every_suite = 0xFFFF;

std::optional<std::uint16_t> suite_of(std::string_view text, const modem::Profile& profile) {
    if (text.size() != 6 || text[0] != '0' || ascii_upper(text[1]) != 'X') return std::nullopt;
    std::uint16_t number = 0;
    const auto [stopped, fault] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
    if (fault != std::errc{} || stopped != text.data() + text.size()) return std::nullopt;
    const bool known = number == every_suite ||
                       std::find(profile.suites.begin(), profile.suites.end(), number) != profile.suites.end();
    return known ? std::optional(number) : std::nullopt;
}

// One code, or several with colons between them; in quotes or not.
Reply set_suites(Call& c) {
    std::vector<std::uint16_t> list;
    std::string_view rest = c[suites];
    for (;;) {
        const auto number = suite_of(rest.substr(0, rest.find(':')), c.modem().profile);
        if (!number) return error();
        list.push_back(*number);
        if (rest.find(':') == std::string_view::npos) break;
        rest.remove_prefix(rest.find(':') + 1);
    }
    auto& context = context_of(c);
    const bool all = std::find(list.begin(), list.end(), every_suite) != list.end();
    context.suite = all ? every_suite : list.front();
    context.suite_list = all || list.size() == 1 ? std::vector<std::uint16_t>{} : std::move(list);
    return ok();
}
Reply query_suites(Call& c) { return show(c, shown_suites(context_of(c))); }

Reply show_context(Call& c) {
    const auto& now = context_of(c);
    return info(line("+QSSLCFG: ", c[ssl_context], ",", now.version, ",", now.security_level, ",", shown_suites(now),
                     ",", quoted(now.trusted_file), ",", quoted(now.certificate_file), ",", quoted(now.key_file)));
}

// --- for all contexts
// -------------------------------------------------------------------------------------------------

template <auto member, const auto& param>
Reply set_common(Call& c) {
    set<param>(c, settings(c.unit).*member);
    return ok();
}
template <auto member>
Reply query_common(Call& c) {
    return show(c, shown(settings(c.unit).*member));
}

constexpr Origin here = note(ssl_note, "2.2.1");

template <auto member, const auto& param>
constexpr Key value_key(std::string_view name, Origin origin = here) {
    return {.name = name,
            .params = {&ssl_context, &param},
            .index_params = 1,
            .set = set_value<member, param>,
            .query = query_value<member>,
            .origin = origin};
}
template <auto member, const auto& param>
constexpr Key common_key(std::string_view name) {
    return {.name = name,
            .params = {&param},
            .set = set_common<member, param>,
            .query = query_common<member>,
            .origin = here};
}
constexpr Key keys[] = {
    {.name = "ctxindex", .params = {&ssl_context}, .index_params = 1, .query = show_context, .origin = here},
    value_key<&SslContext::version, version>("sslversion"),
    {.name = "ciphersuite",
     .params = {&ssl_context, &suites},
     .index_params = 1,
     .set = set_suites,
     .query = query_suites,
     .origin = here},
    value_key<&SslContext::security_level, level>("seclevel"),
    value_key<&SslContext::trusted_file, trusted>("cacert"),
    value_key<&SslContext::certificate_file, certificate>("clientcert"),
    value_key<&SslContext::key_file, key_name>("clientkey"),
    common_key<&Settings::ignore_clock, ignore_clock>("ignorertctime"),
    common_key<&Settings::https, https>("https"),
    common_key<&Settings::https_context, https_context>("httpsctxi"),
    common_key<&Settings::mail_style, mail_style>("smtpstyle"),
    common_key<&Settings::mail_context, mail_context>("smtpsctxi"),
    // Not in the note; sent by drivers.
    hidden(value_key<&SslContext::server_name_indication, flag>("sni", driver("M26 hosts"))),
    hidden(value_key<&SslContext::negotiation_seconds, negotiation>("negotiatetime", driver("zerynth quectel-m95"))),
    hidden(value_key<&SslContext::nearest_issuer_only, flag>("certchain", driver("MC60 hosts"))),
};

constexpr Command rows[] = {
    {.name = "+QSSLCFG",
     .test = TestForm::handler,
     .test_handler = [](Call&) { return info("+QSSLCFG: \"type\",(0-5),\"value\""); },
     .keys = keys,
     .origin = here},
};

}  // namespace

std::span<const Command> ssl_config_commands() { return rows; }

}  // namespace atls::dialects::gsm
