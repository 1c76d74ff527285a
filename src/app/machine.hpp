// One modem, whole: its files, the device, its AT ports on their links.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/port.hpp"
#include "app/settings.hpp"
#include "app/site.hpp"
#include "at/unit.hpp"
#include "modem/modem.hpp"

namespace atls::app {

class Machine {
public:
    /// Powered, with the files of settings.storage, without ports. `site` outlives it.
    static Result<std::unique_ptr<Machine>, StartFailure> create(Site& site, const Settings& settings);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// An AT port on a link.
    Outcome<link::LinkFailure> add_port(const std::string& name, const std::string& url);
    [[nodiscard]] const std::vector<std::unique_ptr<Port>>& ports() const { return ports_; }
    [[nodiscard]] modem::Modem& modem() { return modem_; }
    [[nodiscard]] at::Unit& unit() { return unit_; }
    [[nodiscard]] Site& site() { return site_; }

    /// No port has a host that could still come (all were stdio), and the modem has said the last of it.
    std::function<void()> on_ended;

private:
    struct Stores {
        std::unique_ptr<modem::Files> ufs;
        std::unique_ptr<modem::Files> nv;
        std::unique_ptr<modem::Files> ram;    ///< null: the module has no such storage
        std::unique_ptr<modem::Files> nvram;  ///< likewise
    };
    static Result<Stores, StartFailure> open_stores(const Settings& settings);
    Machine(Site& site, const Settings& settings, Stores stores);
    void boot_for_first_host();
    void end_if_all_ended();

    Site& site_;
    std::vector<std::unique_ptr<Port>> ports_;  ///< before the unit: its sessions speak to them
    Stores stores_;
    modem::Modem modem_;
    at::Unit unit_;
    bool paced_;
};

}  // namespace atls::app
