// The module's HTTP client: one request at a time over TCP or an SSL context; bodies of any size in little memory.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "codec/http_response.hpp"
#include "codec/url.hpp"
#include "modem/events.hpp"
#include "modem/next_turn.hpp"
#include "modem/outside.hpp"
#include "modem/service_link.hpp"

namespace atls::modem {

std::string_view name_of(HttpMethod method);  ///< "GET"

struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    codec::Url url;
    std::string own_head;  ///< request line and fields as the host wrote them; empty: they are made
    std::string fields;    ///< to go into a made head, each with CR LF
    std::string personal;  ///< the same, for this server alone: a redirection to another loses them
    std::string content_type = "application/x-www-form-urlencoded";
    Bytes body;
    std::string body_file;  ///< instead of body: sent from the module's files
    /// HttpConnected comes once it is, and the rest waits for go_on(). A failure before is HttpAnswered.
    bool wait_when_connected = false;
    bool from_file = false;  ///< told with the answer: hosts hear another name then
    bool allow_tls = true;   ///< https, also where a redirection leads
    int context = 1;
    int ssl_context = 0;
    std::chrono::seconds connect_time{125};
    std::chrono::seconds response_time{60};  ///< from the request's last octet to the response's head
    PortId port = 0;                         ///< the AT port that asked
    /// The body goes into a file at once; then HttpSaved tells how all of it ended, and no HttpAnswered comes.
    struct SaveTo {
        std::string file;
        std::uint64_t most = 0;          ///< octets; 0: any number
        std::chrono::seconds pause{60};  ///< at most so long without an octet
    };
    std::optional<SaveTo> save_to{};
};

class HttpClient final : private ServiceUser {
public:
    HttpClient(Sockets& sockets, Files& files, Timers& timers, EventSink& events, Log& log);
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// A request or the saving of a body is under way.
    [[nodiscard]] bool busy() const;
    /// HttpAnswered (HttpSaved with save_to) follows, never from inside the call. What is left of an earlier response
    /// is given up; while busy() it is this one that fails.
    void start(HttpRequest request);
    /// Whatever is under way ends, for the sake of port `by`. Another port that waits for it, and one that reads, hears
    /// that it is closed.
    void cancel(PortId by);
    /// After HttpConnected: the body that the host has given meanwhile; `own_head`: it begins with the head. false:
    /// that request of `port` is no more.
    bool go_on(PortId port, Bytes body, bool own_head);
    /// The same, but the host gave none: the request is dropped without a word.
    void give_up(PortId port);
    /// A response's head has come, and nothing has read its body yet.
    [[nodiscard]] bool answered() const { return std::holds_alternative<Answered>(state_); }

    // --- of the response that came last ---
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] std::optional<std::uint64_t> content_length() const { return length_; }
    [[nodiscard]] bool chunked() const { return chunked_; }
    [[nodiscard]] const std::string& head() const { return head_; }

    /// From now on its body is read; at most `pause` goes by without an octet. Returns a number for read() and fault().
    std::uint64_t begin_reading(std::chrono::seconds pause, PortId port);
    /// The next octets; none: that was all, or fault(). nullopt: nothing now, HttpData follows.
    std::optional<Bytes> read(std::uint64_t reading, std::size_t most);
    /// How that reading ended.
    [[nodiscard]] HttpFault fault(std::uint64_t reading) const {
        return reading == reading_ ? fault_ : HttpFault::closed;
    }
    /// Instead of reading: into a file, which is there once it is whole. `first`: what stands before the body.
    /// `most`: the body may have no more octets; 0: any number. HttpSaved follows.
    void save(const std::string& file, Bytes first, std::uint64_t most, std::chrono::seconds pause, PortId port);
    /// Power off: everything goes, silently.
    void reset();

private:
    struct Idle {};
    struct Connecting {};
    struct Connected {};
    /// Sending the request, or waiting for the response's head.
    struct Exchanging {
        Bytes unsent;                 ///< of the head, then of the body
        std::uint64_t from_file = 0;  ///< so much of the file was sent
        bool all_sent = false;
    };
    struct Answered {};
    struct Reading {
        std::chrono::seconds pause{};
        PortId port = 0;
    };
    struct Saving {
        std::unique_ptr<FileWriter> writer;
        std::chrono::seconds pause{};
        std::uint64_t octets = 0;
        std::uint64_t most = 0;
        PortId port = 0;
    };

    // ServiceUser
    void on_opened(Fault fault) override;
    void on_data() override;
    void on_room() override;
    void on_ended(ServiceEnd how) override;

    void stop();
    void connect();
    void hang_up();
    void exchange();
    [[nodiscard]] Bytes made_head() const;
    void send_on();
    Bytes next_of_body();
    void take_head();
    void redirect(const std::string& location);
    void save_on();
    void wait_for_data(std::chrono::seconds pause);
    void fail(HttpFault fault, const std::string& cause);
    void answer(HttpFault fault);
    void finish_saving(HttpFault fault, const std::string& cause);
    [[nodiscard]] HttpFault fault_at_end() const;
    void wait_for_progress();
    void tell(const Event& event);
    void tell_failed(const HttpRequest& request, HttpFault fault);
    std::optional<Bytes> next_piece(std::size_t most);
    [[nodiscard]] std::string why_broken_off() const;
    void timed_out();
    void say(const std::string& what) const;

    Files& files_;
    Timers& timers_;
    EventSink& events_;
    Log& log_;
    ServiceLink link_;
    HttpRequest request_;
    codec::HttpResponse response_;
    Bytes raw_;        ///< read from the link, not yet taken by response_
    bool up_ = false;  ///< the link, and the host may want to hear when it is not
    NextTurn later_;   ///< what is to be told
    std::uint64_t reading_ = 0;
    std::optional<ServiceEnd> ended_;
    int redirections_ = 0;
    HttpMethod asked_ = HttpMethod::get;  ///< before redirections
    bool from_file_ = false;
    int status_ = 0;
    std::optional<std::uint64_t> length_;
    bool chunked_ = false;
    std::string head_;
    HttpFault fault_ = HttpFault::none;
    Timers::Handle timer_;
    std::variant<Idle, Connecting, Connected, Exchanging, Answered, Reading, Saving> state_;
};

}  // namespace atls::modem
