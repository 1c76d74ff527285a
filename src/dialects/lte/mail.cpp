// Mail of the LTE families: QSMTPCFG QSMTPDST QSMTPSUB QSMTPBODY QSMTPATT QSMTPCLR QSMTPPUT.
#include "dialects/quectel/mail.hpp"

#include <map>

#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/quectel/files.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t longest_text = 10240;
constexpr int most_attachments = 10;
constexpr int default_seconds = 120;
constexpr int default_input_seconds = 90;

constexpr Int security = opt(Int{"ssl_type", 0, 2});
constexpr Int ssl_context = opt(Int{"sslctxid", 0, 5});
constexpr Text server = opt(filled(Text{"srvaddr", 255, "<srvaddr>"}));
constexpr Int port = opt(Int{"srvport", 1, 65535, "<srvport>"});
constexpr Flag original = opt(Flag{"body_original"});
constexpr Text user = opt(Text{"username", 100, "<username>"});
constexpr Text password = opt(Text{"password", 100, "<password>"});
constexpr Text sender_name = opt(Text{"sender_name", 100, "<sender_name>"});
constexpr Text sender_address = opt(Text{"sender_email", 100, "<sender_email>"});
constexpr Flag adds{"add/del"};
constexpr Int recipient_kind{"type", 1, 3};
constexpr Text address = filled(Text{"emailaddr", 100});
constexpr Int charset{"charset", 0, 3};
constexpr Text subject{"subject", 255};
constexpr Int length{"body_length", 1, longest_text};
constexpr Int input_time = opt(Int{"input_time", 1, 65535});
constexpr Int operation{"operation", 1, 2};
constexpr Int index = opt(Int{"index", 1, most_attachments});
constexpr Text file = opt(filled(Text{"filename", quectel::longest_path, "<filename>"}));
constexpr Int timeout = opt(Int{"timeout", 1, 65535});

struct Draft {
    modem::Mail mail;
    std::map<int, std::string> attachments;  ///< by index
    int original = 0;                        ///< kept and shown
};
Draft& draft(Call& c) { return c.unit.state<Draft>(); }
modem::Mail& mail(Call& c) { return draft(c).mail; }

// A key's answer shows all that it sets.
Reply shown_setting(Call& c, const std::string& values) {
    return info(line("+QSMTPCFG: ", quoted(c.key->name), ",", values));
}

Reply set_context(Call& c) {
    mail(c).context = c.number(mail_context);
    return ok();
}
Reply query_context(Call& c) { return shown_setting(c, std::to_string(mail(c).context)); }
Reply set_security(Call& c) {
    mail(c).security = static_cast<modem::MailSecurity>(c[security]);
    return ok();
}
Reply query_security(Call& c) { return shown_setting(c, std::to_string(static_cast<int>(mail(c).security))); }
Reply set_ssl_context(Call& c) {
    mail(c).ssl_context = c.number(ssl_context);
    return ok();
}
Reply query_ssl_context(Call& c) { return shown_setting(c, std::to_string(mail(c).ssl_context)); }
Reply set_server(Call& c) {
    mail(c).server = c[server];
    mail(c).server_port = static_cast<std::uint16_t>(c.number_or(port, 25));
    return ok();
}
Reply query_server(Call& c) { return shown_setting(c, line(quoted(mail(c).server), ",", mail(c).server_port)); }
Reply set_account(Call& c) {
    mail(c).user = c[user];
    mail(c).password = c[password];
    return ok();
}
// The password is not shown.
Reply query_account(Call& c) { return shown_setting(c, line(quoted(mail(c).user), ",\"\"")); }
Reply set_sender(Call& c) {
    if (!quectel::is_mail_address(c[sender_address])) return error();
    mail(c).sender = {c[sender_name], c[sender_address]};
    return ok();
}
Reply query_sender(Call& c) {
    return shown_setting(c, line(quoted(mail(c).sender.name), ",", quoted(mail(c).sender.address)));
}

Reply set_original(Call& c) {
    draft(c).original = c.number(original);
    return ok();
}
Reply query_original(Call& c) { return shown_setting(c, std::to_string(draft(c).original)); }

std::vector<std::string>& recipients(modem::Mail& of, std::int64_t kind) {
    if (kind == 1) return of.to;
    return kind == 2 ? of.cc : of.blind;
}
Reply change_recipients(Call& c) {
    if (!quectel::is_mail_address(c[address])) return error();
    auto& all = recipients(mail(c), c[recipient_kind]);
    if (c[adds] == 0) return std::erase(all, c[address]) > 0 ? ok() : error();
    all.push_back(c[address]);
    return ok();
}
Reply show_recipients(Call& c) {
    std::vector<std::string> lines;
    for (int kind = 1; kind <= 3; ++kind) {
        for (const auto& one : recipients(mail(c), kind)) lines.push_back(line("+QSMTPDST: ", kind, ",", quoted(one)));
    }
    return info(std::move(lines));
}

Reply set_subject(Call& c) {
    mail(c).charset = quectel::charset_name(c[charset]);
    mail(c).subject = c[subject];
    return ok();
}
Reply show_subject(Call& c) { return info(line("+QSMTPSUB: ", quoted(mail(c).subject))); }

Reply take_text(Call& c) {
    Collect collect = quectel::collect_upload(c[length], c.number_or(input_time, default_input_seconds));
    collect.done = [&its = mail(c), name = quectel::charset_name(c[charset])](Collected got) {
        its.text = std::move(got.data);
        its.charset = name;
        return info(line("+QSMTPBODY: ", its.text.size()));
    };
    return collect;
}

Reply change_attachments(Call& c) {
    constexpr int add = 1;
    auto& all = draft(c).attachments;
    if (c[operation] != add) {
        if (!c.has(index)) {
            all.clear();
            return ok();
        }
        return all.erase(c.number(index)) > 0 ? ok() : error();
    }
    if (!c.has(index) || !c.has(file)) return error();
    const auto stored = quectel::stored_name(c, c[file]);
    if (!stored || !c.modem().files.size(*stored)) return error();
    all[c.number(index)] = *stored;
    return ok();
}
Reply show_attachments(Call& c) {
    std::vector<std::string> lines;
    for (const auto& [number, stored] : draft(c).attachments) {
        lines.push_back(line("+QSMTPATT: ", number, ",", quoted(quectel::shown_name(c, stored)), ",",
                             c.modem().files.size(stored).value_or(0)));
    }
    return info(std::move(lines));
}

Reply clear(Call& c) {
    auto& its = mail(c);
    draft(c).attachments.clear();
    its.to.clear();
    its.cc.clear();
    its.blind.clear();
    its.subject.clear();
    its.text.clear();
    return ok();
}

Reply send(Call& c) {
    if (c.modem().mail.busy()) return error();
    modem::Mail ready = mail(c);
    for (const auto& [number, stored] : draft(c).attachments) ready.attachments.push_back(stored);
    ready.time = std::chrono::seconds(c.number_or(timeout, default_seconds));
    ready.port = c.port();
    c.modem().mail.send(std::move(ready));
    return ok();
}

UrcTexts sent(const modem::MailSent& event, Unit&) {
    return urc(line("+QSMTPPUT: ", quectel::number_of(event.fault), ",", event.code));
}

constexpr Origin by_host = driver("UC20 and LTE hosts", "SMTP");
constexpr Origin by_trace = trace("EG25-G", "QSMTPCFG=?");

constexpr Key keys[] = {
    {.name = "account", .params = {&user, &password}, .set = set_account, .query = query_account},
    {.name = "sender", .params = {&sender_name, &sender_address}, .set = set_sender, .query = query_sender},
    {.name = "smtpserver", .params = {&server, &port}, .set = set_server, .query = query_server},
    {.name = "contextid", .params = {&mail_context}, .set = set_context, .query = query_context},
    {.name = "sslctxid", .params = {&ssl_context}, .set = set_ssl_context, .query = query_ssl_context},
    {.name = "ssltype", .params = {&security}, .set = set_security, .query = query_security},
    {.name = "bodyoriginal", .params = {&original}, .set = set_original, .query = query_original},
};

constexpr Command rows[] = {
    {.name = "+QSMTPCFG", .keys = keys, .origin = by_trace},
    {.name = "+QSMTPDST",
     .params = {&adds, &recipient_kind, &address},
     .set = change_recipients,
     .read = show_recipients,
     .origin = by_host},
    {.name = "+QSMTPSUB", .params = {&charset, &subject}, .set = set_subject, .read = show_subject, .origin = by_host},
    {.name = "+QSMTPBODY", .params = {&charset, &length, &input_time}, .set = take_text, .origin = by_host},
    {.name = "+QSMTPATT",
     .params = {&operation, &index, &file},
     .set = change_attachments,
     .read = show_attachments,
     .origin = by_host},
    {.name = "+QSMTPCLR", .execute = clear, .origin = by_host},
    {.name = "+QSMTPPUT", .params = {&timeout}, .set = send, .execute = send, .origin = by_host},
};

constexpr Urc urc_rows[] = {
    on<modem::MailSent, sent>("+QSMTPPUT: <err>,<protocol_error>", by_host),
};

}  // namespace

std::span<const Command> mail_commands() { return rows; }
std::span<const Urc> mail_urcs() { return urc_rows; }

}  // namespace atls::dialects::lte
