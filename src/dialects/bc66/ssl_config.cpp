// AT+QSSLCFG of the BC66: the settings of one connection, certificates typed at a prompt.
#include "dialects/bc66/bc66.hpp"
#include "modem/ssl_context.hpp"

namespace atls::dialects::bc66 {

using namespace at;
using modem::SslContext;

namespace {

constexpr std::size_t longest_pem = 8192;

constexpr Int level = opt(Int{"seclevel", 0, 2});
constexpr Flag send_format = opt(Flag{"send_data_format"});
constexpr Flag receive_format = opt(Flag{"recv_data_format"});
constexpr Int timeout = opt(Int{"timeout", 10, 300});
constexpr Int debug = opt(Int{"debug_level", 0, 4});

int connection_of(Call& c) { return c.number(ssl_connection); }
SslContext& context_of(Call& c) { return c.modem().ssl_contexts[connection_of(c)]; }
SslOptions::One& options_of(Call& c) { return c.unit.state<SslOptions>().by_id[connection_of(c)]; }
bool works(Call& c) { return context_works(c[ssl_context]); }

// --- what a key's line shows
// ------------------------------------------------------------------------------------------

std::string start_of_line(Call& c, std::string_view key) {
    return line("+QSSLCFG: ", c[ssl_context], ",", c[ssl_connection], ",", quoted(key), ",");
}

std::string shown_level(Call& c) { return std::to_string(context_of(c).security_level); }
std::string shown_formats(Call& c) {
    const auto& now = options_of(c);
    return line(now.send_hex ? 1 : 0, ",", now.receive_hex ? 1 : 0);
}
std::string shown_timeout(Call& c) { return std::to_string(options_of(c).timeout.count()); }
std::string shown_debug(Call& c) { return std::to_string(context_of(c).debug_level); }
// Of what was typed only its length can be read back.
template <Bytes SslContext::*text>
std::string shown_count(Call& c) {
    return std::to_string((context_of(c).*text).size());
}

template <std::string (*show)(Call&)>
Reply query(Call& c) {
    if (!works(c)) return error();
    return info(start_of_line(c, c.key->name) + show(c));
}

// --- setting
// ----------------------------------------------------------------------------------------------------------

Reply set_level(Call& c) {
    if (!works(c)) return error();
    context_of(c).security_level = c.number(level);
    return ok();
}

Reply set_formats(Call& c) {
    if (!works(c) || !c.has(send_format) || !c.has(receive_format)) return error();
    options_of(c).send_hex = c[send_format] != 0;
    options_of(c).receive_hex = c[receive_format] != 0;
    return ok();
}

Reply set_timeout(Call& c) {
    if (!works(c)) return error();
    options_of(c).timeout = std::chrono::seconds(c[timeout]);
    return ok();
}

Reply set_debug(Call& c) {
    if (!works(c)) return error();
    context_of(c).debug_level = c.number(debug);
    return ok();
}

// Whether it is PEM is judged when it is used. One octet above the limit is taken in to see that there is one.
template <Bytes SslContext::*text>
Reply ask_for_pem(Call& c) {
    if (!works(c)) return error();
    Collect collect;
    collect.limit = longest_pem + 1;
    collect.control_z = true;
    collect.done = [&modem = c.modem(), id = connection_of(c), start = start_of_line(c, c.key->name)](Collected got) {
        if (got.end == End::cancelled) return ok();
        if (got.data.size() > longest_pem) return error();
        const std::size_t count = got.data.size();
        modem.ssl_contexts[id].*text = std::move(got.data);
        return info(line(start, count));
    };
    return collect;
}

constexpr Origin here = note(ssl_note, "2.2.1");

template <Bytes SslContext::*text>
constexpr Key pem_key(std::string_view name) {
    return {.name = name, .origin = here, .prompt = ask_for_pem<text>};
}

constexpr Key keys[] = {
    {.name = "seclevel", .params = {&level}, .set = set_level, .query = query<shown_level>, .origin = here},
    {.name = "dataformat",
     .params = {&send_format, &receive_format},
     .set = set_formats,
     .query = query<shown_formats>,
     .origin = here},
    {.name = "timeout", .params = {&timeout}, .set = set_timeout, .query = query<shown_timeout>, .origin = here},
    {.name = "debug", .params = {&debug}, .set = set_debug, .query = query<shown_debug>, .origin = here},
    pem_key<&SslContext::trusted_text>("cacert"),
    pem_key<&SslContext::certificate_text>("clientcert"),
    pem_key<&SslContext::key_text>("clientkey"),
};

struct Shown {
    std::string_view key;
    std::string (*value)(Call&);
};
constexpr Shown all_shown[] = {
    {"seclevel", shown_level},
    {"dataformat", shown_formats},
    {"timeout", shown_timeout},
    {"debug", shown_debug},
    {"cacert", shown_count<&SslContext::trusted_text>},
    {"clientcert", shown_count<&SslContext::certificate_text>},
    {"clientkey", shown_count<&SslContext::key_text>},
};

Reply show_all(Call& c) {
    if (c.given() != 2 || !works(c)) return error();
    std::vector<std::string> lines;
    lines.reserve(std::size(all_shown));
    for (const auto& [key, value] : all_shown) lines.push_back(start_of_line(c, key) + value(c));
    return info(std::move(lines));
}

// "seclevel"[,(0-2)]: all values of a key stand in one pair of brackets.
Reply list_keys(Call& c) {
    const std::string start = line("+QSSLCFG: ", shown(ssl_context), ",", shown(ssl_connection));
    std::vector<std::string> lines{start};
    for (const Key& key : c.command.keys) {
        std::string values;
        for (const Param* param : used(key.params)) values += (values.empty() ? "[," : ",") + shown(*param);
        lines.push_back(line(start, ",", quoted(key.name), values, values.empty() ? "" : "]"));
    }
    return info(std::move(lines));
}

constexpr Command rows[] = {
    {.name = "+QSSLCFG",
     .params = {&ssl_context, &ssl_connection},
     .set = show_all,
     .test = TestForm::handler,
     .test_handler = list_keys,
     .keys = keys,
     .origin = here},
};

}  // namespace

std::span<const Command> ssl_config_commands() { return rows; }

}  // namespace atls::dialects::bc66
