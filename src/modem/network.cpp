#include "modem/network.hpp"

namespace atls::modem {

Network::Network(const Profile& profile, EventSink& events)
    : events_(events), access_technology_(profile.access_technology) {}

Registration Network::registration() const {
    const bool radio = powered_ && functionality_ == Functionality::full && sim_ == Sim::ready;
    return radio && !deregistered_by_host_ ? coverage_ : Registration::idle;
}

bool Network::registered() const {
    const Registration now = registration();
    return now == Registration::home || now == Registration::roaming;
}

bool Network::merely_searching() const {
    return attached_ && (registration() == Registration::searching || registration() == Registration::unknown);
}

void Network::changed(Registration before) {
    if (registration() == before) return;
    for (const Domain domain : {Domain::circuit, Domain::packet, Domain::evolved}) {
        events_.on_event(RegistrationChanged{domain});
    }
}

void Network::set_coverage(Registration what) {
    const Registration before = registration();
    coverage_ = what;
    changed(before);
}

void Network::set_signal(const Signal& signal) {
    if (signal == signal_) return;
    signal_ = signal;
    events_.on_event(SignalChanged{});
}

void Network::set_operator(const Operator& info) {
    const bool moved = info.area != operator_.area || info.cell != operator_.cell;
    operator_ = info;
    if (!moved || !registered()) return;
    for (const Domain domain : {Domain::circuit, Domain::packet, Domain::evolved}) {
        events_.on_event(RegistrationChanged{domain});
    }
}

void Network::set_sim(Sim sim) {
    const Registration before = registration();
    const bool was_inserted = sim_inserted();
    sim_ = sim;
    if (sim_inserted() != was_inserted) events_.on_event(SimChanged{sim_inserted()});
    changed(before);
}

void Network::set_functionality(Functionality functionality) {
    const Registration before = registration();
    functionality_ = functionality;
    changed(before);
}

void Network::set_attached(bool attached) {
    if (attached == attached_) return;
    attached_ = attached;
    if (!registered()) return;
    events_.on_event(RegistrationChanged{Domain::packet});
    events_.on_event(RegistrationChanged{Domain::evolved});
}

void Network::set_deregistered(bool by_host) {
    const Registration before = registration();
    deregistered_by_host_ = by_host;
    changed(before);
}

void Network::set_powered(bool powered) {
    const Registration before = registration();
    powered_ = powered;
    functionality_ = Functionality::full;
    attached_ = true;
    deregistered_by_host_ = false;
    changed(before);
}

}  // namespace atls::modem
