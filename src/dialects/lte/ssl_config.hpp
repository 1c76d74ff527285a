// What the QSSLCFG tables of the LTE families are made of: the parameters, and a row for a member of SslContext.
// A family lists its keys in its note's order; the ranges of most of them are the same everywhere.
#pragma once

#include <string>

#include "at/call.hpp"
#include "at/reply.hpp"
#include "modem/ssl_context.hpp"

namespace atls::dialects::lte::ssl_config {

inline constexpr at::Int context{"SSL_ctxID", 0, 5};
inline constexpr at::Int version = at::opt(at::Int{"SSL_version", 0, 4});
inline constexpr at::Flag datagram = at::opt(at::Flag{"DTLS_enable"});
inline constexpr at::Int datagram_version = at::opt(at::Int{"DTLS_version", 0, 2, "(0-2)"});
inline constexpr at::Text trusted = at::opt(at::Text{"cacertpath"});
inline constexpr at::Text certificate = at::opt(at::Text{"client_cert_path"});
inline constexpr at::Text key_file = at::opt(at::Text{"client_key_path"});
inline constexpr at::Int level = at::opt(at::Int{"seclevel", 0, 2});
// Numbers by the notes; drivers write the host name here.
inline constexpr at::Text indication = at::opt(at::Text{"SNI", 255, "(0,1)"});
inline constexpr at::Text host_check = at::opt(at::Text{"check_host", 255, "(0,1)"});
inline constexpr at::Flag ignore_clock = at::opt(at::Flag{"ignore_ltime"});
inline constexpr at::Int negotiation = at::opt(at::Int{"negotiate_time", 10, 300});
inline constexpr at::Flag flag = at::opt(at::Flag{"enable"});

/// The context the command names, to be changed.
modem::SslContext& changed(at::Call& call);
/// As it is; the defaults where it was never configured.
modem::SslContext current(const at::Call& call, int number);
/// +QSSLCFG: "key",<context>,<value>
std::string answer_line(const at::Call& call, std::int64_t number, const std::string& value);

at::Reply query_suite(at::Call& call);

template <auto member, const auto& param>
at::Reply set_value(at::Call& call) {
    auto& setting = changed(call).*member;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(setting)>, std::string>) {
        setting = call[param];
    } else {
        setting = static_cast<std::remove_cvref_t<decltype(setting)>>(call[param]);
    }
    return at::ok();
}

template <class Value>
std::string shown(const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
        return at::quoted(value);
    } else {
        return std::to_string(static_cast<int>(value));
    }
}

template <auto member>
at::Reply query_value(at::Call& call) {
    const int number = call.number(context);
    return at::info(answer_line(call, number, shown(current(call, number).*member)));
}

/// 0 or 1, or a name that means 1: mbed sends checkhost so, QSTM32 sni.
template <auto enabled, auto name, const auto& param>
at::Reply set_flag_or_name(at::Call& call) {
    const std::string& text = call[param];
    const bool number = text.find_first_not_of("0123456789") == std::string::npos;
    if (number && text != "0" && text != "1") return at::fault(modem::Fault::bad_parameter);
    auto& setting = changed(call);
    setting.*enabled = text != "0";
    setting.*name = number ? "" : text;
    return at::ok();
}

// --- rows -----------------------------------------------------------------------------------------------------------

/// Listed in =?, from the row's document unless said otherwise.
template <auto member, const auto& param>
constexpr at::Key value_key(std::string_view name, at::Origin origin = {}) {
    return {.name = name,
            .params = {&context, &param},
            .index_params = 1,
            .set = set_value<member, param>,
            .query = query_value<member>,
            .origin = origin};
}

template <auto enabled, auto text, const auto& param>
constexpr at::Key flag_or_name_key(std::string_view name, at::Origin origin = {}) {
    return {.name = name,
            .params = {&context, &param},
            .index_params = 1,
            .set = set_flag_or_name<enabled, text, param>,
            .query = query_value<enabled>,
            .origin = origin};
}

template <const at::Hex& suite>
constexpr at::Key suite_key() {
    return {.name = "ciphersuite",
            .params = {&context, &suite},
            .index_params = 1,
            .set = set_value<&modem::SslContext::suite, suite>,
            .query = query_suite};
}

/// The same row, not in =?.
constexpr at::Key hidden(at::Key key) {
    key.hidden = true;
    return key;
}

inline constexpr at::Key sni =
    flag_or_name_key<&modem::SslContext::server_name_indication, &modem::SslContext::server_name, indication>("sni");

}  // namespace atls::dialects::lte::ssl_config
