// MQTT and MQTTS of the LTE families.
#include "dialects/lte/mqtt.hpp"

#include <array>

#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace std::chrono_literals;
using modem::MqttStep;
using State = modem::MqttClient::State;

namespace {

constexpr std::size_t longest_typed = 1548;
constexpr std::int64_t longest_counted = 4096;

constexpr Text host = filled(Text{"host_name", 100});
constexpr Int port = in_quotes_too(Int{"port", 1, 65535, "<port>"});
constexpr Text client_id{"clientid", 255};
constexpr Text user = opt(Text{"username", 512});
constexpr Text password = opt(Text{"password", 512});
constexpr Int message_id{"msgid", 1, 65535};
constexpr Int any_message_id{"msgid", 0, 65535};
constexpr Int qos{"qos", 0, 2};
constexpr Flag retain{"retain"};
constexpr Text topic = filled(Text{"topic", 255});
constexpr Text topic_2 = unlisted(opt(filled(Text{"topic", 255})));
constexpr Text topic_3 = unlisted(opt(filled(Text{"topic", 255})));
constexpr Text topic_4 = unlisted(opt(filled(Text{"topic", 255})));
constexpr Int qos_2 = unlisted(opt(Int{"qos", 0, 2}));
constexpr Int qos_3 = unlisted(opt(Int{"qos", 0, 2}));
constexpr Int qos_4 = unlisted(opt(Int{"qos", 0, 2}));
constexpr Int length = opt(Int{"msg_length", 1, longest_counted}, Brackets::no);
constexpr Int needed_length{"msg_length", 1, longest_counted};
constexpr Int slot = opt(Int{"recv_id", 0, static_cast<std::int64_t>(modem::MqttClient::most_waiting) - 1});

// --- the connection -----------------------------------------------------------------------------------------------

constexpr int occupied = 2;

Reply open(Call& c) {
    auto& its = client_of(c);
    if (its.state() != State::closed) {
        c.session.notify(modem::MqttAnswered{c.number(mqtt_client), c.port(), MqttStep::open, 0, occupied, {}});
        return ok();
    }
    its.open(c[host], static_cast<std::uint16_t>(c[port]), c.port());
    return ok();
}
Reply show_open(Call& c) {
    std::vector<std::string> lines;
    for (const auto& [number, one] : c.modem().mqtt_in_use()) {
        if (one->state() == State::closed || one->state() == State::opening) continue;
        lines.push_back(line("+QMTOPEN: ", number, ",", quoted(one->host()), ",", one->host_port()));
    }
    return info(std::move(lines));
}
Reply close(Call& c) {
    client_of(c).close();
    return ok();
}
Reply connect(Call& c) {
    auto& its = client_of(c);
    if (its.state() != State::open) return error();
    std::optional<std::string> name;
    std::optional<std::string> secret;
    if (c.has(user)) name = c[user];
    if (c.has(password)) secret = c[password];
    its.connect(c[client_id], std::move(name), std::move(secret));
    return ok();
}
int state_number(State state) {
    switch (state) {
        case State::connecting:
            return 2;
        case State::connected:
            return 3;
        case State::leaving:
            return 4;
        default:
            return 1;
    }
}
Reply show_connections(Call& c) {
    std::vector<std::string> lines;
    for (const auto& [number, one] : c.modem().mqtt_in_use()) {
        if (one->state() == State::closed) continue;
        lines.push_back(line("+QMTCONN: ", number, ",", state_number(one->state())));
    }
    return info(std::move(lines));
}
Reply disconnect(Call& c) {
    client_of(c).disconnect();
    return ok();
}

// --- subscriptions, messages --------------------------------------------------------------------------------------

bool connected(Call& c) { return client_of(c).state() == State::connected; }
std::uint16_t id_of(Call& c, const Int& param) { return static_cast<std::uint16_t>(c[param]); }

Reply subscribe(Call& c) {
    if (!connected(c)) return error();
    std::vector<codec::mqtt::Topic> topics{{c[topic], c.number(qos)}};
    const std::pair<const Text*, const Int*> more[] = {{&topic_2, &qos_2}, {&topic_3, &qos_3}, {&topic_4, &qos_4}};
    for (const auto& [name, level] : more) {
        if (c.has(*name) != c.has(*level)) return error();
        if (c.has(*name)) topics.push_back({c[*name], c.number(*level)});
    }
    return client_of(c).subscribe(id_of(c, message_id), topics) ? ok() : error();
}
Reply unsubscribe(Call& c) {
    if (!connected(c)) return error();
    std::vector<codec::mqtt::Topic> topics{{c[topic], 0}};
    for (const Text* const name : {&topic_2, &topic_3, &topic_4}) {
        if (c.has(*name)) topics.push_back({c[*name], 0});
    }
    return client_of(c).unsubscribe(id_of(c, message_id), topics) ? ok() : error();
}

Reply publish_message(Call& c, std::optional<std::int64_t> octets, bool extended) {
    // What is answered needs an identifier.
    if (!connected(c) || (c[qos] > 0 && c[any_message_id] == 0)) return error();
    codec::mqtt::Publish message;
    message.topic = c[topic];
    message.qos = c.number(qos);
    message.retain = c[retain] == 1;
    message.id = id_of(c, any_message_id);
    // In hexadecimal the host types two digits an octet.
    const bool hex = settings_of(c).send_hex;
    Collect collect;
    collect.limit = octets ? static_cast<std::size_t>(*octets) : longest_typed;
    if (hex) collect.limit *= 2;
    collect.control_z = !octets;
    collect.done = [&its = client_of(c), port = c.port(), message = std::move(message), extended,
                    hex](Collected got) mutable {
        if (got.end == End::cancelled) return ok();
        // Another port may have asked for something meanwhile.
        its.asked_by(port);
        auto payload = hex ? from_hex(got.data) : std::optional(std::move(got.data));
        if (!payload) return error();
        message.payload = std::move(*payload);
        return its.state() == State::connected && its.publish(std::move(message), extended) ? ok() : error();
    };
    return collect;
}
Reply publish(Call& c) { return publish_message(c, c.has(length) ? std::optional(c[length]) : std::nullopt, false); }
Reply publish_counted(Call& c) { return publish_message(c, c[needed_length], true); }

// "topic",[length,]payload
std::string message_text(const Unit& unit, const modem::MqttClient& its, const codec::mqtt::Publish& message) {
    const std::string size = its.settings.lengths ? line(message.payload.size(), ",") : "";
    const Bytes payload = its.settings.receive_hex ? to_hex(message.payload) : message.payload;
    const bool quotes = unit.quirks.mqtt_payload_quoted != 0;
    return line(message.id, ",", quoted(message.topic), ",", size, quotes ? quoted(payload) : payload);
}

Reply receive(Call& c) {
    auto& its = client_of(c);
    if (!its.settings.buffered) return error();
    const auto message = its.take(c.has(slot) ? std::optional(static_cast<std::size_t>(c[slot])) : std::nullopt);
    if (!message) return ok();
    return info(line("+QMTRECV: ", c[mqtt_client], ",", message_text(c.unit, its, *message)));
}
// Each slot of each client: 1 holds a message.
Reply show_waiting(Call& c) {
    std::vector<std::string> lines;
    for (const auto& [number, one] : c.modem().mqtt_in_use()) {
        if (one->state() == State::closed && one->waiting().empty()) continue;
        std::string text = line("+QMTRECV: ", number);
        std::array<bool, modem::MqttClient::most_waiting> taken{};
        for (const auto& message : one->waiting()) taken.at(message.slot) = true;
        for (const bool slot_taken : taken) text += slot_taken ? ",1" : ",0";
        lines.push_back(std::move(text));
    }
    return info(std::move(lines));
}

// --- URCs ---------------------------------------------------------------------------------------------------------

template <MqttStep step>
UrcTexts answered(const modem::MqttAnswered& event, Unit&) {
    if (event.step != step) return {};
    const std::string value = event.value ? line(",", *event.value) : "";
    switch (step) {
        case MqttStep::open:
            return urc(line("+QMTOPEN: ", event.client, ",", event.result));
        case MqttStep::close:
            return urc(line("+QMTCLOSE: ", event.client, ",", event.result));
        case MqttStep::disconnect:
            return urc(line("+QMTDISC: ", event.client, ",", event.result));
        case MqttStep::connect:
            return urc(line("+QMTCONN: ", event.client, ",", event.result, event.result == 0 ? value : ""));
        case MqttStep::subscribe:
            return urc(line("+QMTSUB: ", event.client, ",", event.message, ",", event.result, value));
        case MqttStep::unsubscribe:
            return urc(line("+QMTUNS: ", event.client, ",", event.message, ",", event.result));
        case MqttStep::publish:
            return urc(line("+QMTPUB: ", event.client, ",", event.message, ",", event.result, value));
        case MqttStep::publish_extended:
            return urc(line("+QMTPUBEX: ", event.client, ",", event.message, ",", event.result));
    }
    return {};
}

UrcTexts pushed(const modem::MqttMessage& event, Unit& unit) {
    auto& its = unit.modem.mqtt(event.client);
    if (its.settings.buffered) return {};
    const auto message = its.take(event.slot);
    if (!message) return {};
    return urc(line("+QMTRECV: ", event.client, ",", message_text(unit, its, *message)));
}

UrcTexts announced(const modem::MqttMessage& event, Unit& unit) {
    auto& its = unit.modem.mqtt(event.client);
    if (!its.settings.buffered) return {};
    return urc(line("+QMTRECV: ", event.client, ",", event.slot));
}

UrcTexts ended(const modem::MqttEnded& event, Unit&) { return urc(line("+QMTSTAT: ", event.client, ",", event.cause)); }

constexpr Origin by_manual(std::string_view clause) { return manual(mqtt_manual, clause); }

constexpr Command rows[] = {
    {.name = "+QMTOPEN",
     .params = {&mqtt_client, &host, &port},
     .set = open,
     .read = show_open,
     .within = 75s,
     .origin = by_manual("QMTOPEN")},
    {.name = "+QMTCLOSE", .params = {&mqtt_client}, .set = close, .origin = by_manual("QMTCLOSE")},
    {.name = "+QMTCONN",
     .params = {&mqtt_client, &client_id, &user, &password},
     .set = connect,
     .read = show_connections,
     .origin = by_manual("QMTCONN")},
    {.name = "+QMTDISC", .params = {&mqtt_client}, .set = disconnect, .origin = by_manual("QMTDISC")},
    {.name = "+QMTSUB",
     .params = {&mqtt_client, &message_id, &topic, &qos, &topic_2, &qos_2, &topic_3, &qos_3, &topic_4, &qos_4},
     .set = subscribe,
     .origin = by_manual("QMTSUB")},
    {.name = "+QMTUNS",
     .params = {&mqtt_client, &message_id, &topic, &topic_2, &topic_3, &topic_4},
     .set = unsubscribe,
     .origin = by_manual("QMTUNS")},
    {.name = "+QMTPUB",
     .params = {&mqtt_client, &any_message_id, &qos, &retain, &topic, &length},
     .set = publish,
     .origin = by_manual("QMTPUB")},
    {.name = "+QMTPUBEX",
     .params = {&mqtt_client, &any_message_id, &qos, &retain, &topic, &needed_length},
     .set = publish_counted,
     .origin = by_lpwa},
    {.name = "+QMTRECV", .params = {&mqtt_client, &slot}, .set = receive, .read = show_waiting, .origin = by_lpwa},
};

constexpr Urc urc_rows[] = {
    on<modem::MqttAnswered, answered<MqttStep::open>>("+QMTOPEN: <client_idx>,<result>", by_manual("QMTOPEN")),
    on<modem::MqttAnswered, answered<MqttStep::close>>("+QMTCLOSE: <client_idx>,<result>", by_manual("QMTCLOSE")),
    on<modem::MqttAnswered, answered<MqttStep::connect>>("+QMTCONN: <client_idx>,<result>[,<ret_code>]",
                                                         by_manual("QMTCONN")),
    on<modem::MqttAnswered, answered<MqttStep::disconnect>>("+QMTDISC: <client_idx>,<result>", by_manual("QMTDISC")),
    on<modem::MqttAnswered, answered<MqttStep::subscribe>>("+QMTSUB: <client_idx>,<msgid>,<result>[,<value>]",
                                                           by_manual("QMTSUB")),
    on<modem::MqttAnswered, answered<MqttStep::unsubscribe>>("+QMTUNS: <client_idx>,<msgid>,<result>",
                                                             by_manual("QMTUNS")),
    on<modem::MqttAnswered, answered<MqttStep::publish>>("+QMTPUB: <client_idx>,<msgid>,<result>[,<value>]",
                                                         by_manual("QMTPUB")),
    on<modem::MqttAnswered, answered<MqttStep::publish_extended>>("+QMTPUBEX: <client_idx>,<msgid>,<result>", by_lpwa),
    on<modem::MqttMessage, pushed>("+QMTRECV: <client_idx>,<msgid>,<topic>,<payload>", by_manual("QMTRECV")),
    on<modem::MqttMessage, announced>("+QMTRECV: <client_idx>,<recv_id>", by_lpwa),
    on<modem::MqttEnded, ended>("+QMTSTAT: <client_idx>,<err_code>", by_manual("QMTSTAT")),
};

}  // namespace

std::span<const Command> mqtt_commands() { return rows; }
std::span<const Urc> mqtt_urcs() { return urc_rows; }

}  // namespace atls::dialects::lte
