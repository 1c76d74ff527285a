// The module's mail client: one message at a time to an SMTP server, in the clear, over TLS, or after STARTTLS.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "codec/base64.hpp"
#include "codec/mime.hpp"
#include "codec/smtp.hpp"
#include "modem/events.hpp"
#include "modem/outside.hpp"
#include "modem/service_link.hpp"

namespace atls::modem {

enum class MailSecurity : std::uint8_t { none, tls, starttls };

struct Mail {
    std::string server;
    std::uint16_t server_port = 25;
    MailSecurity security = MailSecurity::none;
    int ssl_context = 0;
    int context = 1;
    std::string user;  ///< empty: nobody logs in
    std::string password;
    codec::MailAddress sender;
    std::vector<std::string> to, cc, blind;
    std::string subject;
    std::string charset = "US-ASCII";
    Bytes text;
    std::vector<std::string> attachments;  ///< names in the module's files
    std::chrono::seconds time{120};        ///< for all of it
    PortId port = 0;                       ///< the AT port that asked
};

class MailClient final : private ServiceUser {
public:
    MailClient(Sockets& sockets, const Files& files, const Clock& clock, const Contexts& contexts, Timers& timers,
               EventSink& events, Log& log);
    MailClient(const MailClient&) = delete;
    MailClient& operator=(const MailClient&) = delete;

    [[nodiscard]] bool busy() const { return step_ != Step::idle; }
    /// MailSent follows, never from inside the call.
    void send(Mail mail);
    /// Whatever is under way ends, silently.
    void stop();

private:
    /// Whose answer is waited for.
    enum class Step : std::uint8_t {
        idle,
        connecting,
        greeting,
        hello,
        starttls,
        securing,
        plain,
        login,
        login_user,
        login_password,
        sender,
        recipient,
        data,
        content,
        quit
    };

    // ServiceUser
    void on_opened(Fault fault) override;
    void on_data() override;
    void on_room() override;
    void on_ended(ServiceEnd how) override;

    void ask(Step step, const std::string& command, bool secret = false);
    void answered(const codec::SmtpReply& reply);
    void said_hello(const codec::SmtpReply& reply);
    void log_in(const codec::SmtpReply& hello);
    void next_recipient();
    void begin_content();
    void flush();
    Bytes next_content();
    void end(MailFault fault, const std::string& cause, int code = 0);
    void say(Level level, const std::string& what) const;
    [[nodiscard]] std::string own_name() const;
    [[nodiscard]] codec::MailHead head() const;

    const Files& files_;
    const Clock& clock_;
    const Contexts& contexts_;
    Timers& timers_;
    EventSink& events_;
    Log& log_;
    ServiceLink link_;
    Mail mail_;
    Step step_ = Step::idle;
    bool secured_ = false;
    codec::SmtpReplies replies_;
    std::vector<std::string> recipients_;  ///< that the server has not been told of
    Bytes unsent_;
    /// What of the content follows: the head, the text, each attachment, the end.
    struct Content {
        std::size_t part = 0;        ///< 0 the head, 1 the text, then the attachments
        std::uint64_t position = 0;  ///< in the attachment
        bool finished = false;
        codec::Base64Lines lines{};
        codec::SmtpData data{};
    } content_;
    unsigned sent_ = 0;
    Timers::Handle timer_;
};

}  // namespace atls::modem
