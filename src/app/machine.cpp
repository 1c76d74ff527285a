#include "app/machine.hpp"

#include <algorithm>
#include <utility>

#include "app/nvram_key.hpp"
#include "store/store.hpp"

namespace atls::app {

namespace {

// What a module keeps for itself: profiles and saved settings.
constexpr std::uint64_t nv_octets = 1 << 20;

modem::Start start_of(const Settings& settings) {
    modem::Profile profile = at::with_quirks(settings.dialect->profile, settings.quirks);
    if (settings.psk) {
        profile.psk_identity = settings.psk->identity;
        profile.psk_key = settings.psk->key;
    }
    return {std::move(profile), settings.identity, settings.utc, settings.zone_quarters};
}

/// Certificates and keys on the disk, under the user's key.
Result<std::unique_ptr<modem::Files>, StartFailure> sealed_nvram(const Settings& settings, std::uint64_t quota) {
    const auto key = nvram_key(settings.nvram_key);
    if (!key) return StartFailure{"--nvram-key: " + key.error().text};
    auto under = store::open_directory(settings.storage + "/nvram", quota);
    if (!under) return StartFailure{"--storage: " + under.error().text};
    auto files = store::sealed(std::move(*under), *key);
    if (!files) return StartFailure{"--nvram-key: " + settings.storage + "/nvram " + files.error().text};
    return std::move(*files);
}

}  // namespace

Result<Machine::Stores, StartFailure> Machine::open_stores(const Settings& settings) {
    const std::uint64_t quota = settings.flash.value_or(settings.dialect->profile.ufs_octets);
    Stores stores;
    const std::uint64_t ram = settings.dialect->profile.ram_octets;
    if (ram > 0) stores.ram = store::in_memory(ram);
    const std::uint64_t nvram = settings.dialect->profile.nvram_octets;
    if (settings.storage.empty()) {
        if (nvram > 0) stores.nvram = store::in_memory(nvram);
        stores.ufs = store::in_memory(quota);
        stores.nv = store::in_memory(nv_octets);
        return stores;
    }
    auto ufs = store::open_directory(settings.storage + "/ufs", quota);
    if (!ufs) return StartFailure{"--storage: " + ufs.error().text};
    auto nv = store::open_directory(settings.storage + "/nv", nv_octets);
    if (!nv) return StartFailure{"--storage: " + nv.error().text};
    stores.ufs = std::move(*ufs);
    stores.nv = std::move(*nv);
    if (nvram == 0) return stores;
    auto secrets = sealed_nvram(settings, nvram);
    if (!secrets) return secrets.error();
    stores.nvram = std::move(*secrets);
    return stores;
}

Result<std::unique_ptr<Machine>, StartFailure> Machine::create(Site& site, const Settings& settings) {
    auto stores = open_stores(settings);
    if (!stores) return stores.error();
    return std::unique_ptr<Machine>(new Machine(site, settings, std::move(*stores)));
}

Machine::Machine(Site& site, const Settings& settings, Stores stores)
    : site_(site),
      stores_(std::move(stores)),
      modem_(start_of(settings), {site.net, *stores_.ufs, *stores_.nv, site.clockwork.timers(), site.log,
                                  stores_.ram.get(), stores_.nvram.get()}),
      unit_(modem_, *settings.dialect),
      paced_(settings.pace) {
    unit_.quirks = settings.quirks;
    modem_.sleeper.set_idle_time(settings.sleep_after);
    const Clockwork::Entry entry(site_.clockwork);
    // A module whose first host is to see it boot has no power until there is one.
    if (settings.quirks.boot_urcs_at_start != 0) modem_.power_off();
}

Machine::~Machine() {
    for (const auto& port : ports_) port->close();
}

Outcome<link::LinkFailure> Machine::add_port(const std::string& name, const std::string& url) {
    const Clockwork::Entry entry(site_.clockwork);
    auto& port = *ports_.emplace_back(std::make_unique<Port>(site_.loop, site_.clockwork, unit_, name));
    if (paced_) port.pace();
    port.on_host = [this] { boot_for_first_host(); };
    port.on_ended = [this] { end_if_all_ended(); };
    return port.open(url);
}

void Machine::boot_for_first_host() {
    if (unit_.quirks.boot_urcs_at_start == 0) return;
    for (const auto& port : ports_) port->on_host = nullptr;
    if (!modem_.powered()) modem_.power_on();
}

void Machine::end_if_all_ended() {
    const bool all = std::all_of(ports_.begin(), ports_.end(), [](const auto& port) { return port->ended(); });
    if (all && on_ended) on_ended();
}

}  // namespace atls::app
