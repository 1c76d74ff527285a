#include "codec/http_response.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <utility>

namespace atls::codec {

namespace http = boost::beast::http;

namespace {
// More fields than any server sends a module.
constexpr std::uint32_t longest_head = 65536;
constexpr int first_final_status = 200;
constexpr int switching_protocols = 101;
}  // namespace

struct HttpResponse::Parser {
    http::response_parser<http::buffer_body> beast;
    Parser() {
        beast.header_limit(longest_head);
        beast.body_limit(std::numeric_limits<std::uint64_t>::max());
    }
};

HttpResponse::HttpResponse() : parser_(std::make_unique<Parser>()) {}
HttpResponse::~HttpResponse() = default;
HttpResponse::HttpResponse(HttpResponse&&) noexcept = default;
HttpResponse& HttpResponse::operator=(HttpResponse&&) noexcept = default;

void HttpResponse::fail(const std::string& why) {
    state_ = State::malformed;
    fault_ = why;
}

// The parser wants a head in one piece; what it does not take is kept until the rest has come.
std::size_t HttpResponse::feed_head(BytesView octets) {
    const std::size_t before = unparsed_.size();
    unparsed_ += octets;
    std::size_t done = 0;
    while (state_ == State::head) {
        boost::system::error_code fault;
        const BytesView left = BytesView(unparsed_).substr(done);
        const std::size_t taken = parser_->beast.put({left.data(), left.size()}, fault);
        done += taken;
        if (fault == http::error::need_more) {
            if (unparsed_.size() - done > longest_head) fail("a head of more than 64 KiB");
            unparsed_.erase(0, done);
            return octets.size();
        }
        if (fault) {
            fail(fault.message());
            break;
        }
        if (!parser_->beast.is_header_done()) continue;
        const int code = status();
        if (code < first_final_status && code != switching_protocols) {
            parser_ = std::make_unique<Parser>();
            continue;
        }
        head_ = unparsed_.substr(0, done);
        const auto start = head_.rfind("\r\n\r\n", head_.size() - 5);
        if (start != std::string::npos && head_.size() > 4) head_.erase(0, start + 4);  // interim heads before it
        state_ = parser_->beast.is_done() ? State::complete : State::body;
        parser_->beast.eager(true);
    }
    unparsed_.clear();
    return done - std::min(done, before);
}

std::size_t HttpResponse::feed(BytesView octets, Bytes& body, std::size_t room) {
    if (state_ == State::head) return feed_head(octets);
    if (state_ != State::body || room == 0) return 0;
    const std::size_t before = body.size();
    body.resize(before + room);
    auto& into = parser_->beast.get().body();
    into.data = body.data() + before;
    into.size = room;
    into.more = true;
    std::size_t taken = 0;
    boost::system::error_code fault;
    while (taken < octets.size() && !parser_->beast.is_done() && into.size > 0) {
        const std::size_t step = parser_->beast.put({octets.data() + taken, octets.size() - taken}, fault);
        taken += step;
        if (fault || step == 0) break;
    }
    body.resize(before + room - into.size);
    into.data = nullptr;
    into.size = 0;
    if (fault && fault != http::error::need_more && fault != http::error::need_buffer) {
        fail(fault.message());
    } else if (parser_->beast.is_done()) {
        state_ = State::complete;
    }
    return taken;
}

void HttpResponse::end() {
    if (state_ == State::head) return fail("the connection ended before the head was complete");
    if (state_ != State::body) return;
    boost::system::error_code fault;
    parser_->beast.put_eof(fault);
    if (fault) return fail("the connection ended in the middle of the body");
    state_ = State::complete;
}

int HttpResponse::status() const { return static_cast<int>(parser_->beast.get().result_int()); }

std::optional<std::uint64_t> HttpResponse::content_length() const {
    const auto length = parser_->beast.content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

bool HttpResponse::chunked() const { return parser_->beast.chunked(); }

std::string HttpResponse::field(const std::string& name) const {
    const auto& fields = parser_->beast.get().base();
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : std::string(found->value());
}

}  // namespace atls::codec
