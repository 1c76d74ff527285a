// What the LTE families' HTTP commands share: settings and numbers of errors.
#pragma once

#include <optional>
#include <string>

#include "at/unit.hpp"
#include "codec/url.hpp"

namespace atls::dialects::lte {

inline constexpr std::string_view http_manual = "BG96 HTTP(S) V1.0";

/// +CME ERROR and URC numbers.
namespace http_error {
constexpr int unknown = 701;
constexpr int busy = 703;
constexpr int port_busy = 704;
constexpr int no_request = 705;
constexpr int url_error = 711;
constexpr int no_url = 712;
constexpr int input_timeout = 726;
constexpr int invalid_parameter = 730;
}  // namespace http_error

/// AT+QHTTPCFG and AT+QHTTPURL.
struct Web {
    int context = 1;
    int own_head = 0;
    int show_head = 0;
    int ssl_context = 1;
    int content_type = 0;
    std::string authorisation;
    std::string custom;
    std::string header;   ///< EC200x: one more field of its own
    int automatic = 0;    ///< kept and shown, as window and close_wait
    int closed_told = 0;  ///< +QHTTPURC: "closed"
    int window = 1024;
    int close_wait = 0;
    std::optional<codec::Url> url;
    std::string typed_url;  ///< as the host wrote it
};
inline Web& web(at::Call& c) { return c.unit.state<Web>(); }

}  // namespace atls::dialects::lte
