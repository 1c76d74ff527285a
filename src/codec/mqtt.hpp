// Packets of MQTT 3.1 and 3.1.1 (OASIS MQTT 3.1.1, chapter 2 and 3): octets and back, no state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace atls::codec::mqtt {

enum class Type : std::uint8_t {
    connect = 1,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    pingreq,
    pingresp,
    disconnect,
};

struct Packet {
    Type type = Type::pingresp;
    unsigned flags = 0;
    Bytes body{};  ///< what follows the fixed header
};

/// Finds packets in what arrives, in pieces of any length.
class Decoder {
public:
    void add(BytesView octets) { arrived_.append(octets); }
    std::optional<Packet> next();
    /// No packet is like this: an unknown type, a length of more than four octets, more than 1 MiB. It stays so.
    [[nodiscard]] bool malformed() const { return malformed_; }

private:
    ByteQueue arrived_;
    bool malformed_ = false;
};

struct Will {
    std::string topic;
    Bytes message;
    int qos = 0;
    bool retain = false;
};
struct Connect {
    int version = 4;  ///< 3: MQTT 3.1; 4: 3.1.1
    std::string client;
    std::optional<std::string> user{};
    std::optional<std::string> password{};
    std::optional<Will> will{};
    bool clean = true;
    int keep_alive = 120;  ///< seconds; 0: none
};
struct Publish {
    std::string topic;
    Bytes payload;
    int qos = 0;
    bool retain = false;
    bool repeated = false;  ///< DUP
    std::uint16_t id = 0;   ///< with qos 1 and 2
};
struct Topic {
    std::string filter;
    int qos = 0;
};

Bytes encode(const Connect& connect);
Bytes encode(const Publish& publish);
Bytes encode_subscribe(std::uint16_t id, const std::vector<Topic>& topics);
Bytes encode_unsubscribe(std::uint16_t id, const std::vector<Topic>& topics);
/// PUBACK, PUBREC, PUBREL, PUBCOMP.
Bytes encode_answer(Type type, std::uint16_t id);
/// PINGREQ, DISCONNECT.
Bytes encode_bare(Type type);

/// nullopt: the packet is cut off or of another kind.
std::optional<Publish> publish_of(const Packet& packet);
/// The identifier that an answer begins with.
std::optional<std::uint16_t> id_of(const Packet& packet);

}  // namespace atls::codec::mqtt
