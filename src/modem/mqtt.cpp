#include "modem/mqtt.hpp"

#include <algorithm>
#include <utility>

namespace atls::modem {

namespace mqtt = codec::mqtt;

namespace {
constexpr int first_link = Sockets::first_service + 10;
}  // namespace

MqttClient::MqttClient(int number, Sockets& sockets, Contexts& contexts, Timers& timers, EventSink& events, Log& log)
    : number_(number),
      contexts_(contexts),
      timers_(timers),
      events_(events),
      log_(log),
      link_(sockets, first_link + number, *this),
      later_(timers) {}

void MqttClient::say(Level level, const std::string& words) const {
    log_.write(level, "mqtt",
               "client " + std::to_string(number_) + " to " + host_ + ":" + std::to_string(host_port_) + ": " + words,
               {{"host", host_}, {"port", std::to_string(host_port_)}});
}

void MqttClient::answered(PortId port, MqttStep step, std::uint16_t id, int result, std::optional<int> value) {
    events_.on_event(MqttAnswered{number_, port, step, id, result, value});
}

void MqttClient::answer_later(MqttStep step, std::uint16_t id, int result) {
    later_.run([this, port = port_, step, id, result] { answered(port, step, id, result); });
}

// --- what the host asks for ---------------------------------------------------------------------------------------

void MqttClient::connect(const std::string& client, std::optional<std::string> user,
                         std::optional<std::string> password) {
    state_ = State::connecting;
    clean_ = settings.clean;
    version_ = settings.version;
    keep_alive_ = settings.keep_alive;
    mqtt::Connect request;
    request.version = settings.version;
    request.client = client;
    request.user = std::move(user);
    request.password = std::move(password);
    if (settings.ali) {
        auto sign_on = codec::ali_sign_on(*settings.ali, client, settings.secure);
        request.client = std::move(sign_on.client);
        request.user = std::move(sign_on.user);
        request.password = std::move(sign_on.password);
    }
    request.will = settings.will;
    request.clean = clean_;
    request.keep_alive = static_cast<int>(keep_alive_.count());
    // An earlier session's messages end with it, and are nobody else's.
    Identity identity{host_, host_port_, request.client};
    if (clean_ || identity != identity_) {
        give_up(true);
        received_.clear();
    }
    identity_ = std::move(identity);
    send({MqttStep::connect, 0, port_, mqtt::encode(request), mqtt::Type::connack});
}

bool MqttClient::used(std::uint16_t id) const {
    return std::any_of(pending_.begin(), pending_.end(), [id](const Pending& one) { return one.id == id; });
}

bool MqttClient::subscribe(std::uint16_t id, const std::vector<mqtt::Topic>& topics) {
    if (ended_ || used(id) || pending_.size() >= most_in_flight) return false;
    send({MqttStep::subscribe, id, port_, mqtt::encode_subscribe(id, topics), mqtt::Type::suback});
    return true;
}

bool MqttClient::unsubscribe(std::uint16_t id, const std::vector<mqtt::Topic>& topics) {
    if (ended_ || used(id) || pending_.size() >= most_in_flight) return false;
    send({MqttStep::unsubscribe, id, port_, mqtt::encode_unsubscribe(id, topics), mqtt::Type::unsuback});
    return true;
}

bool MqttClient::publish(mqtt::Publish message, bool extended) {
    const MqttStep step = extended ? MqttStep::publish_extended : MqttStep::publish;
    if (ended_ || unsent_.size() > most_unsent) return false;
    if (message.qos == 0) {
        write(mqtt::encode(message));
        answer_later(step, message.id, 0);
        return true;
    }
    if (used(message.id) || pending_.size() >= most_in_flight) return false;
    const auto answer = message.qos == 1 ? mqtt::Type::puback : mqtt::Type::pubrec;
    Bytes packet = mqtt::encode(message);
    send({step, message.id, port_, std::move(packet), answer, std::move(message)});
    return true;
}

void MqttClient::disconnect() {
    if (state_ != State::connected) return answer_later(MqttStep::disconnect, 0, -1);
    write(mqtt::encode_bare(mqtt::Type::disconnect));
    leave(MqttStep::disconnect);
}

void MqttClient::close() { leave(MqttStep::close); }

// --- answers ------------------------------------------------------------------------------------------------------

void MqttClient::send(Pending pending) {
    write(pending.packet);
    auto& kept = pending_.emplace_back(std::move(pending));
    watch(kept);
}

void MqttClient::watch(Pending& pending) {
    pending.timer =
        timers_.after(settings.packet_time, [this, step = pending.step, id = pending.id] { unanswered(step, id); });
}

// Again, with DUP where that is a message; in the end it has failed, and with it the connection.
void MqttClient::unanswered(MqttStep step, std::uint16_t id) {
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const Pending& one) { return one.step == step && one.id == id; });
    if (found == pending_.end()) return;
    // Its answer may stand behind messages that the host has not taken.
    if (!room() && step != MqttStep::connect) return watch(*found);
    if (found->tries >= settings.retries) {
        return end(step == MqttStep::connect ? connack_failed : sending_failed, "no answer within the time set for it");
    }
    ++found->tries;
    if (found->message) {
        found->message->repeated = true;
        found->packet = mqtt::encode(*found->message);
    }
    constexpr int repeated = 1;
    const int tries = found->tries;
    const PortId port = found->port;
    watch(*found);
    write(found->packet);
    if (settings.notice) answered(port, step, id, repeated, tries);
}

void MqttClient::on_data() {
    constexpr std::size_t piece = 16384;
    const auto wanted = [this] { return room() || state_ == State::connecting || state_ == State::leaving; };
    while (state_ != State::closed && wanted()) {
        const auto packet = decoder_.next();
        if (packet) {
            state_ == State::leaving ? take_late(*packet) : take_packet(*packet);
            continue;
        }
        if (decoder_.malformed()) return end(closed_by_peer, "that is no MQTT broker");
        const Bytes octets = link_.read(piece);
        if (!octets.empty()) {
            decoder_.add(octets);
            continue;
        }
        if (!ended_) return;
        if (state_ == State::leaving) return cut_short();
        return end(ended_ == ServiceEnd::context ? link_dead : closed_by_peer, link_.cause());
    }
}

// Behind a disconnect answers still count; messages stay with the broker.
void MqttClient::take_late(const mqtt::Packet& packet) {
    const bool last_answer = packet.type == mqtt::Type::puback || packet.type == mqtt::Type::pubcomp ||
                             packet.type == mqtt::Type::suback || packet.type == mqtt::Type::unsuback;
    if (last_answer && mqtt::id_of(packet)) take_answer(packet);
}

void MqttClient::take_packet(const mqtt::Packet& packet) {
    switch (packet.type) {
        case mqtt::Type::publish:
            return take_publish(packet);
        case mqtt::Type::pubrel:
            if (const auto id = mqtt::id_of(packet)) {
                received_.erase(*id);
                write(mqtt::encode_answer(mqtt::Type::pubcomp, *id));
            }
            return;
        case mqtt::Type::pingresp:
            pong_.cancel();
            return;
        case mqtt::Type::connack:
            return connected(packet);
        default:
            return take_answer(packet);
    }
}

void MqttClient::take_publish(const mqtt::Packet& packet) {
    auto message = mqtt::publish_of(packet);
    if (!message) return end(closed_by_peer, "a PUBLISH that is none");
    const std::uint16_t id = message->id;
    // Only what is marked so is the one that came before: the broker may have lost the session.
    const bool known = message->qos == 2 && !received_.insert(id).second;
    const bool again = known && message->repeated;
    if (message->qos == 1) write(mqtt::encode_answer(mqtt::Type::puback, id));
    if (message->qos == 2) write(mqtt::encode_answer(mqtt::Type::pubrec, id));
    if (again) return;
    std::size_t slot = 0;
    while (std::any_of(waiting_.begin(), waiting_.end(), [slot](const Message& one) { return one.slot == slot; }))
        ++slot;
    waiting_.push_back({slot, std::move(*message)});
    events_.on_event(MqttMessage{number_, opener_, slot});
}

void MqttClient::connected(const mqtt::Packet& packet) {
    if (state_ != State::connecting) return end(closed_by_peer, "a second CONNACK");
    if (packet.body.size() < 2) return end(connack_failed, "a CONNACK that is none");
    const PortId port = pending_.back().port;
    std::erase_if(pending_, [](const Pending& one) { return one.step == MqttStep::connect; });
    const int code = static_cast<unsigned char>(packet.body[1]);
    if (code != 0) {
        answered(port, MqttStep::connect, 0, 0, code);
        return end(connack_failed, "the broker refuses: CONNACK " + std::to_string(code));
    }
    state_ = State::connected;
    // MQTT 3.1 does not say whether it kept the session.
    constexpr int says = 4;
    const bool kept = (static_cast<unsigned char>(packet.body[0]) & 1U) != 0;
    if (!kept && version_ >= says) received_.clear();
    // What the last connection left unanswered goes out again (4.4).
    for (auto& one : pending_) {
        if (one.message) {
            one.message->repeated = true;
            one.packet = mqtt::encode(*one.message);
        }
        watch(one);
        write(one.packet);
    }
    watch_link();
    answered(port, MqttStep::connect, 0, 0, 0);
}

void MqttClient::take_answer(const mqtt::Packet& packet) {
    const auto id = mqtt::id_of(packet);
    if (!id) return end(closed_by_peer, "an answer without an identifier");
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const Pending& one) { return one.id == *id && one.answer == packet.type; });
    if (found == pending_.end()) {
        // A repeated PUBREC still wants its PUBREL.
        if (packet.type == mqtt::Type::pubrec) write(mqtt::encode_answer(mqtt::Type::pubrel, *id));
        return;
    }
    if (packet.type == mqtt::Type::pubrec) {
        found->packet = mqtt::encode_answer(mqtt::Type::pubrel, *id);
        found->answer = mqtt::Type::pubcomp;
        found->message.reset();
        found->tries = 0;
        watch(*found);
        return write(found->packet);
    }
    const MqttStep step = found->step;
    const PortId port = found->port;
    std::optional<int> value;
    if (step == MqttStep::subscribe && packet.body.size() > 2) value = static_cast<unsigned char>(packet.body[2]);
    pending_.erase(found);
    answered(port, step, *id, 0, value);
}

// --- messages -----------------------------------------------------------------------------------------------------

std::optional<mqtt::Publish> MqttClient::take(std::optional<std::size_t> slot) {
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [slot](const Message& one) { return !slot || one.slot == *slot; });
    if (found == waiting_.end()) return std::nullopt;
    auto message = std::move(found->publish);
    waiting_.erase(found);
    // There is room again: the broker's next comes in. Not from inside the call.
    later_.run([this] { on_data(); });
    return message;
}

void MqttClient::tell_again() {
    for (const auto& one : waiting_) {
        later_.run([this, slot = one.slot] { events_.on_event(MqttMessage{number_, opener_, slot}); });
    }
}

}  // namespace atls::modem
