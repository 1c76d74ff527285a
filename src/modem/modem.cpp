#include "modem/modem.hpp"

#include <array>
#include <utility>

namespace atls::modem {

namespace {

using std::chrono::milliseconds;

struct BootEvent {
    BootStep step;
    milliseconds after_previous;
};
// Order as seen on BG96 and its kin; a real module takes tens of times as long.
constexpr std::array boot_sequence{
    BootEvent{BootStep::ready, milliseconds{0}},
    BootEvent{BootStep::functionality, milliseconds{300}},
    BootEvent{BootStep::sim_ready, milliseconds{200}},
    BootEvent{BootStep::sim_initialised, milliseconds{200}},
    BootEvent{BootStep::messages_ready, milliseconds{400}},
    BootEvent{BootStep::phonebook_ready, milliseconds{200}},
};

constexpr const char* options_file = "options";

// One option a line, name=value; a backslash hides what would end either.
std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '\\' || c == '=') result.push_back('\\');
        result.push_back(c);
    }
    return result;
}

std::map<std::string, std::string> parse_options(BytesView text) {
    std::map<std::string, std::string> options;
    std::string name;
    std::string word;
    bool hidden = false;
    for (const char c : text) {
        if (hidden) {
            word.push_back(c == 'n' ? '\n' : c);
            hidden = false;
        } else if (c == '\\') {
            hidden = true;
        } else if (c == '=') {
            name = std::exchange(word, {});
        } else if (c == '\n') {
            options[std::exchange(name, {})] = std::exchange(word, {});
        } else {
            word.push_back(c);
        }
    }
    return options;
}

bool needs_sim(BootStep step) { return step != BootStep::ready && step != BootStep::functionality; }

}  // namespace

Modem::Modem(Start start, Outside outside)
    : profile(std::move(start.profile)),
      identity(std::move(start.identity)),
      timers(outside.timers),
      log(outside.log),
      files(outside.ufs, outside.ram),
      nv(outside.nv),
      secrets(outside.nvram),
      network(profile, *this),
      clock(timers, start.utc, start.zone_quarters),
      contexts(profile, network, identity.imei, timers, *this, log),
      sockets(profile, contexts, ssl_contexts, clock, outside.net, credentials(), timers, *this, log),
      errands(contexts, clock, outside.net, timers, *this, log),
      http(sockets, files, timers, *this, log),
      mail(sockets, files, clock, contexts, timers, *this, log),
      open_files(files, profile.open_files, profile.first_file_handle),
      sleeper(timers, *this),
      later_(timers) {
    contexts.on_gone = [this](int context, bool lost) {
        sockets.context_gone(context, lost);
        errands.context_gone(context);
    };
    if (profile.radio_release.count() > 0) sockets.on_traffic = [this] { use_radio(); };
    if (profile.default_context != 0 && network.attached()) contexts.come_up(profile.default_context);
    load_options();
}

Modem::~Modem() = default;

Files& Modem::credentials() {
    if (profile.nvram_octets > 0) return secrets;
    return files;
}

MqttClient& Modem::mqtt(int number) {
    auto& its = mqtt_[number];
    EventSink& events = *this;
    if (!its) its = std::make_unique<MqttClient>(number, sockets, contexts, timers, events, log);
    return *its;
}

// --- options ------------------------------------------------------------------------------------------------------

std::string Modem::option(const std::string& name, const std::string& otherwise) const {
    const auto found = options_.find(name);
    return found == options_.end() ? otherwise : found->second;
}

void Modem::set_option(const std::string& name, const std::string& value, bool save) {
    options_[name] = value;
    if (!save) return;
    saved_options_[name] = value;
    std::string text;
    for (const auto& [key, saved] : saved_options_) text += escaped(key) + "=" + escaped(saved) + "\n";
    remember(options_file, text);
}

void Modem::load_options() {
    if (const auto text = recall(options_file)) saved_options_ = parse_options(*text);
    options_ = saved_options_;
}

bool Modem::remember(const std::string& name, BytesView text) {
    const auto stored = nv.replace(name, text);
    if (stored) return true;
    log.write(Level::error, "nv", "could not save " + name + ": " + stored.error().text,
              {{"name", name}, {"cause", stored.error().text}});
    return false;
}

std::optional<Bytes> Modem::recall(const std::string& name) const {
    const auto size = nv.size(name);
    if (!size) return std::nullopt;
    auto text = nv.read(name, 0, static_cast<std::size_t>(*size));
    if (text) return std::move(*text);
    log.write(Level::error, "nv", "could not read " + name + ": " + text.error().text,
              {{"name", name}, {"cause", text.error().text}});
    return std::nullopt;
}

// --- power --------------------------------------------------------------------------------------------------------

void Modem::power_off() {
    if (!powered_) return;
    powered_ = false;
    boot_.cancel();
    sockets.drop_all();
    errands.drop_all();
    http.reset();
    mail.stop();
    for (const auto& [number, its] : mqtt_) its->reset();
    contexts.drop_all();
    open_files.close_all();
    sleeper.reset();
    radio_release_.cancel();
    radio_connected_ = false;
    files.forget_ram();
    secrets.forget_ram();
    ssl_contexts.clear();
    options_ = saved_options_;
    network.set_powered(false);
    later_.clear();
    later_.run([this] { on_event(PoweredDown{}); });
}

void Modem::power_on() {
    if (powered_) return;
    powered_ = true;
    next_boot_step(0);
}

void Modem::next_boot_step(std::size_t index) {
    if (index == boot_sequence.size()) {
        // The network answers last.
        network.set_powered(true);
        return;
    }
    boot_ = timers.after(boot_sequence[index].after_previous, [this, index] {
        const BootStep step = boot_sequence[index].step;
        if (!needs_sim(step) || network.sim() == Sim::ready) on_event(Booting{step});
        if (powered_) next_boot_step(index + 1);
    });
}

void Modem::restart(Duration off_for) {
    power_off();
    boot_ = timers.after(off_for, [this] { power_on(); });
}

void Modem::reset(Duration off_for) {
    const auto lost = contexts.active_ids();
    restart(off_for);
    for (const int context : lost) later_.run([this, context] { tell(ContextLost{context}); });
}

void Modem::network_time(WallTime utc, int zone_quarters, int daylight_hours) {
    clock.hear_network(utc, zone_quarters);
    if (option(clock_follows_network, "1") != "0") clock.set(utc, zone_quarters, "network time");
    on_event(ZoneChanged{zone_quarters, daylight_hours, utc});
}

// --- radio --------------------------------------------------------------------------------------------------------

void Modem::use_radio() {
    set_radio(true);
    radio_release_ = timers.after(profile.radio_release, [this] { set_radio(false); });
}

void Modem::set_radio(bool connected) {
    if (std::exchange(radio_connected_, connected) == connected) return;
    later_.run([this, connected] { on_event(RadioChanged{connected}); });
}

void Modem::bring_up_default_context() {
    const int context = profile.default_context;
    if (context != 0 && network.attached() && !contexts.active(context)) contexts.activate(context);
}

// --- events -------------------------------------------------------------------------------------------------------

void Modem::on_event(const Event& event) {
    if (!powered_ && !std::holds_alternative<PoweredDown>(event)) return;
    // Whatever takes the radio or the attachment away takes the contexts too; a mere gap in coverage does not.
    const bool radio = std::holds_alternative<RegistrationChanged>(event);
    tell(event);
    if (radio && !network.attached() && !network.merely_searching()) contexts.lose_all();
    const auto* registration = std::get_if<RegistrationChanged>(&event);
    if (registration != nullptr && registration->domain == Domain::packet) bring_up_default_context();
}

void Modem::tell(const Event& event) {
    if (sink_ != nullptr) sink_->on_event(event);
}

}  // namespace atls::modem
