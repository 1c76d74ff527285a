// The MQTT client's link to its broker: opening it, writing, the keep-alive, and the ways in which it ends.
#include <algorithm>
#include <utility>

#include "modem/mqtt.hpp"

namespace atls::modem {

namespace mqtt = codec::mqtt;

namespace {

constexpr std::chrono::seconds open_time{75};
constexpr std::chrono::seconds leaving_time{10};

// What +QMTOPEN tells.
int result_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return 0;
        case Fault::context_inactive:
        case Fault::context_lost:
            return 3;
        case Fault::name_not_resolved:
            return 4;
        default:
            return -1;
    }
}

// What +QMTPUB and its kin tell.
constexpr int not_sent = 2;

}  // namespace

void MqttClient::open(const std::string& host, std::uint16_t port, PortId asking) {
    host_ = host;
    host_port_ = port;
    port_ = opener_ = asking;
    ended_.reset();
    decoder_ = {};
    unsent_.clear();
    // Hosts leave the context to the module: the manual has a result for its failure.
    if (contexts_.bring_up(settings.context) != Fault::none) {
        answer_later(MqttStep::open, 0, result_of(Fault::context_inactive));
        return;
    }
    state_ = State::opening;
    ServiceLink::Target target{host, port, settings.context, {}, open_time};
    if (settings.secure) target.ssl_context = settings.ssl_context;
    link_.open(target);
}

void MqttClient::on_opened(Fault fault) {
    state_ = fault == Fault::none ? State::open : State::closed;
    if (fault != Fault::none) say(Level::warning, "not opened: " + link_.cause());
    answered(opener_, MqttStep::open, 0, result_of(fault));
}

void MqttClient::write(const Bytes& packet) {
    unsent_ += packet;
    flush();
    watch_link();
}

void MqttClient::flush() { unsent_.erase(0, link_.write(unsent_)); }

// A PINGREQ after so long without a packet of ours (3.1.2.10).
void MqttClient::watch_link() {
    if (state_ != State::connected || keep_alive_.count() == 0) return;
    alive_ = timers_.after(keep_alive_, [this] {
        write(mqtt::encode_bare(mqtt::Type::pingreq));
        if (!pong_.pending()) expect_pong();
    });
}

// While messages of the host wait, nothing behind them is read: that is no silence of the broker's.
void MqttClient::expect_pong() {
    pong_ = timers_.after(settings.packet_time * (settings.retries + 1), [this] {
        if (!room()) return expect_pong();
        end(ping_failed, "no answer to PINGREQ");
    });
}

void MqttClient::on_ended(ServiceEnd how) {
    ended_ = how;
    on_data();
}

void MqttClient::on_room() {
    flush();
    if (state_ == State::leaving) leave_on();
}

void MqttClient::on_delivered(bool all) {
    if (state_ != State::leaving) return;
    if (!all) return cut_short();
    // Closing before the peer does, with something of its on the way, would be a reset, and could overtake all that.
    leaving_ = timers_.after(2 * leaving_time, [this] { shut(); });
    link_.close_in_order(leaving_time);
}

void MqttClient::on_closed() {
    if (state_ == State::leaving) shut();
}

// Nothing is repeated and nothing is asked any more.
void MqttClient::quiet() {
    alive_.cancel();
    pong_.cancel();
    for (auto& one : pending_) {
        one.timer.cancel();
        one.tries = 0;
    }
}

void MqttClient::leave(MqttStep step) {
    quiet();
    const bool was = state_ != State::closed;
    if (state_ == State::leaving) cut_short();
    leaving_for_ = Leaving{step, port_, was ? 0 : -1};
    if (state_ == State::closed || state_ == State::opening) return shut();
    state_ = State::leaving;
    leaving_ = timers_.after(leaving_time, [this] {
        say(Level::warning, "the network took not all of it within " + std::to_string(leaving_time.count()) + " s");
        cut_short();
    });
    leave_on();
    // Answers may have come already. Not from inside the call.
    later_.run([this] {
        if (state_ == State::leaving) on_data();
    });
}

// A link that is closed is closed; only a disconnect can fail.
void MqttClient::cut_short() {
    if (leaving_for_->step == MqttStep::disconnect) leaving_for_->result = -1;
    shut();
}

void MqttClient::leave_on() {
    if (unsent_.empty() && !link_.deliver(leaving_time)) cut_short();
}

// The link is gone. What a kept session has under way stays for the next one; the rest has failed, told in the next
// turn.
void MqttClient::shut() {
    state_ = State::closed;
    quiet();
    leaving_.cancel();
    link_.close();
    unsent_.clear();
    give_up(clean_);
    if (clean_) received_.clear();
    if (const auto asked = std::exchange(leaving_for_, std::nullopt)) {
        later_.run([this, asked] { answered(asked->port, asked->step, 0, asked->result); });
    }
}

void MqttClient::end(Cause cause, const std::string& words) {
    say(Level::warning, "ended: " + words);
    shut();
    later_.run([this, cause] { events_.on_event(MqttEnded{number_, opener_, cause}); });
}

// Tells that these have failed. Messages of a session that is kept wait for the next connection.
void MqttClient::give_up(bool with_messages) {
    const auto stays = [with_messages](const Pending& one) {
        return !with_messages && one.step <= MqttStep::publish_extended;
    };
    for (const auto& one : pending_) {
        if (stays(one)) continue;
        later_.run([this, port = one.port, step = one.step, id = one.id] { answered(port, step, id, not_sent); });
    }
    std::erase_if(pending_, [&stays](const Pending& one) { return !stays(one); });
}

void MqttClient::reset() {
    settings = {};
    leaving_for_.reset();
    shut();
    later_.clear();
    pending_.clear();
    received_.clear();
    waiting_.clear();
    decoder_ = {};
}

}  // namespace atls::modem
