#include "modem/pdp.hpp"

#include <cstdint>

namespace atls::modem {

namespace {
// FNV-1a: spreads the few digits in which two IMEIs differ over the address.
std::uint32_t spread(const std::string& text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

std::string address_of(const std::string& imei, int context) {
    const std::uint32_t hash = spread(imei);
    const std::uint32_t last = 1 + ((hash >> 16U) + static_cast<std::uint32_t>(context)) % 254;
    return "10." + std::to_string(hash & 255U) + "." + std::to_string((hash >> 8U) & 255U) + "." + std::to_string(last);
}
}  // namespace

Contexts::Contexts(const Profile& profile, const Network& network, const std::string& imei, Timers& timers,
                   EventSink& events, Log& log)
    : profile_(profile), network_(network), imei_(imei), events_(events), log_(log), later_(timers) {}

ContextSettings Contexts::settings(int context) const {
    const auto found = settings_.find(context);
    return found == settings_.end() ? ContextSettings{} : found->second;
}

void Contexts::configure(int context, ContextSettings settings) { settings_[context] = std::move(settings); }

void Contexts::forget(int context) { settings_.erase(context); }

std::vector<int> Contexts::configured_ids() const {
    std::vector<int> ids;
    for (const auto& [context, settings] : settings_) ids.push_back(context);
    return ids;
}

std::vector<int> Contexts::active_ids() const {
    std::vector<int> ids;
    for (const auto& [context, address] : addresses_) ids.push_back(context);
    return ids;
}

std::string Contexts::address(int context) const {
    const auto found = addresses_.find(context);
    return found == addresses_.end() ? std::string() : found->second;
}

std::string Contexts::address_v6(int context) const {
    if (!active(context)) return {};
    // Of the prefix for documentation (RFC 3849): nothing real is meant by it.
    static constexpr char digits[] = "0123456789abcdef";
    const std::uint32_t hash = spread(imei_);
    std::string group{digits[1 + hash % 15]};
    for (const unsigned shift : {8U, 4U, 0U}) group += digits[hash >> shift & 15U];
    return "2001:db8:" + group + "::" + std::to_string(context);
}

Fault Contexts::try_to_activate(int context) {
    if (active(context)) return Fault::not_allowed;
    std::string refusal;
    if (context < 1 || context > profile_.contexts) {
        refusal = "there is no such context";
    } else if (!network_.registered()) {
        refusal = "not registered";
    } else if (!network_.attached()) {
        refusal = "not attached to the packet domain";
    } else if (addresses_.size() >= static_cast<std::size_t>(profile_.active_contexts)) {
        refusal = std::to_string(profile_.active_contexts) + " are active already, which is the most at once";
    } else {
        addresses_[context] = address_of(imei_, context);
        return Fault::none;
    }
    const std::string number = std::to_string(context);
    log_.write(Level::warning, "pdp", "context " + number + " not activated: " + refusal,
               {{"context", number}, {"cause", refusal}});
    return Fault::context_failed;
}

void Contexts::activate(int context, std::optional<PortId> report) {
    later_.run([this, context, report] {
        events_.on_event(ContextActivated{context, try_to_activate(context), report});
    });
}

Fault Contexts::bring_up(int context) { return active(context) ? Fault::none : try_to_activate(context); }

void Contexts::come_up(int context) { addresses_[context] = address_of(imei_, context); }

void Contexts::drop(int context, bool lost) {
    addresses_.erase(context);
    name_servers_.erase(context);
    if (on_gone) on_gone(context, lost);
}

void Contexts::deactivate(int context, std::optional<PortId> report) {
    later_.run([this, context, report] {
        if (active(context)) drop(context, false);
        // Later again: what on_gone posted goes out first.
        later_.run([this, context, report] { events_.on_event(ContextDeactivated{context, report}); });
    });
}

void Contexts::lose(int context) {
    if (!active(context)) return;
    const std::string number = std::to_string(context);
    log_.write(Level::warning, "pdp", "the network dropped context " + number, {{"context", number}});
    drop(context, true);
    later_.run([this, context] { events_.on_event(ContextLost{context}); });
}

void Contexts::lose_all() {
    for (const int context : active_ids()) lose(context);
}

void Contexts::drop_all() {
    later_.clear();
    addresses_.clear();
    name_servers_.clear();
}

std::vector<std::string> Contexts::name_servers(int context) const {
    const auto found = name_servers_.find(context);
    if (found == name_servers_.end()) return {"", ""};
    return {found->second.primary, found->second.secondary};
}

void Contexts::set_name_servers(int context, std::string primary, std::string secondary) {
    name_servers_[context] = {std::move(primary), std::move(secondary)};
}

}  // namespace atls::modem
