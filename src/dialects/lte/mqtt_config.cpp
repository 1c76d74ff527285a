// QMTCFG: what an MQTT client will be like. Settings count from the next open or connect on.
#include "dialects/lte/lte.hpp"
#include "dialects/lte/mqtt.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

constexpr Int version = opt(Int{"vsn", 3, 4, "(3,4)"});
constexpr Flag secure = opt(Flag{"ssl_enable"});
constexpr Int ssl_context = opt(Int{"ctx_index", 0, 5});
constexpr Int keep_alive = opt(Int{"keep_alive_time", 0, 3600});
constexpr Flag clean = opt(Flag{"clean_session"});
constexpr Int packet_time = opt(Int{"pkt_timeout", 1, 60});
constexpr Int retries = opt(Int{"retry_times", 0, 10});
constexpr Flag notice = opt(Flag{"timeout_notice"});
constexpr Flag will_flag = opt(Flag{"will_fg"});
constexpr Int will_qos = opt(Int{"will_qos", 0, 2});
constexpr Flag will_retain = opt(Flag{"will_retain"});
constexpr Text will_topic = opt(Text{"will_topic", 255});
constexpr Text will_message = opt(Text{"will_message", 255});
constexpr Flag receive_mode = opt(Flag{"msg_recv_mode"});
constexpr Flag length_shown = opt(Flag{"msg_len_enable"});
constexpr Text product_key{"product_key", 255, "<product_key>"};
constexpr Text device_name{"device_name", 255, "<device_name>"};
constexpr Text device_secret{"device_secret", 255, "<device_secret>"};
constexpr Flag send_format{"send_format"};
constexpr Flag receive_format{"recv_format"};
constexpr Flag send_mode{"send_mode"};

constexpr Origin newer = trace("BG95-M3", "QMTCFG=?");
constexpr Origin by_ec200 = driver("EC200 hosts", "QMTCFG");

Reply shown_setting(Call& c, const std::string& values) {
    return info(line("+QMTCFG: ", quoted(c.key->name), ",", values));
}

Reply set_version(Call& c) {
    settings_of(c).version = c.number(version);
    return ok();
}
Reply query_version(Call& c) { return shown_setting(c, std::to_string(settings_of(c).version)); }
Reply set_context(Call& c) {
    settings_of(c).context = c.number(mqtt_context);
    return ok();
}
Reply query_context(Call& c) { return shown_setting(c, std::to_string(settings_of(c).context)); }
Reply set_secure(Call& c) {
    settings_of(c).secure = c.number_or(secure, settings_of(c).secure ? 1 : 0) == 1;
    settings_of(c).ssl_context = c.number_or(ssl_context, settings_of(c).ssl_context);
    return ok();
}
Reply query_secure(Call& c) {
    const auto& now = settings_of(c);
    return shown_setting(c, now.secure ? line("1,", now.ssl_context) : "0");
}
Reply set_keep_alive(Call& c) {
    settings_of(c).keep_alive = std::chrono::seconds(c[keep_alive]);
    return ok();
}
Reply query_keep_alive(Call& c) { return shown_setting(c, std::to_string(settings_of(c).keep_alive.count())); }
Reply set_session(Call& c) {
    settings_of(c).clean = c[clean] == 1;
    return ok();
}
Reply query_session(Call& c) { return shown_setting(c, settings_of(c).clean ? "1" : "0"); }
Reply set_timeout(Call& c) {
    auto& now = settings_of(c);
    if (c.has(packet_time)) now.packet_time = std::chrono::seconds(c[packet_time]);
    now.retries = c.number_or(retries, now.retries);
    if (c.has(notice)) now.notice = c[notice] == 1;
    return ok();
}
Reply query_timeout(Call& c) {
    const auto& now = settings_of(c);
    return shown_setting(c, line(now.packet_time.count(), ",", now.retries, ",", now.notice ? 1 : 0));
}
Reply set_will(Call& c) {
    auto& will = settings_of(c).will;
    if (c[will_flag] == 0) {
        will.reset();
        return ok();
    }
    if (!c.has(will_topic) || !c.has(will_message)) return error();
    will =
        codec::mqtt::Will{c[will_topic], c[will_message], c.number_or(will_qos, 0), c.number_or(will_retain, 0) == 1};
    return ok();
}
Reply query_will(Call& c) {
    const auto& will = settings_of(c).will;
    if (!will) return shown_setting(c, "0");
    return shown_setting(
        c, line("1,", will->qos, ",", will->retain ? 1 : 0, ",", quoted(will->topic), ",", quoted(will->message)));
}
Reply set_receive_mode(Call& c) {
    auto& its = settings_of(c);
    if (c.has(length_shown)) its.lengths = c[length_shown] == 1;
    if (!c.has(receive_mode)) return ok();
    // What waits for the host to fetch it is pushed then.
    if (its.buffered && c[receive_mode] == 0) client_of(c).tell_again();
    its.buffered = c[receive_mode] == 1;
    return ok();
}
Reply query_receive_mode(Call& c) {
    const auto& now = settings_of(c);
    return shown_setting(c, line(now.buffered ? 1 : 0, ",", now.lengths ? 1 : 0));
}

// A device that is known to Alibaba Cloud signs on by what it was given; empty ones end that.
Reply set_ali(Call& c) {
    auto& ali = settings_of(c).ali;
    ali = codec::AliDevice{c[product_key], c[device_name], c[device_secret]};
    if (ali->product_key.empty() && ali->device_name.empty() && ali->device_secret.empty()) ali.reset();
    return ok();
}
Reply query_ali(Call& c) {
    const auto& ali = settings_of(c).ali;
    if (!ali) return ok();
    return shown_setting(
        c, line(quoted(ali->product_key), ",", quoted(ali->device_name), ",", quoted(ali->device_secret)));
}
Reply set_formats(Call& c) {
    settings_of(c).send_hex = c[send_format] == 1;
    settings_of(c).receive_hex = c[receive_format] == 1;
    return ok();
}
Reply query_formats(Call& c) {
    const auto& now = settings_of(c);
    return shown_setting(c, line(now.send_hex ? 1 : 0, ",", now.receive_hex ? 1 : 0));
}
// What it does is in no text: kept and shown.
Reply set_send_mode(Call& c) {
    settings_of(c).send_mode = c.number(send_mode);
    return ok();
}
Reply query_send_mode(Call& c) { return shown_setting(c, std::to_string(settings_of(c).send_mode)); }

template <class... Values>
constexpr Key key(std::string_view name, Handler set, Handler query, Origin origin, const Values*... values) {
    return {.name = name,
            .params = {&mqtt_client, values...},
            .index_params = 1,
            .set = set,
            .query = query,
            .origin = origin};
}

constexpr Key version_key = key("version", set_version, query_version, {}, &version);
constexpr Key context_key = key("pdpcid", set_context, query_context, {}, &mqtt_context);
constexpr Key secure_key = key("ssl", set_secure, query_secure, {}, &secure, &ssl_context);
constexpr Key keep_alive_key = key("keepalive", set_keep_alive, query_keep_alive, {}, &keep_alive);
constexpr Key session_key = key("session", set_session, query_session, {}, &clean);
constexpr Key timeout_key = key("timeout", set_timeout, query_timeout, {}, &packet_time, &retries, &notice);
constexpr Key will_key =
    key("will", set_will, query_will, {}, &will_flag, &will_qos, &will_retain, &will_topic, &will_message);
constexpr Key receive_key = key("recv/mode", set_receive_mode, query_receive_mode, newer, &receive_mode, &length_shown);
constexpr Key ali_key = key("aliauth", set_ali, query_ali, newer, &product_key, &device_name, &device_secret);

constexpr Key keys[] = {version_key, context_key, secure_key,  keep_alive_key, session_key,
                        timeout_key, will_key,    receive_key, ali_key};
constexpr Key ec200_keys[] = {version_key,
                              context_key,
                              secure_key,
                              keep_alive_key,
                              session_key,
                              timeout_key,
                              will_key,
                              receive_key,
                              ali_key,
                              key("send/mode", set_send_mode, query_send_mode, by_ec200, &send_mode),
                              key("dataformat", set_formats, query_formats, by_ec200, &send_format, &receive_format)};

constexpr Command rows[] = {{.name = "+QMTCFG", .keys = keys, .origin = manual(mqtt_manual, "QMTCFG")}};
constexpr Command ec200_rows[] = {{.name = "+QMTCFG", .keys = ec200_keys, .origin = manual(mqtt_manual, "QMTCFG")}};

}  // namespace

std::span<const Command> mqtt_config() { return rows; }
std::span<const Command> ec200_mqtt_config() { return ec200_rows; }

}  // namespace atls::dialects::lte
