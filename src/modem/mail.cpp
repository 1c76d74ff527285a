#include "modem/mail.hpp"

#include <algorithm>
#include <utility>

#include "modem/clock.hpp"
#include "modem/pdp.hpp"

namespace atls::modem {

namespace {

constexpr int link_id = Sockets::first_service + 1;
// Of an attachment at once: whole base64 lines.
constexpr std::size_t piece = std::size_t{57} * 256;
// No base64 line has such a thing in it.
constexpr const char* boundary = "=_atls_part_boundary";

bool is_good(int code) { return code >= 200 && code < 300; }

std::string two_digits(std::int64_t number) {
    std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
}

// RFC 5322, 3.3
std::string date_text(WallTime utc, int zone_quarters) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto local = utc + zone_quarters * std::chrono::minutes(15);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(local - day);
    const int minutes = std::abs(zone_quarters) * 15;
    return std::string(days[std::chrono::weekday(day).c_encoding()]) + ", " +
           std::to_string(static_cast<unsigned>(date.day())) + " " + months[static_cast<unsigned>(date.month()) - 1] +
           " " + std::to_string(static_cast<int>(date.year())) + " " + two_digits(time.hours().count()) + ":" +
           two_digits(time.minutes().count()) + ":" + two_digits(time.seconds().count()) +
           (zone_quarters < 0 ? " -" : " +") + two_digits(minutes / 60) + two_digits(minutes % 60);
}

MailFault fault_of(Fault fault) {
    switch (fault) {
        case Fault::name_not_resolved:
            return MailFault::name_not_resolved;
        case Fault::context_inactive:
            return MailFault::context_inactive;
        case Fault::context_lost:
            return MailFault::context_lost;
        case Fault::timed_out:
            return MailFault::timed_out;
        default:
            return MailFault::connect_failed;
    }
}

}  // namespace

MailClient::MailClient(Sockets& sockets, const Files& files, const Clock& clock, const Contexts& contexts,
                       Timers& timers, EventSink& events, Log& log)
    : files_(files),
      clock_(clock),
      contexts_(contexts),
      timers_(timers),
      events_(events),
      log_(log),
      link_(sockets, link_id, *this) {}

void MailClient::say(Level level, const std::string& what) const {
    log_.write(level, "mail", mail_.server + ":" + std::to_string(mail_.server_port) + ": " + what,
               {{"host", mail_.server}, {"port", std::to_string(mail_.server_port)}});
}

// An address literal: a module has no name (RFC 5321, 4.1.3).
std::string MailClient::own_name() const { return "[" + contexts_.address(mail_.context) + "]"; }

void MailClient::send(Mail mail) {
    stop();
    mail_ = std::move(mail);
    step_ = Step::connecting;
    secured_ = mail_.security == MailSecurity::tls;
    recipients_ = mail_.to;
    recipients_.insert(recipients_.end(), mail_.cc.begin(), mail_.cc.end());
    recipients_.insert(recipients_.end(), mail_.blind.begin(), mail_.blind.end());
    timer_ = timers_.after(mail_.time, [this] {
        end(MailFault::timed_out, "not done within " + std::to_string(mail_.time.count()) + " s");
    });
    if (mail_.server.empty() || mail_.sender.address.empty() || recipients_.empty()) {
        timer_ = timers_.after(Duration::zero(),
                               [this] { end(MailFault::incomplete, "no server, no sender or nobody to send to"); });
        return;
    }
    ServiceLink::Target target{mail_.server, mail_.server_port, mail_.context, {}, mail_.time};
    if (secured_) target.ssl_context = mail_.ssl_context;
    link_.open(target);
}

void MailClient::stop() {
    timer_.cancel();
    link_.close();
    step_ = Step::idle;
    replies_ = {};
    unsent_.clear();
    content_ = {};
}

void MailClient::end(MailFault fault, const std::string& cause, int code) {
    if (fault == MailFault::none) {
        say(Level::info, "sent");
    } else {
        say(Level::warning, "not sent: " + cause);
    }
    const MailSent event{mail_.port, fault, code};
    stop();
    events_.on_event(event);
}

// --- the link -----------------------------------------------------------------------------------------------------

void MailClient::on_opened(Fault fault) {
    if (fault != Fault::none) return end(fault_of(fault), link_.cause());
    if (step_ == Step::connecting) {
        step_ = Step::greeting;
        return;
    }
    // After STARTTLS nothing that was said before counts.
    secured_ = true;
    ask(Step::hello, "EHLO " + own_name());
}

void MailClient::on_data() {
    for (Bytes octets = link_.read(piece); !octets.empty(); octets = link_.read(piece)) replies_.add(octets);
    while (step_ != Step::idle && step_ != Step::securing) {
        const auto reply = replies_.next();
        if (replies_.malformed()) return end(MailFault::bad_answer, "that is no SMTP server");
        if (!reply) return;
        answered(*reply);
    }
}

void MailClient::on_room() { flush(); }

void MailClient::on_ended(ServiceEnd how) {
    on_data();
    if (step_ == Step::idle) return;
    // What follows QUIT does not matter any more.
    if (step_ == Step::quit) return end(MailFault::none, {});
    end(how == ServiceEnd::context ? MailFault::context_lost : MailFault::closed,
        "the server closed: " + link_.cause());
}

void MailClient::ask(Step step, const std::string& command, bool secret) {
    step_ = step;
    say(Level::debug, "asked: " + (secret ? std::string("(a secret)") : printable(command)));
    unsent_ += command + "\r\n";
    flush();
}

void MailClient::flush() {
    for (;;) {
        unsent_.erase(0, link_.write(unsent_));
        if (!unsent_.empty() || step_ != Step::content || content_.finished) return;
        unsent_ = next_content();
        if (step_ == Step::idle) return;  // an attachment could not be read
    }
}

// --- the dialogue -------------------------------------------------------------------------------------------------

void MailClient::answered(const codec::SmtpReply& reply) {
    const std::string words = std::to_string(reply.code) + " " + (reply.lines.empty() ? "" : reply.lines.front());
    say(Level::debug, "answered: " + printable(words));
    const auto refused = [&](MailFault fault) { end(fault, "the server said " + printable(words), reply.code); };
    constexpr int go_on_with_login = 334;
    constexpr int go_on_with_data = 354;
    switch (step_) {
        case Step::idle:
        case Step::connecting:
        case Step::securing:
            return;
        case Step::greeting:
            if (!is_good(reply.code)) return refused(MailFault::refused_greeting);
            return ask(Step::hello, "EHLO " + own_name());
        case Step::hello:
            if (!is_good(reply.code)) return refused(MailFault::refused_greeting);
            return said_hello(reply);
        case Step::starttls:
            if (!is_good(reply.code)) return refused(MailFault::no_starttls);
            // Octets behind the answer came in the clear and would pass for the server's own.
            step_ = Step::securing;
            if (replies_.surplus() || !link_.secure(mail_.ssl_context)) {
                end(MailFault::bad_answer, "the server spoke on after its answer to STARTTLS");
            }
            return;
        case Step::plain:
        case Step::login_password:
            if (!is_good(reply.code)) return refused(MailFault::refused_login);
            return ask(Step::sender, "MAIL FROM:<" + mail_.sender.address + ">");
        case Step::login:
            if (reply.code != go_on_with_login) return refused(MailFault::refused_login);
            return ask(Step::login_user, codec::to_base64(mail_.user), true);
        case Step::login_user:
            if (reply.code != go_on_with_login) return refused(MailFault::refused_login);
            return ask(Step::login_password, codec::to_base64(mail_.password), true);
        case Step::sender:
            if (!is_good(reply.code)) return refused(MailFault::refused_sender);
            return next_recipient();
        case Step::recipient:
            if (!is_good(reply.code)) return refused(MailFault::refused_recipient);
            return next_recipient();
        case Step::data:
            if (reply.code != go_on_with_data) return refused(MailFault::refused_mail);
            return begin_content();
        case Step::content:
            if (!is_good(reply.code)) return refused(MailFault::refused_mail);
            return ask(Step::quit, "QUIT");
        case Step::quit:
            return end(MailFault::none, {});
    }
}

void MailClient::said_hello(const codec::SmtpReply& reply) {
    if (mail_.security == MailSecurity::starttls && !secured_) {
        // Without it everything would go in the clear: what was asked for is not to be had.
        if (!codec::offers(reply, "STARTTLS")) return end(MailFault::no_starttls, "the server has no STARTTLS");
        return ask(Step::starttls, "STARTTLS");
    }
    log_in(reply);
}

void MailClient::log_in(const codec::SmtpReply& hello) {
    if (mail_.user.empty()) return ask(Step::sender, "MAIL FROM:<" + mail_.sender.address + ">");
    if (codec::offers(hello, "AUTH", "PLAIN")) {
        return ask(Step::plain, "AUTH PLAIN " + codec::auth_plain(mail_.user, mail_.password), true);
    }
    if (codec::offers(hello, "AUTH", "LOGIN")) return ask(Step::login, "AUTH LOGIN");
    end(MailFault::refused_login, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
}

void MailClient::next_recipient() {
    if (recipients_.empty()) return ask(Step::data, "DATA");
    const std::string next = recipients_.front();
    recipients_.erase(recipients_.begin());
    ask(Step::recipient, "RCPT TO:<" + next + ">");
}

// --- the content --------------------------------------------------------------------------------------------------

codec::MailHead MailClient::head() const {
    codec::MailHead head;
    head.from = mail_.sender;
    head.to = mail_.to;
    head.cc = mail_.cc;
    head.subject = mail_.subject;
    head.charset = mail_.charset;
    const auto now = clock_.utc();
    head.date = date_text(now, clock_.zone_quarters());
    head.message_id = std::to_string(now.time_since_epoch().count()) + "." + std::to_string(sent_) + "@" + own_name();
    if (!mail_.attachments.empty()) head.boundary = boundary;
    return head;
}

void MailClient::begin_content() {
    step_ = Step::content;
    content_ = {};
    ++sent_;
    flush();
}

// The next octets as they go to the server; the final dot with the last of them.
Bytes MailClient::next_content() {
    auto& now = content_;
    if (now.part == 0) {
        ++now.part;
        return now.data.add(codec::mail_head(head()));
    }
    if (now.part == 1) {
        ++now.part;
        Bytes lines = now.lines.add(mail_.text);
        lines += now.lines.finish();
        if (!mail_.attachments.empty()) lines += codec::attachment_head(boundary, mail_.attachments.front());
        return now.data.add(lines);
    }
    const std::size_t attachment = now.part - 2;
    if (attachment >= mail_.attachments.size()) {
        now.finished = true;
        Bytes last = now.data.add(codec::mail_end(mail_.attachments.empty() ? "" : boundary));
        last += now.data.finish();
        return last;
    }
    const auto octets = files_.read(mail_.attachments[attachment], now.position, piece);
    if (!octets) {
        end(MailFault::file_failed, "attachment: " + octets.error().text);
        return {};
    }
    now.position += octets->size();
    Bytes lines = now.lines.add(*octets);
    if (octets->size() < piece) {
        lines += now.lines.finish();
        ++now.part;
        now.position = 0;
        const bool more = attachment + 1 < mail_.attachments.size();
        if (more) lines += codec::attachment_head(boundary, mail_.attachments[attachment + 1]);
    }
    return now.data.add(lines);
}

}  // namespace atls::modem
