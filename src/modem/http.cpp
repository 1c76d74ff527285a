#include "modem/http.hpp"

#include <algorithm>
#include <utility>

namespace atls::modem {

namespace {

constexpr int link_id = Sockets::first_service;
constexpr std::size_t piece = 16384;
// As hosts find it on real modules: one of the kinds of redirection, to a whole URL, and not for ever.
constexpr int redirection = 302;
constexpr int first_good_status = 200;
constexpr int last_good_status = 299;
constexpr int most_redirections = 5;

HttpFault fault_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return HttpFault::none;
        case Fault::name_not_resolved:
            return HttpFault::name_not_resolved;
        case Fault::context_inactive:
            return HttpFault::context_inactive;
        case Fault::context_lost:
            return HttpFault::context_lost;
        case Fault::timed_out:
            return HttpFault::timed_out;
        case Fault::create_failed:
            return HttpFault::create_failed;
        default:
            return HttpFault::connect_failed;
    }
}

}  // namespace

std::string_view name_of(HttpMethod method) {
    switch (method) {
        case HttpMethod::get:
            return "GET";
        case HttpMethod::post:
            return "POST";
        case HttpMethod::put:
            return "PUT";
    }
    return "";
}

HttpClient::HttpClient(Sockets& sockets, Files& files, Timers& timers, EventSink& events, Log& log)
    : files_(files), timers_(timers), events_(events), log_(log), link_(sockets, link_id, *this), later_(timers) {}

void HttpClient::say(const std::string& what) const {
    log_.write(Level::info, "http",
               std::string(name_of(request_.method)) + " " + request_.url.authority() + ": " + what,
               {{"host", request_.url.host}, {"port", std::to_string(request_.url.port)}});
}

bool HttpClient::busy() const {
    return !std::holds_alternative<Idle>(state_) && !std::holds_alternative<Answered>(state_);
}

// --- the request --------------------------------------------------------------------------------------------------

void HttpClient::start(HttpRequest request) {
    if (busy()) return tell_failed(request, HttpFault::busy);
    stop();
    request_ = std::move(request);
    redirections_ = 0;
    asked_ = request_.method;
    from_file_ = request_.from_file;
    connect();
}

void HttpClient::tell(const Event& event) {
    later_.run([this, event] { events_.on_event(event); });
}

void HttpClient::tell_failed(const HttpRequest& request, HttpFault fault) {
    if (request.save_to) return tell(HttpSaved{request.port, fault, 0, {}});
    tell(HttpAnswered{request.port, request.method, fault, 0, {}, false, request.from_file});
}

void HttpClient::cancel(PortId by) {
    const bool asked = std::holds_alternative<Connecting>(state_) || std::holds_alternative<Exchanging>(state_);
    const auto* const reading = std::get_if<Reading>(&state_);
    const auto* const saving = std::get_if<Saving>(&state_);
    if (asked && (request_.port != by || request_.wait_when_connected)) {
        request_.method = asked_;
        tell_failed(request_, HttpFault::closed);
    } else if (reading != nullptr) {
        tell(HttpData{reading->port});
    } else if (saving != nullptr && saving->port != by) {
        tell(HttpSaved{saving->port, HttpFault::closed, saving->octets, length_});
    }
    hang_up();
    stop();
}

void HttpClient::give_up(PortId port) {
    if (!std::holds_alternative<Connected>(state_) || request_.port != port) return;
    hang_up();
    stop();
}

void HttpClient::stop() {
    timer_.cancel();
    link_.close();
    up_ = false;
    raw_.clear();
    ++reading_;
    state_ = Idle{};
    response_ = {};
    fault_ = HttpFault::none;
}

void HttpClient::reset() {
    stop();
    later_.clear();
}

// The end of a connection is told behind what it brought.
void HttpClient::hang_up() {
    link_.close();
    if (std::exchange(up_, false)) tell(HttpClosed{request_.port});
}

void HttpClient::connect() {
    response_ = {};
    raw_.clear();
    ended_.reset();
    fault_ = HttpFault::none;
    status_ = 0;
    length_.reset();
    chunked_ = false;
    head_.clear();
    state_ = Connecting{};
    ServiceLink::Target target{request_.url.host, request_.url.port, request_.context, {}, request_.connect_time};
    if (request_.url.secure) target.ssl_context = request_.ssl_context;
    link_.open(target);
}

void HttpClient::on_opened(Fault fault) {
    if (fault != Fault::none) return fail(fault_of(fault), link_.cause());
    up_ = true;
    if (!std::exchange(request_.wait_when_connected, false)) return exchange();
    state_ = Connected{};
    events_.on_event(HttpConnected{request_.port});
}

bool HttpClient::go_on(PortId port, Bytes body, bool own_head) {
    if (!std::holds_alternative<Connected>(state_) || request_.port != port) return false;
    (own_head ? request_.own_head : request_.body) = std::move(body);
    exchange();
    // The server may have spoken or gone while the host was typing.
    on_data();
    return true;
}

void HttpClient::exchange() {
    Exchanging exchange;
    exchange.unsent = request_.own_head.empty() ? made_head() : request_.own_head;
    state_ = std::move(exchange);
    send_on();
}

Bytes HttpClient::made_head() const {
    Bytes head(name_of(request_.method));
    head += " " + request_.url.target + " HTTP/1.1\r\nHost: " + request_.url.authority() +
            "\r\nAccept: */*\r\nUser-Agent: QUECTEL_MODULE\r\nConnection: Keep-Alive\r\n" + request_.personal +
            request_.fields;
    if (request_.method != HttpMethod::get) {
        const std::uint64_t octets =
            request_.body_file.empty() ? request_.body.size() : files_.size(request_.body_file).value_or(0);
        head += "Content-Type: " + request_.content_type + "\r\nContent-Length: " + std::to_string(octets) + "\r\n";
    }
    return head + "\r\n";
}

void HttpClient::send_on() {
    auto* exchange = std::get_if<Exchanging>(&state_);
    if (exchange == nullptr || exchange->all_sent) return;
    for (;;) {
        if (exchange->unsent.empty()) exchange->unsent = next_of_body();
        if (fault_ != HttpFault::none) return fail(fault_, "the file " + request_.body_file + " cannot be read");
        if (exchange->unsent.empty()) break;
        const std::size_t taken = link_.write(exchange->unsent);
        exchange->unsent.erase(0, taken);
        if (!exchange->unsent.empty()) {
            if (taken > 0 || !timer_.pending()) wait_for_progress();
            return;
        }
    }
    exchange->all_sent = true;
    wait_for_progress();
}

// From the file piece by piece; else all of what the host gave.
Bytes HttpClient::next_of_body() {
    if (request_.body_file.empty()) return std::exchange(request_.body, {});
    auto& exchange = std::get<Exchanging>(state_);
    auto octets = files_.read(request_.body_file, exchange.from_file, piece);
    if (!octets) {
        fault_ = HttpFault::file_failed;
        return {};
    }
    exchange.from_file += octets->size();
    return std::move(*octets);
}

// A server that takes nothing for so long has had its time.
void HttpClient::wait_for_progress() {
    timer_ = timers_.after(request_.response_time, [this] { timed_out(); });
}

void HttpClient::on_room() { send_on(); }

// --- the response -------------------------------------------------------------------------------------------------

void HttpClient::on_data() {
    if (std::holds_alternative<Exchanging>(state_)) return take_head();
    if (std::holds_alternative<Saving>(state_)) return save_on();
    if (const auto* reading = std::get_if<Reading>(&state_)) {
        timer_.cancel();
        events_.on_event(HttpData{reading->port});
    }
}

void HttpClient::on_ended(ServiceEnd how) {
    ended_ = how;
    on_data();
}

HttpFault HttpClient::fault_at_end() const {
    if (ended_ == ServiceEnd::context) return HttpFault::context_lost;
    if (ended_ == ServiceEnd::in_order) return HttpFault::closed;
    const auto* exchange = std::get_if<Exchanging>(&state_);
    return exchange != nullptr && !exchange->all_sent ? HttpFault::write_failed : HttpFault::read_failed;
}

void HttpClient::take_head() {
    Bytes body;
    while (response_.state() == codec::HttpResponse::State::head) {
        if (raw_.empty()) raw_ = link_.read(piece);
        if (raw_.empty()) break;
        raw_.erase(0, response_.feed(raw_, body, 0));
    }
    if (response_.state() == codec::HttpResponse::State::malformed) {
        return fail(HttpFault::bad_response, "no HTTP response: " + response_.fault());
    }
    if (response_.state() == codec::HttpResponse::State::head) {
        if (ended_) fail(fault_at_end(), "closed before it answered: " + link_.cause());
        return;
    }
    status_ = response_.status();
    length_ = response_.content_length();
    chunked_ = response_.chunked();
    head_ = response_.head();
    const std::string location = response_.field("Location");
    if (status_ == redirection && !location.empty()) return redirect(location);
    if (response_.state() == codec::HttpResponse::State::complete) hang_up();
    answer(HttpFault::none);
}

void HttpClient::redirect(const std::string& location) {
    const auto url = codec::parse_url(location);
    if (!url) return fail(HttpFault::bad_url, "redirected to \"" + printable(location) + "\", which is no whole URL");
    if (url->secure && !request_.allow_tls) return fail(HttpFault::tls_not_allowed, "redirected to https");
    if (++redirections_ > most_redirections) return fail(HttpFault::bad_response, "redirected without end");
    say("redirected to " + location);
    const auto& old = request_.url;
    if (url->host != old.host || url->port != old.port || url->secure != old.secure) request_.personal.clear();
    request_.url = *url;
    request_.method = HttpMethod::get;
    request_.own_head.clear();
    request_.body.clear();
    request_.body_file.clear();
    link_.close();
    up_ = false;
    timer_.cancel();
    connect();
}

void HttpClient::answer(HttpFault fault) {
    timer_.cancel();
    if (fault == HttpFault::none) {
        say("status " + std::to_string(status_));
        state_ = Answered{};
    } else {
        hang_up();
        state_ = Idle{};
    }
    if (const auto& to = request_.save_to) {
        const bool good = status_ >= first_good_status && status_ <= last_good_status;
        if (fault == HttpFault::none && good) return save(to->file, {}, to->most, to->pause, request_.port);
        state_ = Saving{nullptr, to->pause, 0, to->most, request_.port};
        return finish_saving(fault == HttpFault::none ? HttpFault::bad_response : fault, "nothing to save");
    }
    events_.on_event(HttpAnswered{request_.port, asked_, fault, status_, length_, chunked_, from_file_});
}

void HttpClient::fail(HttpFault fault, const std::string& cause) {
    log_.write(Level::warning, "http",
               std::string(name_of(request_.method)) + " " + request_.url.authority() + " failed: " + cause,
               {{"host", request_.url.host}, {"port", std::to_string(request_.url.port)}, {"cause", cause}});
    answer(fault);
}

}  // namespace atls::modem
