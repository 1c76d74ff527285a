#include "codec/mqtt.hpp"

#include <gtest/gtest.h>

namespace atls::codec::mqtt {
namespace {

using namespace std::string_literals;

Decoder fed(BytesView octets) {
    Decoder decoder;
    decoder.add(octets);
    return decoder;
}

// OASIS MQTT 3.1.1, figure 3.6: level 4; will QoS 1, user, password, clean, 10 s.
TEST(MqttConnect, LooksAsInTheStandard) {
    Connect connect;
    connect.client = "id";
    connect.user = "u";
    connect.password = "p";
    connect.will = Will{"w", "m", 1, false};
    connect.keep_alive = 10;
    EXPECT_EQ(encode(connect), "\x10\x1A\0\4MQTT\4\xCE\0\x0A\0\2id\0\1w\0\1m\0\1u\0\1p"s);
}

TEST(MqttConnect, OfVersion31HasTheOldName) {
    Connect connect;
    connect.version = 3;
    connect.client = "id";
    connect.clean = false;
    EXPECT_EQ(encode(connect), "\x10\x10\0\6MQIsdp\3\0\0\x78\0\2id"s);
}

TEST(MqttLength, TakesAsManyOctetsAsItNeeds) {
    const auto head = [](std::size_t payload) {
        Publish publish;
        publish.topic = "t";
        publish.payload = Bytes(payload, 'x');
        return encode(publish).substr(1, 3);
    };
    EXPECT_EQ(head(124), "\x7F\0\1"s);
    EXPECT_EQ(head(125), "\x80\x01\0"s);
    EXPECT_EQ(head(16380), "\xFF\x7F\0"s);
    EXPECT_EQ(head(16381), "\x80\x80\x01"s);
}

TEST(MqttSubscribe, CarriesTheReservedBits) {
    EXPECT_EQ(encode_subscribe(10, {{"a/b", 1}, {"c", 2}}), "\x82\x0C\0\x0A\0\3a/b\1\0\1c\2"s);
    EXPECT_EQ(encode_unsubscribe(10, {{"a/b", 0}}), "\xA2\7\0\x0A\0\3a/b"s);
    EXPECT_EQ(encode_answer(Type::pubrel, 258), "\x62\2\1\2"s);
    EXPECT_EQ(encode_answer(Type::puback, 258), "\x40\2\1\2"s);
    EXPECT_EQ(encode_bare(Type::disconnect), "\xE0\0"s);
}

TEST(MqttPublish, SurvivesTheWayThere) {
    for (const int qos : {0, 1, 2}) {
        Publish sent{"to/modem", "a\0\xFF"s, qos, true, qos > 0, static_cast<std::uint16_t>(qos > 0 ? 0xABCD : 0)};
        const auto packet = fed(encode(sent)).next();
        ASSERT_TRUE(packet);
        const auto got = publish_of(*packet);
        ASSERT_TRUE(got);
        EXPECT_EQ(got->topic, sent.topic);
        EXPECT_EQ(got->payload, sent.payload);
        EXPECT_EQ(got->qos, qos);
        EXPECT_TRUE(got->retain);
        EXPECT_EQ(got->repeated, sent.repeated);
        EXPECT_EQ(got->id, sent.id);
    }
}

TEST(MqttPublish, IsNoneIfCutOffOrOfQosThree) {
    for (const Bytes& body : {""s, "\0"s, "\0\2a"s, "\0\1a"s, "\0\1a\0"s}) {
        EXPECT_FALSE(publish_of({Type::publish, 2, body})) << body.size();
    }
    EXPECT_FALSE(publish_of({Type::publish, 6, "\0\1a\0\1"s}));
    EXPECT_FALSE(publish_of({Type::puback, 2, "\0\1a\0\1"s}));
    EXPECT_TRUE(publish_of({Type::publish, 2, "\0\1a\0\1"s}));
}

TEST(MqttDecoder, FindsPacketsInPiecesOfAnyLength) {
    Publish publish;
    publish.topic = "t";
    publish.payload = Bytes(200, 'x');
    const Bytes all = encode_answer(Type::puback, 1) + encode(publish) + encode_bare(Type::pingresp);
    for (std::size_t step = 1; step <= all.size(); ++step) {
        Decoder decoder;
        std::vector<Type> found;
        for (std::size_t at = 0; at < all.size(); at += step) {
            decoder.add(BytesView(all).substr(at, step));
            while (const auto packet = decoder.next()) found.push_back(packet->type);
        }
        EXPECT_EQ(found, (std::vector{Type::puback, Type::publish, Type::pingresp})) << step;
        EXPECT_FALSE(decoder.malformed());
    }
}

TEST(MqttDecoder, RefusesWhatIsNoPacket) {
    for (const Bytes& octets : {"\0\0"s, "\xF0\0"s, "\x30\xFF\xFF\xFF\xFF"s, "\x30\x81\x80\x40"s}) {
        Decoder decoder = fed(octets);
        while (decoder.next()) continue;
        EXPECT_TRUE(decoder.malformed()) << to_hex(octets);
        decoder.add("\xD0\0"s);
        EXPECT_FALSE(decoder.next());
    }
}

TEST(MqttAnswer, HasAnIdentifierFirst) {
    EXPECT_EQ(id_of({Type::suback, 0, "\1\2\0"s}), 258);
    EXPECT_FALSE(id_of({Type::puback, 0, "\1"s}));
}

}  // namespace
}  // namespace atls::codec::mqtt
