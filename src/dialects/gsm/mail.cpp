// Mail of the GSM modules: QSMTPSRV QSMTPUSER QSMTPPWD QSMTPADDR QSMTPNAME QSMTPDST QSMTPSUB QSMTPBODY QSMTPATT
// QSMTPCLR QSMTPPUT. How the server is spoken to is QSSLCFG's: "smtpstyle", "smtpsctxi".
#include "dialects/quectel/mail.hpp"

#include "dialects/gsm/gsm.hpp"
#include "dialects/quectel/files.hpp"

namespace atls::dialects::gsm {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t longest_text = 10240;
constexpr int most_attachments = 10;
constexpr int default_seconds = 120;

constexpr Text server = filled(Text{"srv", 255});
constexpr Int port = opt(Int{"port", 1, 65535});
constexpr Text user{"username", 100};
constexpr Text password{"password", 100};
constexpr Text name{"name", 100};
constexpr Text address = filled(Text{"address", 100});
constexpr Flag adds{"type"};
constexpr Int recipient_kind{"rcpt", 1, 3};
constexpr Int charset{"charset", 0, 3};
constexpr Text subject{"subject", 255};
constexpr Int length_or_time{"time", 1, longest_text, "(1-65535)"};
constexpr Int time_after_length = opt(Int{"time", 1, 65535});
constexpr Int operation{"op", 0, 2};
constexpr Int index{"index", 1, most_attachments};
constexpr Text file = opt(filled(Text{"filename", quectel::longest_path}));
constexpr Int timeout = opt(Int{"timeout", 1, 65535});

/// The message as it is being put together.
struct Draft {
    modem::Mail mail;
    std::map<int, std::string> attachments;  ///< by index
};
Draft& draft(Call& c) { return c.unit.state<Draft>(); }
modem::Mail& mail(Call& c) { return draft(c).mail; }

// --- server and sender --------------------------------------------------------------------------------------------

Reply show_server(Call& c) { return info(line("+QSMTPSRV: ", quoted(mail(c).server), ",", mail(c).server_port)); }
Reply set_server(Call& c) {
    mail(c).server = c[server];
    mail(c).server_port = static_cast<std::uint16_t>(c.number_or(port, 25));
    return ok();
}
Reply show_user(Call& c) { return info(line("+QSMTPUSER: ", quoted(mail(c).user))); }
Reply set_user(Call& c) {
    mail(c).user = c[user];
    return ok();
}
Reply set_password(Call& c) {
    mail(c).password = c[password];
    return ok();
}
Reply show_name(Call& c) { return info(line("+QSMTPNAME: ", quoted(mail(c).sender.name))); }
Reply set_name(Call& c) {
    mail(c).sender.name = c[name];
    return ok();
}
Reply show_address(Call& c) { return info(line("+QSMTPADDR: ", quoted(mail(c).sender.address))); }

Reply set_address(Call& c) {
    if (!quectel::is_mail_address(c[address])) return cme_error(cme::invalid_input);
    mail(c).sender.address = c[address];
    return ok();
}

// --- the message --------------------------------------------------------------------------------------------------

std::vector<std::string>& recipients(Call& c) {
    switch (c[recipient_kind]) {
        case 1:
            return mail(c).to;
        case 2:
            return mail(c).cc;
        default:
            return mail(c).blind;
    }
}

Reply change_recipients(Call& c) {
    if (!quectel::is_mail_address(c[address])) return cme_error(cme::invalid_input);
    auto& all = recipients(c);
    if (c[adds] == 1) {
        all.push_back(c[address]);
        return ok();
    }
    return std::erase(all, c[address]) > 0 ? ok() : cme_error(cme::not_found);
}
Reply show_recipients(Call& c) {
    std::vector<std::string> lines;
    int kind = 0;
    for (const auto* all : {&mail(c).to, &mail(c).cc, &mail(c).blind}) {
        ++kind;
        for (const auto& one : *all) lines.push_back(line("+QSMTPDST: ", kind, ",", quoted(one)));
    }
    return info(std::move(lines));
}

Reply set_subject(Call& c) {
    mail(c).charset = std::string(quectel::charset_name(c[charset]));
    mail(c).subject = c[subject];
    return ok();
}
Reply show_subject(Call& c) { return info(line("+QSMTPSUB: ", quoted(mail(c).subject))); }

// The text ends at +++, after a length that hosts of newer modules give, or when nothing comes for so long.
Reply take_text(Call& c) {
    const bool sized = c.has(time_after_length);
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(sized ? c[length_or_time] : longest_text);
    collect.escape = true;
    collect.idle = std::chrono::seconds(sized ? c[time_after_length] : c[length_or_time]);
    collect.done = [&its = mail(c), name = std::string(quectel::charset_name(c[charset]))](Collected got) {
        its.text = std::move(got.data);
        its.charset = name;
        return info(line("+QSMTPBODY: ", its.text.size()));
    };
    return Reply(std::move(collect)).with(c.line().verbose ? "OK" : "0");
}

Reply change_attachments(Call& c) {
    constexpr int add = 1;
    auto& all = draft(c).attachments;
    if (c[operation] != add) return all.erase(c.number(index)) > 0 ? ok() : cme_error(cme::not_found);
    const auto stored = c.has(file) ? quectel::stored_name(c, c[file]) : std::nullopt;
    if (!stored) return cme_error(cme::invalid_input);
    const auto octets = c.modem().files.size(*stored);
    if (!octets) return cme_error(cme::not_found);
    all[c.number(index)] = *stored;
    return info(line("+QSMTPATT: ", *octets));
}
Reply show_attachments(Call& c) {
    std::vector<std::string> lines;
    for (const auto& [number, stored] : draft(c).attachments) {
        lines.push_back(line("+QSMTPATT: ", number, ",", quoted(quectel::shown_name(c, stored))));
    }
    return info(std::move(lines));
}

Reply clear(Call& c) {
    draft(c) = Draft{};
    return ok();
}

// --- sending ------------------------------------------------------------------------------------------------------

Reply send(Call& c) {
    if (c.modem().mail.busy()) return cme_error(cme::exists);
    const Settings& now = settings(c.unit);
    modem::Mail ready = mail(c);
    for (const auto& [number, stored] : draft(c).attachments) ready.attachments.push_back(stored);
    ready.security = static_cast<modem::MailSecurity>(now.mail_style);
    ready.ssl_context = std::max(0, now.mail_context);
    ready.context = foreground(c.unit);
    ready.time = std::chrono::seconds(c.number_or(timeout, default_seconds));
    ready.port = c.port();
    c.modem().ssl_contexts[ready.ssl_context].ignore_clock = now.ignore_clock;
    c.modem().mail.send(std::move(ready));
    return ok();
}

UrcTexts sent(const modem::MailSent& event, Unit&) { return urc(line("+QSMTPPUT: ", quectel::number_of(event.fault))); }

constexpr Origin by_host = driver("M95 mail hosts", "SMTP");

constexpr Command row(std::string_view its_name, Params params, Handler set, Handler read = nullptr) {
    return {.name = its_name, .params = params, .set = set, .read = read, .errors = Errors::file, .origin = by_host};
}

constexpr Command rows[] = {
    row("+QSMTPSRV", {&server, &port}, set_server, show_server),
    row("+QSMTPUSER", {&user}, set_user, show_user),
    row("+QSMTPPWD", {&password}, set_password),
    row("+QSMTPADDR", {&address}, set_address, show_address),
    row("+QSMTPNAME", {&name}, set_name, show_name),
    row("+QSMTPDST", {&adds, &recipient_kind, &address}, change_recipients, show_recipients),
    row("+QSMTPSUB", {&charset, &subject}, set_subject, show_subject),
    row("+QSMTPBODY", {&charset, &length_or_time, &time_after_length}, take_text),
    row("+QSMTPATT", {&operation, &index, &file}, change_attachments, show_attachments),
    {.name = "+QSMTPCLR", .execute = clear, .errors = Errors::file, .origin = by_host},
    {.name = "+QSMTPPUT",
     .params = {&timeout},
     .set = send,
     .execute = send,
     .errors = Errors::file,
     .origin = by_host},
};

constexpr Urc urc_rows[] = {
    on<modem::MailSent, sent>("+QSMTPPUT: <err>", by_host),
};

}  // namespace

std::span<const Command> mail_commands() { return rows; }
std::span<const Urc> mail_urcs() { return urc_rows; }

}  // namespace atls::dialects::gsm
