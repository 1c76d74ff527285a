// HTTP and HTTPS of the GSM modules: QHTTPURL, QHTTPGET, QHTTPPOST, QHTTPREAD, QHTTPDL, QHTTPRSP.
#include "dialects/gsm/gsm.hpp"
#include "dialects/quectel/files.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;
using modem::HttpFault;

namespace {

constexpr std::int64_t longest_url = 700;
constexpr std::int64_t longest_body = 1'024'000;
constexpr int default_seconds = 60;
constexpr int most_seconds = 65535;

constexpr Int url_length{"url_length", 1, longest_url};
constexpr Int input_time = opt(Int{"input_time", 1, most_seconds});
constexpr Int timeout = opt(Int{"timeout", 1, most_seconds});
constexpr Int body_length{"body_length", 1, longest_body};
constexpr Int read_time = opt(Int{"to_read_time", 1, most_seconds});
constexpr Int most_octets = opt(Int{"size", 1, 0xFFFFFFFF, "<size>"});

/// What AT+QHTTPURL set.
struct Web {
    std::optional<codec::Url> url;
};
Web& web(Call& c) { return c.unit.state<Web>(); }

// --- the request --------------------------------------------------------------------------------------------------

Reply set_url(Call& c) {
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(c[url_length]);
    collect.idle = std::chrono::seconds(c.number_or(input_time, default_seconds));
    collect.done = [&log = c.modem().log, &its = web(c)](Collected got) {
        if (got.end == End::timed_out) return cme_error(cme::http_failed);
        its.url = codec::parse_url(got.data);
        if (its.url) return ok();
        log.write(Level::warning, "http", "no http or https URL: " + printable(got.data), {});
        return cme_error(cme::http_failed);
    };
    return collect;
}

Reply show_url(Call& c) {
    const auto& url = web(c).url;
    if (!url) return ok();
    return info(line("+QHTTPURL: ", url->secure ? "https://" : "http://", url->authority(), url->target));
}

int number_of(HttpFault fault) {
    if (fault == HttpFault::none) return 0;
    return fault == HttpFault::tls_not_allowed ? cme::https_off : cme::http_failed;
}

/// The request as the settings have it; the error if there is none to make.
Result<modem::HttpRequest, Reply> request_of(Call& c, modem::HttpMethod method, int seconds) {
    const auto& url = web(c).url;
    const Settings& now = settings(c.unit);
    if (!url || c.modem().http.busy()) return cme_error(cme::http_failed);
    if (url->secure && now.https == 0) return cme_error(cme::https_off);
    modem::HttpRequest request;
    request.method = method;
    request.url = *url;
    request.allow_tls = now.https != 0;
    request.context = foreground(c.unit);
    request.ssl_context = std::max(0, now.https_context);
    request.connect_time = std::chrono::seconds(seconds);
    request.response_time = std::chrono::seconds(seconds);
    request.port = c.port();
    c.modem().ssl_contexts[request.ssl_context].ignore_clock = now.ignore_clock;
    return request;
}

// OK once the server has answered, whatever its status.
Reply exchange(modem::Modem& modem, modem::HttpRequest request) {
    const auto port = request.port;
    modem.http.start(std::move(request));
    return when<modem::HttpAnswered>([port](const auto& answered) { return answered.port == port; },
                                     [](const auto& answered) {
                                         const int number = number_of(answered.fault);
                                         return number == 0 ? ok() : cme_error(number);
                                     });
}

/// With the context active, which it is made if need be.
Reply when_active(Call& c, std::function<Reply()> then) {
    const Bearer& bearer = bearer_now(c.unit);
    if (is_active(bearer)) return then();
    if (!std::holds_alternative<IpInitial>(bearer) && !std::holds_alternative<IpStart>(bearer)) {
        return cme_error(cme::http_failed);
    }
    return activate_then(
        c, [then = std::move(then)](bool active) { return active ? then() : cme_error(cme::http_failed); });
}

Reply get(Call& c) {
    auto request = request_of(c, modem::HttpMethod::get, c.number_or(timeout, default_seconds));
    if (!request) return request.error();
    return when_active(c, [&modem = c.modem(), request = std::move(*request)] { return exchange(modem, request); });
}

Reply post(Call& c) {
    auto request = request_of(c, modem::HttpMethod::post, c.number_or(read_time, default_seconds));
    if (!request) return request.error();
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(c[body_length]);
    collect.idle = std::chrono::seconds(c.number_or(input_time, default_seconds));
    collect.done = [call = c, request = std::move(*request)](Collected got) mutable {
        if (got.end == End::timed_out) return cme_error(cme::http_failed);
        request.body = std::move(got.data);
        return when_active(call, [&modem = call.modem(), request] { return exchange(modem, request); });
    };
    return collect;
}

// --- the response -------------------------------------------------------------------------------------------------

Reply read_body(Call& c) {
    auto& http = c.modem().http;
    if (!http.answered()) return cme_error(cme::http_failed);
    const auto reading = http.begin_reading(std::chrono::seconds(c.number_or(timeout, default_seconds)), c.port());
    Stream stream;
    stream.header = "CONNECT";
    stream.more = [&http, reading](std::size_t most) { return http.read(reading, most); };
    stream.done = [&http, reading](bool) {
        const int number = number_of(http.fault(reading));
        return number == 0 ? ok() : cme_error(number);
    };
    return stream;
}

// 0: the server did not say; -1: the body came in chunks.
std::string shown_length(std::optional<std::uint64_t> length, bool chunked) {
    return chunked ? "-1" : std::to_string(length.value_or(0));
}

Reply show_response(Call& c) {
    const auto& http = c.modem().http;
    return info(line("+QHTTPRSP: ", http.status(), ",", shown_length(http.content_length(), http.chunked())));
}

Reply download(Call& c) {
    const auto name = quectel::stored_name(c, c[quectel::file_name]);
    if (!name) return cme_error(cme::invalid_input);
    const int seconds = c.number_or(timeout, default_seconds);
    auto request = request_of(c, modem::HttpMethod::get, seconds);
    if (!request) return request.error();
    const auto most = c.has(most_octets) ? static_cast<std::uint64_t>(c[most_octets]) : 0;
    request->save_to = modem::HttpRequest::SaveTo{*name, most, std::chrono::seconds(seconds)};
    return when_active(c, [&modem = c.modem(), request = std::move(*request)] {
        modem.http.start(request);
        return ok();
    });
}

UrcTexts downloaded(const modem::HttpSaved& event, Unit& unit) {
    return urc(line("+QHTTPDL: ", event.octets, ",", shown_length(event.length, unit.modem.http.chunked()), ",",
                    number_of(event.fault)));
}

constexpr Origin by_note = note(https_note, "3.3");
constexpr Origin by_host = driver("OpenCPU RIL", "HTTP");

constexpr Command rows[] = {
    {.name = "+QHTTPURL",
     .params = {&url_length, &input_time},
     .set = set_url,
     .read = show_url,
     .errors = Errors::file,
     .origin = by_note},
    {.name = "+QHTTPGET",
     .params = {&timeout},
     .set = get,
     .execute = get,
     .errors = Errors::file,
     .within = 190s,
     .origin = by_note},
    {.name = "+QHTTPPOST",
     .params = {&body_length, &input_time, &read_time},
     .set = post,
     .errors = Errors::file,
     .within = 190s,
     .origin = by_host},
    {.name = "+QHTTPREAD",
     .params = {&timeout},
     .set = read_body,
     .execute = read_body,
     .errors = Errors::file,
     .within = 190s,
     .origin = by_note},
    {.name = "+QHTTPDL",
     .params = {&quectel::file_name, &most_octets, &timeout},
     .set = download,
     .errors = Errors::file,
     .origin = by_host},
    {.name = "+QHTTPRSP", .read = show_response, .errors = Errors::file, .origin = manual("MC60 HTTP", "AT+QHTTPRSP")},
};

constexpr Urc urc_rows[] = {
    on<modem::HttpSaved, downloaded>("+QHTTPDL: <downloaded>,<content_length>,<err>", by_host),
};

}  // namespace

std::span<const Command> http_commands() { return rows; }
std::span<const Urc> http_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
