// QHTTPCFG: what the next request will be like.
#include "dialects/lte/http.hpp"
#include "dialects/lte/lte.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

constexpr Flag own_head = opt(Flag{"request_header"});
constexpr Flag show_head = opt(Flag{"response_header"});
constexpr Int ssl_context = opt(Int{"sslctxID", 0, 5});
constexpr Int content_type = opt(Int{"content_type", 0, 5});
constexpr Text authorisation = opt(Text{"auth", 255, "(\"username:password\")"});
constexpr Text custom = opt(Text{"custom_header", 1024, "(\"custom_value\")"});
constexpr Text header = opt(Text{"header", 1024, "(\"header_value\")"});
constexpr Flag automatic = opt(Flag{"auto_outrsp"});
constexpr Flag closed_told = opt(Flag{"closedind"});
constexpr Int window = opt(Int{"windowsize", 1, 32768});
constexpr Int close_wait = opt(Int{"closewaittime", 0, 65535});

template <class Value>
std::string shown_value(const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
        return quoted(value);
    } else {
        return std::to_string(value);
    }
}
template <auto member>
Reply query(Call& c) {
    return info(line("+QHTTPCFG: ", quoted(c.key->name), ",", shown_value(web(c).*member)));
}
template <auto member, const auto& param>
Reply set(Call& c) {
    auto& value = web(c).*member;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>) {
        // A line end would begin a field of its own.
        if (c[param].find_first_of("\r\n") != std::string::npos) return cme_error(http_error::invalid_parameter);
        value = c[param];
    } else {
        value = static_cast<int>(c[param]);
    }
    return ok();
}
template <auto member, const auto& param>
constexpr Key key(std::string_view name, Origin origin = {}) {
    return {.name = name, .params = {&param}, .set = set<member, param>, .query = query<member>, .origin = origin};
}

constexpr Origin newer = trace("BG95-M3", "QHTTPCFG=?");
constexpr Origin by_ec200 = driver("EC200 hosts", "QHTTPCFG");

constexpr Key keys[] = {
    key<&Web::context, http_context>("contextid"),        key<&Web::own_head, own_head>("requestheader"),
    key<&Web::show_head, show_head>("responseheader"),    key<&Web::ssl_context, ssl_context>("sslctxid"),
    key<&Web::content_type, content_type>("contenttype"), key<&Web::authorisation, authorisation>("auth", newer),
    key<&Web::custom, custom>("custom_header", newer),
};
constexpr Key ec200_keys[] = {
    key<&Web::context, http_context>("contextid"),
    key<&Web::own_head, own_head>("requestheader"),
    key<&Web::show_head, show_head>("responseheader"),
    key<&Web::ssl_context, ssl_context>("sslctxid"),
    key<&Web::content_type, content_type>("contenttype"),
    key<&Web::automatic, automatic>("rspout/auto", by_ec200),
    key<&Web::closed_told, closed_told>("closed/ind", by_ec200),
    key<&Web::window, window>("windowsize", by_ec200),
    key<&Web::close_wait, close_wait>("closewaittime", by_ec200),
    key<&Web::authorisation, authorisation>("auth", by_ec200),
    key<&Web::custom, custom>("custom_header", by_ec200),
    key<&Web::header, header>("header", by_ec200),
};

Reply show_config(Call& c) {
    std::vector<std::string> lines;
    for (const Key& one : c.command.keys) {
        Call asked = c;
        asked.key = &one;
        for (auto& text : one.query(asked).info) lines.push_back(std::move(text));
    }
    return info(std::move(lines));
}

constexpr Command rows[] = {{.name = "+QHTTPCFG",
                             .read = show_config,
                             .keys = keys,
                             .errors = Errors::http,
                             .origin = manual(http_manual, "QHTTPCFG")}};
constexpr Command ec200_rows[] = {
    {.name = "+QHTTPCFG", .read = show_config, .keys = ec200_keys, .errors = Errors::http, .origin = by_ec200}};

}  // namespace

std::span<const Command> http_config() { return rows; }
std::span<const Command> ec200_http_config() { return ec200_rows; }

}  // namespace atls::dialects::lte
