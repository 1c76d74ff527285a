#include "app/run.hpp"

#include <csignal>
#include <iostream>
#include <string>

#include "app/control_socket.hpp"
#include "app/key_log.hpp"
#include "app/machine.hpp"
#include "loop/timer.hpp"

namespace atls::app {

namespace {

Outcome<StartFailure> open_ports(Machine& machine, const Settings& settings) {
    for (const NameValue& port : settings.ports) {
        if (auto opened = machine.add_port(port.name, port.value); !opened) {
            return StartFailure{"--port " + port.name + ": " + opened.error().text};
        }
    }
    return {};
}

/// One line a port, then "ready". Standard output may be a port itself; then people read standard error.
void announce(const Machine& machine) {
    std::string lines;
    bool output_is_a_port = false;
    for (const auto& port : machine.ports()) {
        lines += port->session().name() + " " + port->url() + "\n";
        output_is_a_port = output_is_a_port || port->url() == "stdio:";
    }
    (output_is_a_port ? std::cerr : std::cout) << lines << "ready\n" << std::flush;
}

}  // namespace

Result<int, StartFailure> run(const Settings& settings, const Environment& around) {
    if (settings.ports.empty()) return StartFailure{"no port: give at least one --port NAME=URL"};
    const auto log = make_log(settings.log);
    loop::Loop loop;
    const loop::Signals signals(loop, {SIGTERM, SIGINT, SIGHUP}, [&loop](int) { loop.stop(); });
    Site site(loop, *log, {.hosts = settings.hosts});

    auto made = Machine::create(site, settings);
    if (!made) return made.error();
    Machine& machine = **made;
    if (settings.keylog) {
        auto key_log = open_key_log(*settings.keylog);
        if (!key_log) return key_log.error();
        machine.modem().sockets.key_log = std::move(*key_log);
    }
    if (auto opened = open_ports(machine, settings); !opened) return opened.error();
    const auto control = open_control(machine, settings.control, around);
    if (!control) return control.error();
    machine.on_ended = [&loop] { loop.stop(); };

    announce(machine);
    loop.run();
    return 0;
}

}  // namespace atls::app
