// What the LTE families' MQTT commands share.
#pragma once

#include "at/unit.hpp"

namespace atls::dialects::lte {

inline constexpr std::string_view mqtt_manual = "BG96 MQTT";
inline constexpr at::Origin by_lpwa = at::driver("BG95 hosts");

inline constexpr at::Int mqtt_client{"client_idx", 0, modem::Modem::mqtt_clients - 1};

/// The client that a command names; what it is asked is answered at that command's port.
inline modem::MqttClient& client_of(at::Call& c) {
    auto& its = c.modem().mqtt(c.number(mqtt_client));
    its.asked_by(c.port());
    return its;
}
inline modem::MqttSettings& settings_of(at::Call& c) { return c.modem().mqtt(c.number(mqtt_client)).settings; }

}  // namespace atls::dialects::lte
