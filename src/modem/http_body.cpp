// The HTTP client's second half: a response's body, to a reader or into a file.
#include <utility>

#include "modem/http.hpp"

namespace atls::modem {

namespace {
constexpr std::size_t piece = 16384;
// So many go into a file before others have their turn.
constexpr std::size_t most_pieces = 64;
// Between two octets of a body: heads of chunks, trailers.
constexpr std::size_t most_framing = 65536;
}  // namespace

std::uint64_t HttpClient::begin_reading(std::chrono::seconds pause, PortId port) {
    state_ = Reading{pause, port};
    return ++reading_;
}

void HttpClient::wait_for_data(std::chrono::seconds pause) {
    if (!timer_.pending()) timer_ = timers_.after(pause, [this] { timed_out(); });
}

// What can be had now of the body; none: complete, or fault_ says why not.
std::optional<Bytes> HttpClient::next_piece(std::size_t most) {
    using State = codec::HttpResponse::State;
    Bytes body;
    while (body.empty() && response_.state() == State::body && fault_ == HttpFault::none) {
        const std::size_t taken = raw_.empty() ? 0 : response_.feed(raw_, body, most);
        raw_.erase(0, taken);
        if (taken > 0 || !body.empty() || response_.state() != State::body) continue;
        // What is left, the beginning of a chunk's head say, says nothing without more.
        const Bytes more = link_.read(piece);
        raw_ += more;
        if (raw_.size() > most_framing) fault_ = HttpFault::bad_body;
        if (!more.empty()) continue;
        if (!ended_) return std::nullopt;
        // Only an orderly end ends a body that has no other.
        if (ended_ == ServiceEnd::in_order) response_.end();
        if (response_.state() != State::complete) fault_ = fault_at_end();
    }
    if (response_.state() == State::malformed && fault_ == HttpFault::none) fault_ = HttpFault::bad_body;
    return body;
}

std::string HttpClient::why_broken_off() const { return response_.fault().empty() ? link_.cause() : response_.fault(); }

std::optional<Bytes> HttpClient::read(std::uint64_t number, std::size_t most) {
    const auto* reading = std::get_if<Reading>(&state_);
    if (reading == nullptr || number != reading_) return Bytes();
    auto octets = next_piece(most);
    if (!octets) {
        wait_for_data(reading->pause);
        return std::nullopt;
    }
    timer_.cancel();
    if (!octets->empty()) return octets;
    if (fault_ != HttpFault::none) say("body broken off: " + why_broken_off());
    hang_up();
    state_ = Idle{};
    return octets;
}

void HttpClient::save(const std::string& file, Bytes first, std::uint64_t most, std::chrono::seconds pause,
                      PortId port) {
    auto writer = files_.start(file);
    state_ = Saving{nullptr, pause, 0, most, port};
    if (!writer) return finish_saving(HttpFault::file_failed, writer.error().text);
    if (!first.empty()) {
        if (auto done = (*writer)->append(first); !done) {
            return finish_saving(HttpFault::file_failed, done.error().text);
        }
    }
    std::get<Saving>(state_).writer = std::move(*writer);
    // Never from inside the call.
    timer_ = timers_.after(Duration::zero(), [this] { save_on(); });
}

void HttpClient::save_on() {
    auto& saving = std::get<Saving>(state_);
    timer_.cancel();
    for (std::size_t pieces = 0;; ++pieces) {
        if (pieces == most_pieces) {
            // Other ports have their turn.
            timer_ = timers_.after(std::chrono::milliseconds(1), [this] { save_on(); });
            return;
        }
        const auto octets = next_piece(piece);
        if (!octets) return wait_for_data(saving.pause);
        if (octets->empty()) break;
        saving.octets += octets->size();
        if (saving.most > 0 && saving.octets > saving.most) {
            return finish_saving(HttpFault::file_failed, "more than " + std::to_string(saving.most) + " octets");
        }
        if (auto done = saving.writer->append(*octets); !done) {
            return finish_saving(HttpFault::file_failed, done.error().text);
        }
    }
    if (fault_ != HttpFault::none) return finish_saving(fault_, "body broken off: " + why_broken_off());
    if (auto done = saving.writer->finish(); !done) return finish_saving(HttpFault::file_failed, done.error().text);
    finish_saving(HttpFault::none, {});
}

void HttpClient::finish_saving(HttpFault fault, const std::string& cause) {
    if (!cause.empty()) say("body not saved: " + cause);
    const auto& saving = std::get<Saving>(state_);
    timer_.cancel();
    // The writer may not have been there at all: then this is still inside save().
    tell(HttpSaved{saving.port, fault, saving.octets, length_});
    state_ = Idle{};
    hang_up();
}

void HttpClient::timed_out() {
    if (const auto* exchange = std::get_if<Exchanging>(&state_)) {
        if (!exchange->all_sent) return fail(HttpFault::timed_out, "the server takes no more of the request");
        return fail(HttpFault::response_timeout,
                    "no response within " + std::to_string(request_.response_time.count()) + " s");
    }
    if (std::holds_alternative<Saving>(state_))
        return finish_saving(HttpFault::read_timeout, "the server paused too long");
    const auto* reading = std::get_if<Reading>(&state_);
    if (reading == nullptr) return;
    fault_ = HttpFault::read_timeout;
    events_.on_event(HttpData{reading->port});
}

}  // namespace atls::modem
