// An HTTP/1 response as it arrives (RFC 9112): its head, then its body without the transfer's framing. Constant memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace atls::codec {

class HttpResponse {
public:
    HttpResponse();
    ~HttpResponse();
    HttpResponse(HttpResponse&&) noexcept;
    HttpResponse& operator=(HttpResponse&&) noexcept;

    enum class State : std::uint8_t { head, body, complete, malformed };
    [[nodiscard]] State state() const { return state_; }
    /// Takes octets of the connection, in pieces of any length; interim responses (1xx) are passed over. Stops at the
    /// end of the head. Returns how many were taken: the rest belongs to the next call. State::body: at most `room`
    /// octets of content are appended to `body`.
    std::size_t feed(BytesView octets, Bytes& body, std::size_t room);
    /// The connection has ended: complete if the body is delimited by that, else malformed.
    void end();

    // --- from State::body on ---
    [[nodiscard]] int status() const;
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;
    [[nodiscard]] bool chunked() const;
    /// Status line and fields as they came, with the empty line behind them.
    [[nodiscard]] const std::string& head() const { return head_; }
    /// A field's value; empty: there is none of that name.
    [[nodiscard]] std::string field(const std::string& name) const;
    /// State::malformed: what is wrong.
    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    struct Parser;
    std::size_t feed_head(BytesView octets);
    void fail(const std::string& why);

    std::unique_ptr<Parser> parser_;
    State state_ = State::head;
    Bytes unparsed_;  // of a head that is not complete
    std::string head_;
    std::string fault_;
};

}  // namespace atls::codec
