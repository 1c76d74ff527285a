// HTTP and HTTPS of the LTE families: a request, then its body to the host or into a file.
#include "dialects/lte/http.hpp"

#include "at/unit.hpp"
#include "codec/base64.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/quectel/files.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;
using modem::HttpFault;
using modem::HttpMethod;

namespace {

constexpr std::int64_t longest_url = 700;
constexpr std::int64_t longest_head = 2048;
constexpr std::int64_t longest_body = 1'024'000;
constexpr std::int64_t most_seconds = 65535;
constexpr int default_seconds = 60;

constexpr Int url_length{"URL_length", 1, longest_url};
constexpr Int url_time = opt(Int{"URL_timeout", 1, most_seconds}, Brackets::no);
constexpr Int response_time = opt(Int{"rsptime", 1, most_seconds}, Brackets::no);
constexpr Int head_length = opt(Int{"data_length", 1, longest_head}, Brackets::no);
constexpr Int input_time = opt(Int{"input_time", 1, most_seconds}, Brackets::no);
constexpr Int body_length{"data_length", 1, longest_body};
constexpr Int wait_time = opt(Int{"wait_time", 1, most_seconds}, Brackets::no);
constexpr Int first_octet{"start_position", 0, 0xFFFFFFFF, "<start_position>"};
constexpr Int octets_wanted{"read_len", 1, 0xFFFFFFFF, "<read_len>"};

int number_of(const Unit& unit, HttpFault fault) {
    switch (fault) {
        case HttpFault::none:
            return 0;
        case HttpFault::bad_url:
        case HttpFault::tls_not_allowed:
            return http_error::url_error;
        case HttpFault::context_inactive:
            return 708;
        case HttpFault::context_lost:
            return 709;
        case HttpFault::name_not_resolved:
            return static_cast<int>(unit.quirks.http_dns_error);
        case HttpFault::connect_failed:
            return 716;
        case HttpFault::timed_out:
            return 702;
        case HttpFault::closed:
            return 719;
        case HttpFault::read_failed:
            return 717;
        case HttpFault::write_failed:
            return 718;
        case HttpFault::create_failed:
            return 715;
        case HttpFault::bad_body:
            return 721;
        case HttpFault::busy:
            return http_error::busy;
        case HttpFault::bad_response:
            return 723;
        case HttpFault::response_timeout:
            return 728;
        case HttpFault::read_timeout:
            return 722;
        case HttpFault::file_failed:
            return 729;
    }
    return http_error::unknown;
}

constexpr std::string_view content_types[] = {"application/x-www-form-urlencoded",
                                              "text/plain",
                                              "application/octet-stream",
                                              "multipart/form-data",
                                              "application/json",
                                              "image/jpeg"};

// --- the request --------------------------------------------------------------------------------------------------

Reply set_url(Call& c) {
    if (c.unit.data_phase_elsewhere(c.session)) return cme_error(http_error::port_busy);
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(c[url_length]);
    collect.idle = std::chrono::seconds(c.number_or(url_time, default_seconds));
    collect.done = [&log = c.modem().log, &its = web(c)](Collected got) {
        if (got.end == End::timed_out) return cme_error(http_error::input_timeout);
        const auto url = codec::parse_url(got.data);
        if (!url) {
            log.write(Level::warning, "http", "no http or https URL: " + printable(got.data), {});
            return cme_error(http_error::url_error);
        }
        its.url = url;
        its.typed_url = got.data;
        return ok();
    };
    return collect;
}

Reply show_url(Call& c) {
    const Web& its = web(c);
    return its.url ? info(line("+QHTTPURL: ", its.typed_url)) : ok();
}

/// The request as the settings have it, or the error if there is none to make.
Result<modem::HttpRequest, Reply> request_of(Call& c, HttpMethod method, int seconds) {
    const Web& now = web(c);
    if (!now.url) return cme_error(http_error::no_url);
    if (c.modem().http.busy()) return cme_error(http_error::busy);
    if (c.unit.data_phase_elsewhere(c.session)) return cme_error(http_error::port_busy);
    modem::HttpRequest request;
    request.method = method;
    request.url = *now.url;
    request.context = now.context;
    request.ssl_context = now.ssl_context;
    request.content_type = content_types[now.content_type];
    if (!now.authorisation.empty()) {
        request.personal += "Authorization: Basic " + codec::to_base64(now.authorisation) + "\r\n";
    }
    for (const std::string& field : {now.custom, now.header}) {
        if (!field.empty()) request.personal += field + "\r\n";
    }
    request.response_time = std::chrono::seconds(seconds);
    request.port = c.port();
    return request;
}

Collect collected(std::int64_t octets, int seconds) {
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(octets);
    collect.idle = std::chrono::seconds(seconds);
    return collect;
}

Reply start(Call& c, modem::HttpRequest request) {
    c.modem().http.start(std::move(request));
    return ok();
}

// With requestheader 1 the host gives the whole head.
Reply get(Call& c) {
    auto request = request_of(c, HttpMethod::get, c.number_or(response_time, default_seconds));
    if (!request) return request.error();
    const bool given = web(c).own_head == 1;
    if (given != c.has(head_length)) return cme_error(http_error::invalid_parameter);
    if (!given) return start(c, std::move(*request));
    Collect collect = collected(c[head_length], c.number_or(input_time, default_seconds));
    collect.done = [&http = c.modem().http, request = std::move(*request)](Collected got) mutable {
        if (got.end == End::timed_out) return cme_error(http_error::input_timeout);
        request.own_head = std::move(got.data);
        http.start(std::move(request));
        return ok();
    };
    return collect;
}

Reply get_range(Call& c) {
    auto request = request_of(c, HttpMethod::get, c.number_or(response_time, default_seconds));
    if (!request) return request.error();
    request->fields += line("Range: bytes=", c[first_octet], "-", c[first_octet] + c[octets_wanted] - 1, "\r\n");
    return start(c, std::move(*request));
}

// Connected first, then CONNECT: what cannot be reached asks for no data.
template <HttpMethod method>
Reply send(Call& c) {
    auto request = request_of(c, method, c.number_or(response_time, default_seconds));
    if (!request) return request.error();
    request->wait_when_connected = true;
    auto& http = c.modem().http;
    http.start(std::move(*request));
    Collect collect = collected(c[body_length], c.number_or(input_time, default_seconds));
    collect.done = [&http, &unit = c.unit, port = c.port(), own = web(c).own_head == 1](Collected got) {
        if (got.end == End::timed_out) {
            http.give_up(port);
            return cme_error(http_error::input_timeout);
        }
        // Another port may have stopped it meanwhile.
        return http.go_on(port, std::move(got.data), own) ? ok() : cme_error(number_of(unit, HttpFault::closed));
    };
    return Wait{[&unit = c.unit, port = c.port(),
                 collect = std::move(collect)](const modem::Event& event) -> std::optional<Reply> {
        if (const auto* connected = std::get_if<modem::HttpConnected>(&event)) {
            if (connected->port == port) return Reply(collect);
        }
        const auto* failed = std::get_if<modem::HttpAnswered>(&event);
        if (failed == nullptr || failed->port != port) return std::nullopt;
        return cme_error(number_of(unit, failed->fault));
    }};
}

template <HttpMethod method>
Reply send_file(Call& c) {
    const auto name = quectel::stored_name(c, c[quectel::file_name]);
    if (!name) return cme_error(http_error::invalid_parameter);
    const auto size = c.modem().files.size(*name);
    if (!size) return cme_error(http_error::invalid_parameter);
    auto request = request_of(c, method, c.number_or(response_time, default_seconds));
    if (!request) return request.error();
    if (web(c).own_head == 1) {
        auto head = c.modem().files.read(*name, 0, static_cast<std::size_t>(*size));
        if (!head) return cme_error(http_error::unknown);
        request->own_head = std::move(*head);
    } else {
        request->body_file = *name;
    }
    request->from_file = true;
    return start(c, std::move(*request));
}

Reply stop(Call& c) {
    c.modem().http.cancel(c.port());
    return ok();
}

// --- the response -------------------------------------------------------------------------------------------------

// What stands before the body, if the host wants to see it.
Bytes head_shown(Call& c) { return web(c).show_head == 1 ? c.modem().http.head() : Bytes(); }

Reply read_body(Call& c) {
    auto& http = c.modem().http;
    if (!http.answered()) return cme_error(http_error::no_request);
    if (c.unit.data_phase_elsewhere(c.session)) return cme_error(http_error::port_busy);
    const auto reading = http.begin_reading(std::chrono::seconds(c.number_or(wait_time, default_seconds)), c.port());
    Stream stream;
    stream.header = "CONNECT";
    stream.more = [&http, reading, first = head_shown(c)](std::size_t most) mutable -> std::optional<Bytes> {
        if (!first.empty()) return std::exchange(first, {});
        return http.read(reading, most);
    };
    // OK, and how it went behind it.
    stream.done = [&http, reading, &session = c.session](bool) {
        session.notify(modem::HttpRead{session.id(), http.fault(reading)});
        return ok();
    };
    return stream;
}

Reply save_body(Call& c) {
    const auto name = quectel::stored_name(c, c[quectel::file_name]);
    if (!name) return cme_error(http_error::invalid_parameter);
    auto& http = c.modem().http;
    if (!http.answered()) return cme_error(http_error::no_request);
    if (c.unit.data_phase_elsewhere(c.session)) return cme_error(http_error::port_busy);
    if (c.modem().open_files.is_open(*name)) return cme_error(http_error::busy);
    http.save(*name, head_shown(c), 0, std::chrono::seconds(c.number_or(wait_time, default_seconds)), c.port());
    return ok();
}

// --- URCs ---------------------------------------------------------------------------------------------------------

UrcTexts result_line(const Unit& unit, std::string_view name, const modem::HttpAnswered& event) {
    const std::string start = line(name, ": ", number_of(unit, event.fault));
    if (event.fault != HttpFault::none) return urc(start);
    return urc(event.length ? line(start, ",", event.status, ",", *event.length) : line(start, ",", event.status));
}

template <HttpMethod method, bool from_file>
UrcTexts answered(const modem::HttpAnswered& event, Unit& unit) {
    if (event.method != method || event.from_file != from_file) return {};
    return result_line(unit, line("+QHTTP", modem::name_of(method), from_file ? "FILE" : ""), event);
}
UrcTexts body_read(const modem::HttpRead& event, Unit& unit) {
    return urc(line("+QHTTPREAD: ", number_of(unit, event.fault)));
}
UrcTexts body_saved(const modem::HttpSaved& event, Unit& unit) {
    return urc(line("+QHTTPREADFILE: ", number_of(unit, event.fault)));
}

// Told only after AT+QHTTPCFG="closed/ind",1, which one family has.
UrcTexts connection_ended(const modem::HttpClosed&, Unit& unit) {
    return unit.state<Web>().closed_told == 1 ? urc("+QHTTPURC: \"closed\"") : UrcTexts{};
}

constexpr Origin by_manual(std::string_view clause) { return manual(http_manual, clause); }

constexpr Command row(std::string_view name, Params params, Handler handler, std::chrono::milliseconds within = 300ms) {
    return {.name = name,
            .params = params,
            .set = handler,
            .errors = Errors::http,
            .within = within,
            .origin = by_manual(name)};
}

constexpr Command rows[] = {
    {.name = "+QHTTPURL",
     .params = {&url_length, &url_time},
     .set = set_url,
     .read = show_url,
     .errors = Errors::http,
     .origin = by_manual("QHTTPURL")},
    {.name = "+QHTTPGET",
     .params = {&response_time, &head_length, &input_time},
     .set = get,
     .execute = get,
     .errors = Errors::http,
     .origin = by_manual("QHTTPGET")},
    row("+QHTTPPOST", {&body_length, &input_time, &response_time}, send<HttpMethod::post>, 125s),
    row("+QHTTPPUT", {&body_length, &input_time, &response_time}, send<HttpMethod::put>, 125s),
    row("+QHTTPPOSTFILE", {&quectel::file_name, &response_time}, send_file<HttpMethod::post>),
    row("+QHTTPPUTFILE", {&quectel::file_name, &response_time}, send_file<HttpMethod::put>),
    {.name = "+QHTTPREAD",
     .params = {&wait_time},
     .set = read_body,
     .execute = read_body,
     .errors = Errors::http,
     .within = 190s,
     .origin = by_manual("QHTTPREAD")},
    row("+QHTTPREADFILE", {&quectel::file_name, &wait_time}, save_body),
    {.name = "+QHTTPSTOP", .execute = stop, .errors = Errors::http, .origin = driver("QSTM32", "QHTTPSTOP")},
};

constexpr Command ec200_rows[] = {
    {.name = "+QHTTPGETEX",
     .params = {&response_time, &first_octet, &octets_wanted},
     .set = get_range,
     .errors = Errors::http,
     .origin = driver("EC200 hosts", "QHTTPGETEX")},
};

constexpr Urc urc_rows[] = {
    on<modem::HttpAnswered, answered<HttpMethod::get, false>>("+QHTTPGET: <err>[,<httprspcode>[,<content_length>]]",
                                                              by_manual("QHTTPGET")),
    on<modem::HttpAnswered, answered<HttpMethod::post, false>>("+QHTTPPOST: <err>[,<httprspcode>[,<content_length>]]",
                                                               by_manual("QHTTPPOST")),
    on<modem::HttpAnswered, answered<HttpMethod::put, false>>("+QHTTPPUT: <err>[,<httprspcode>[,<content_length>]]",
                                                              driver("QSTM32", "QHTTPPUT")),
    on<modem::HttpAnswered, answered<HttpMethod::post, true>>(
        "+QHTTPPOSTFILE: <err>[,<httprspcode>[,<content_length>]]", by_manual("QHTTPPOSTFILE")),
    on<modem::HttpAnswered, answered<HttpMethod::put, true>>("+QHTTPPUTFILE: <err>[,<httprspcode>[,<content_length>]]",
                                                             driver("QSTM32", "QHTTPPUTFILE")),
    on<modem::HttpRead, body_read>("+QHTTPREAD: <err>", by_manual("QHTTPREAD")),
    on<modem::HttpSaved, body_saved>("+QHTTPREADFILE: <err>", by_manual("QHTTPREADFILE")),
};

constexpr Urc ec200_urc_rows[] = {
    on<modem::HttpClosed, connection_ended>("+QHTTPURC: \"closed\"", trace("EG800K-CN", "QHTTPCFG closed/ind")),
};

}  // namespace

std::span<const Command> http_commands() { return rows; }
std::span<const Command> ec200_http_commands() { return ec200_rows; }
std::span<const Urc> http_urcs() { return urc_rows; }
std::span<const Urc> ec200_http_urcs() { return ec200_urc_rows; }

}  // namespace atls::dialects::lte
