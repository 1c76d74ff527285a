// One cellular modem: the device without syntax and without a vendor's words.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/timers.hpp"
#include "modem/clock.hpp"
#include "modem/errands.hpp"
#include "modem/events.hpp"
#include "modem/http.hpp"
#include "modem/identity.hpp"
#include "modem/mail.hpp"
#include "modem/mqtt.hpp"
#include "modem/network.hpp"
#include "modem/next_turn.hpp"
#include "modem/open_files.hpp"
#include "modem/outside.hpp"
#include "modem/pdp.hpp"
#include "modem/profile.hpp"
#include "modem/secrets.hpp"
#include "modem/sleeper.hpp"
#include "modem/sockets.hpp"
#include "modem/ssl_context.hpp"
#include "modem/volumes.hpp"

namespace atls::modem {

/// What a modem is plugged into. All of it outlives the modem.
struct Outside {
    Net& net;
    Files& ufs;  ///< the host's files
    Files& nv;   ///< what the module remembers by itself: profiles, saved settings
    Timers& timers;
    Log& log;
    Files* ram = nullptr;    ///< the host's files that go with the power; null: the module has no such storage
    Files* nvram = nullptr;  ///< for certificates and keys that no command reads back; null: the module has none
};

struct Start {
    Profile profile;
    Identity identity;
    std::optional<WallTime> utc;  ///< nullopt: the clock starts unset
    int zone_quarters = 0;
};

class Modem final : private EventSink {
public:
    Modem(Start start, Outside outside);
    ~Modem();
    Modem(const Modem&) = delete;
    Modem& operator=(const Modem&) = delete;

    /// Where events go; one sink, set before anything happens.
    void listen(EventSink* sink) { sink_ = sink; }

    const Profile profile;
    Identity identity;
    Timers& timers;
    Log& log;
    Volumes files;
    Files& nv;
    Secrets secrets;

    Network network;
    Clock clock;
    Contexts contexts;
    std::map<int, SslContext> ssl_contexts;  ///< an absent one means the defaults
    Sockets sockets;
    Errands errands;
    HttpClient http;
    MailClient mail;
    OpenFiles open_files;
    Sleeper sleeper;

    static constexpr int mqtt_clients = 6;
    /// `number` below mqtt_clients; made at its first use.
    MqttClient& mqtt(int number);
    [[nodiscard]] const std::map<int, std::unique_ptr<MqttClient>>& mqtt_in_use() const { return mqtt_; }

    /// Settings that are only remembered and shown (QCFG and kin), by name; saved in nv when `save`.
    [[nodiscard]] std::string option(const std::string& name, const std::string& otherwise) const;
    void set_option(const std::string& name, const std::string& value, bool save);
    /// Saves text under a name in nv, durable on return; false (and logged) if the disk refuses.
    bool remember(const std::string& name, BytesView text);
    [[nodiscard]] std::optional<Bytes> recall(const std::string& name) const;

    /// An option that is "0" where network time leaves the clock as it is (AT+CTZU).
    static constexpr const char* clock_follows_network = "CTZU";
    /// The network tells the time; ZoneChanged follows.
    void network_time(WallTime utc, int zone_quarters, int daylight_hours);

    /// Everything volatile goes; sessions hear PoweredDown in the next turn, and nothing else until power_on().
    void power_off();
    /// Boot steps follow as Booting events, RDY first; registration comes back by itself.
    void power_on();
    [[nodiscard]] bool powered() const { return powered_; }
    /// The cell serves this module right now (27.007 +CSCON); never, if the profile does not model it.
    [[nodiscard]] bool radio_connected() const { return radio_connected_; }
    /// power_off(), then power_on() after the module's restart time.
    void restart(Duration off_for);
    /// The same because the host asked for it: sessions hear which contexts went, after PoweredDown.
    void reset(Duration off_for);

private:
    void on_event(const Event& event) override;
    void tell(const Event& event);
    void load_options();
    void next_boot_step(std::size_t index);
    void use_radio();
    void set_radio(bool connected);
    void bring_up_default_context();
    /// Where SSL contexts find what they name.
    Files& credentials();

    EventSink* sink_ = nullptr;
    std::map<std::string, std::string> options_;
    std::map<std::string, std::string> saved_options_;
    bool powered_ = true;
    bool radio_connected_ = false;
    Timers::Handle radio_release_;
    Timers::Handle boot_;
    std::map<int, std::unique_ptr<MqttClient>> mqtt_;
    NextTurn later_;
};

}  // namespace atls::modem
