#include "codec/mqtt.hpp"

namespace atls::codec::mqtt {

namespace {

constexpr std::size_t longest = 1 << 20;
constexpr unsigned seven_bits = 0x7F;
constexpr unsigned more = 0x80;

char octet(unsigned value) { return static_cast<char>(value & 0xFFU); }
unsigned value_of(char c) { return static_cast<unsigned char>(c); }
Bytes number(std::uint16_t value) { return {octet(value >> 8U), octet(value)}; }
std::uint16_t number_at(BytesView octets) {
    return static_cast<std::uint16_t>((value_of(octets[0]) << 8U) | value_of(octets[1]));
}
Bytes text(BytesView octets) { return number(static_cast<std::uint16_t>(octets.size())) + Bytes(octets); }

Bytes framed(Type type, unsigned flags, const Bytes& body) {
    Bytes packet{octet((static_cast<unsigned>(type) << 4U) | flags)};
    std::size_t left = body.size();
    do {
        const auto low = static_cast<unsigned>(left & seven_bits);
        left >>= 7U;
        packet += octet(left > 0 ? low | more : low);
    } while (left > 0);
    return packet + body;
}

// SUBSCRIBE, UNSUBSCRIBE and PUBREL have reserved bits of this value.
constexpr unsigned reserved = 0x02;

}  // namespace

std::optional<Packet> Decoder::next() {
    if (malformed_) return std::nullopt;
    const BytesView all = arrived_.view();
    std::size_t length = 0;
    std::size_t head = 1;
    for (unsigned shift = 0;; shift += 7) {
        constexpr unsigned most_shift = 21;
        if (shift > most_shift) {
            malformed_ = true;
            return std::nullopt;
        }
        if (all.size() <= head) return std::nullopt;
        const unsigned here = value_of(all[head++]);
        length |= static_cast<std::size_t>(here & seven_bits) << shift;
        if ((here & more) == 0) break;
    }
    const unsigned first = value_of(all[0]);
    const unsigned type = first >> 4U;
    if (type < static_cast<unsigned>(Type::connect) || type > static_cast<unsigned>(Type::disconnect) ||
        length > longest) {
        malformed_ = true;
        return std::nullopt;
    }
    if (all.size() < head + length) return std::nullopt;
    Packet packet{static_cast<Type>(type), first & 0x0FU, Bytes(all.substr(head, length))};
    arrived_.consume(head + length);
    return packet;
}

Bytes encode(const Connect& connect) {
    const bool newer = connect.version >= 4;
    Bytes body = text(newer ? "MQTT" : "MQIsdp") + Bytes{octet(static_cast<unsigned>(connect.version))};
    unsigned flags = connect.clean ? 0x02U : 0U;
    if (connect.will) {
        flags |= 0x04U | (static_cast<unsigned>(connect.will->qos) << 3U) | (connect.will->retain ? 0x20U : 0U);
    }
    if (connect.user) flags |= 0x80U;
    if (connect.password) flags |= 0x40U;
    body += octet(flags);
    body += number(static_cast<std::uint16_t>(connect.keep_alive));
    body += text(connect.client);
    if (connect.will) body += text(connect.will->topic) + text(connect.will->message);
    if (connect.user) body += text(*connect.user);
    if (connect.password) body += text(*connect.password);
    return framed(Type::connect, 0, body);
}

Bytes encode(const Publish& publish) {
    Bytes body = text(publish.topic);
    if (publish.qos > 0) body += number(publish.id);
    body += publish.payload;
    const unsigned flags =
        (publish.repeated ? 0x08U : 0U) | (static_cast<unsigned>(publish.qos) << 1U) | (publish.retain ? 1U : 0U);
    return framed(Type::publish, flags, body);
}

Bytes encode_subscribe(std::uint16_t id, const std::vector<Topic>& topics) {
    Bytes body = number(id);
    for (const auto& one : topics) body += text(one.filter) + Bytes{octet(static_cast<unsigned>(one.qos))};
    return framed(Type::subscribe, reserved, body);
}

Bytes encode_unsubscribe(std::uint16_t id, const std::vector<Topic>& topics) {
    Bytes body = number(id);
    for (const auto& one : topics) body += text(one.filter);
    return framed(Type::unsubscribe, reserved, body);
}

Bytes encode_answer(Type type, std::uint16_t id) {
    return framed(type, type == Type::pubrel ? reserved : 0, number(id));
}

Bytes encode_bare(Type type) { return framed(type, 0, {}); }

std::optional<Publish> publish_of(const Packet& packet) {
    if (packet.type != Type::publish) return std::nullopt;
    Publish publish;
    publish.repeated = (packet.flags & 0x08U) != 0;
    publish.qos = static_cast<int>((packet.flags >> 1U) & 0x03U);
    publish.retain = (packet.flags & 0x01U) != 0;
    BytesView rest = packet.body;
    if (publish.qos > 2 || rest.size() < 2 || rest.size() < 2U + number_at(rest)) return std::nullopt;
    publish.topic = rest.substr(2, number_at(rest));
    rest.remove_prefix(2 + publish.topic.size());
    if (publish.qos > 0) {
        if (rest.size() < 2) return std::nullopt;
        publish.id = number_at(rest);
        rest.remove_prefix(2);
    }
    publish.payload = rest;
    return publish;
}

std::optional<std::uint16_t> id_of(const Packet& packet) {
    if (packet.body.size() < 2) return std::nullopt;
    return number_at(packet.body);
}

}  // namespace atls::codec::mqtt
