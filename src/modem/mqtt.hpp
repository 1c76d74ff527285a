// One of the module's MQTT clients: a link to a broker, packets that wait for their answer, messages for the host.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/timers.hpp"
#include "codec/ali_sign.hpp"
#include "codec/mqtt.hpp"
#include "modem/events.hpp"
#include "modem/next_turn.hpp"
#include "modem/pdp.hpp"
#include "modem/service_link.hpp"

namespace atls::modem {

struct MqttSettings {
    int version = 3;  ///< 3: MQTT 3.1; 4: 3.1.1
    int context = 1;
    bool secure = false;
    int ssl_context = 0;
    std::chrono::seconds keep_alive{120};
    bool clean = true;
    std::chrono::seconds packet_time{5};
    int retries = 3;
    bool notice = false;  ///< each repetition is told
    std::optional<codec::mqtt::Will> will{};
    bool buffered = false;  ///< messages wait for the host to fetch them
    bool lengths = false;   ///< the host sees how long a message is
    bool send_hex = false;  ///< payloads cross the port in hexadecimal
    bool receive_hex = false;
    int send_mode = 0;                      ///< kept and shown
    std::optional<codec::AliDevice> ali{};  ///< signs on without the host
};

class MqttClient final : private ServiceUser {
public:
    /// So many messages wait for the host; further ones wait at the broker.
    static constexpr std::size_t most_waiting = 5;
    /// And so many of the host's wait for the broker's answer.
    static constexpr std::size_t most_in_flight = 5;
    /// Octets that the link has not taken; with more, nothing further is accepted.
    static constexpr std::size_t most_unsent = 65536;

    MqttClient(int number, Sockets& sockets, Contexts& contexts, Timers& timers, EventSink& events, Log& log);
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    MqttSettings settings;

    enum class State : std::uint8_t { closed, opening, open, connecting, connected, leaving };
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const std::string& host() const { return host_; }
    [[nodiscard]] std::uint16_t host_port() const { return host_port_; }

    /// The port that what is asked next is answered at; messages and the end are told where open() was asked.
    void asked_by(PortId port) { port_ = port; }
    /// MqttAnswered follows each of these, never from inside the call.
    void open(const std::string& host, std::uint16_t port, PortId asking);
    void connect(const std::string& client, std::optional<std::string> user, std::optional<std::string> password);
    /// false: not now: too many wait for an answer, or one of that number does.
    bool subscribe(std::uint16_t id, const std::vector<codec::mqtt::Topic>& topics);
    bool unsubscribe(std::uint16_t id, const std::vector<codec::mqtt::Topic>& topics);
    bool publish(codec::mqtt::Publish message, bool extended);
    /// Both: once all that was sent before has left for the network, at most ten seconds later.
    void disconnect();
    void close();

    struct Message {
        std::size_t slot = 0;  ///< its own until it is taken
        codec::mqtt::Publish publish;
    };
    /// The oldest first.
    [[nodiscard]] const std::deque<Message>& waiting() const { return waiting_; }
    /// Of that slot, or the oldest.
    [[nodiscard]] std::optional<codec::mqtt::Publish> take(std::optional<std::size_t> slot = {});
    /// MqttMessage for each that waits, once more: they are to be pushed from now on.
    void tell_again();
    /// Power off: everything goes, silently.
    void reset();

private:
    /// What +QMTSTAT tells.
    enum Cause : std::uint8_t { closed_by_peer = 1, ping_failed, connack_failed = 4, sending_failed = 6, link_dead };
    struct Leaving {
        MqttStep step;
        PortId port;
        int result;
    };
    /// A packet that the broker has not answered.
    struct Pending {
        MqttStep step = MqttStep::publish;
        std::uint16_t id = 0;
        PortId port = 0;
        Bytes packet;
        codec::mqtt::Type answer = codec::mqtt::Type::puback;
        std::optional<codec::mqtt::Publish> message{};  ///< to be sent again with DUP
        int tries = 0;
        Timers::Handle timer{};
    };

    // ServiceUser
    void on_opened(Fault fault) override;
    void on_data() override;
    void on_room() override;
    void on_delivered(bool all) override;
    void on_closed() override;
    void on_ended(ServiceEnd how) override;

    void write(const Bytes& packet);
    void flush();
    void send(Pending pending);
    void watch(Pending& pending);
    void unanswered(MqttStep step, std::uint16_t id);
    void expect_pong();
    [[nodiscard]] bool used(std::uint16_t id) const;
    void take_packet(const codec::mqtt::Packet& packet);
    void take_late(const codec::mqtt::Packet& packet);
    void take_publish(const codec::mqtt::Packet& packet);
    void take_answer(const codec::mqtt::Packet& packet);
    void connected(const codec::mqtt::Packet& packet);
    void answered(PortId port, MqttStep step, std::uint16_t id, int result, std::optional<int> value = {});
    /// The same in the next turn.
    void answer_later(MqttStep step, std::uint16_t id, int result);
    void watch_link();
    void end(Cause cause, const std::string& words);
    void quiet();
    void leave(MqttStep step);
    void leave_on();
    void cut_short();
    void shut();
    void give_up(bool with_messages);
    void say(Level level, const std::string& words) const;
    [[nodiscard]] bool room() const { return waiting_.size() < most_waiting; }

    int number_;
    Contexts& contexts_;
    Timers& timers_;
    EventSink& events_;
    Log& log_;
    ServiceLink link_;
    State state_ = State::closed;
    std::string host_;
    std::uint16_t host_port_ = 0;
    PortId port_ = 0;
    PortId opener_ = 0;
    /// Whose session it is.
    struct Identity {
        std::string host;
        std::uint16_t port = 0;
        std::string client;
        bool operator==(const Identity&) const = default;
    };
    Identity identity_;
    // As they were when it connected.
    std::chrono::seconds keep_alive_{0};
    bool clean_ = true;
    int version_ = 3;
    std::optional<Leaving> leaving_for_;  ///< State::leaving: what is answered then
    std::optional<ServiceEnd> ended_;     ///< by the network; the rest of what came waits for room
    codec::mqtt::Decoder decoder_;
    Bytes unsent_;
    std::deque<Pending> pending_;
    std::set<std::uint16_t> received_;  ///< QoS 2 that the broker has not released
    std::deque<Message> waiting_;
    Timers::Handle alive_;
    Timers::Handle pong_;
    Timers::Handle leaving_;
    NextTurn later_;
};

}  // namespace atls::modem
