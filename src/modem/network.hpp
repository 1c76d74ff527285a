// The radio side as the host sees it: SIM, functionality, registration, operator, signal. Control verbs change it.
#pragma once

#include <cstdint>
#include <string>

#include "modem/events.hpp"
#include "modem/profile.hpp"

namespace atls::modem {

enum class Registration : std::uint8_t { idle, home, searching, denied, unknown, roaming };  // 27.007 <stat>
enum class Sim : std::uint8_t { ready, pin_wanted, absent };
enum class Functionality : std::uint8_t { minimum = 0, full = 1, flight = 4, offline = 7 };

struct Signal {
    int rssi = 24;        ///< CSQ 0-31, 99 unknown
    int bit_errors = 99;  ///< CSQ <ber>
    int rssi_dbm = -65;
    int rsrp_dbm = -93;
    int sinr = 138;  ///< QCSQ units
    int rsrq_db = -9;
    bool operator==(const Signal&) const = default;
};

struct Operator {
    std::string long_name = "ATLS Mobile";
    std::string short_name = "ATLS";
    std::string numeric = "00101";
    std::string area = "1A2B";      ///< LAC/TAC, hexadecimal
    std::string cell = "00C0FFEE";  ///< hexadecimal
    std::string band = "LTE BAND 3";
    int channel = 1300;
    bool operator==(const Operator&) const = default;
};

class Network {
public:
    Network(const Profile& profile, EventSink& events);

    [[nodiscard]] Registration registration() const;  ///< idle while the SIM is away or the radio is off
    [[nodiscard]] bool registered() const;
    [[nodiscard]] bool attached() const { return attached_ && registered(); }
    [[nodiscard]] Sim sim() const { return sim_; }
    [[nodiscard]] bool sim_inserted() const { return sim_ != Sim::absent; }
    [[nodiscard]] Functionality functionality() const { return functionality_; }
    [[nodiscard]] const Signal& signal() const { return signal_; }
    [[nodiscard]] const Operator& operator_info() const { return operator_; }
    [[nodiscard]] int access_technology() const { return access_technology_; }
    [[nodiscard]] bool deregistered_by_host() const { return deregistered_by_host_; }

    // Each change raises the events that follow from it, and none when nothing changed.
    void set_coverage(Registration what);  ///< what the network would give: home, roaming, searching, denied …
    void set_signal(const Signal& signal);
    void set_operator(const Operator& info);
    void set_sim(Sim sim);
    void set_functionality(Functionality functionality);
    void set_attached(bool attached);     ///< AT+CGATT
    void set_deregistered(bool by_host);  ///< AT+COPS=2 / 0
    /// Off: no registration. On: searches at once, as after a boot; what the host had set (CFUN, COPS, CGATT) is
    /// forgotten.
    void set_powered(bool powered);
    /// Out of radio contact for a while: the network still keeps our PDP contexts.
    [[nodiscard]] bool merely_searching() const;

private:
    void changed(Registration before);

    EventSink& events_;
    Registration coverage_ = Registration::home;
    Sim sim_ = Sim::ready;
    Functionality functionality_ = Functionality::full;
    Signal signal_;
    Operator operator_;
    int access_technology_;
    bool attached_ = true;
    bool deregistered_by_host_ = false;
    bool powered_ = true;
};

}  // namespace atls::modem
