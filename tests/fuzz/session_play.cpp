#include "fuzz/session_play.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ensure.hpp"
#include "control/verbs.hpp"
#include "dialects/all.hpp"
#include "support/world.hpp"

namespace atls::test {

namespace {

using namespace std::chrono_literals;

constexpr Duration pauses[] = {1us, 1ms, 20ms, 500ms, 999ms, 1s, 2s, 5s, 10s, 60s, 150s, 300s};
constexpr const char* ports[] = {"uart1", "usbat", "usbmodem"};
// Enough for any phase of a session, few enough for many runs a second.
constexpr std::size_t most_steps = 200;

// Who comes to the modem: to a listener, to a UDP service.
constexpr const char* caller = "198.51.100.7:40001";
constexpr const char* sender = "198.51.100.21:7000";

std::shared_ptr<ServerScript> script(const std::vector<std::string>& words) { return *ServerScript::parse(words); }

class Player {
public:
    explicit Player(const at::Dialect& dialect) : world_(dialect) {
        static const std::vector<std::vector<std::string>> servers{
            {"tcp", "echo.example:7", "echo"},
            {"udp", "echo.example:7", "echo"},
            {"tls", "echo.example:443", "echo"},
            {"tls", "strict.example:443", "sink", "clientcert=yes"},
            {"dtls", "echo.example:4433", "echo"},
            {"tls", "silent.example:443", "silent"},
            {"tcp", "raw.example:443", "sink"},
            {"tcp", "refuse.example:443", "refuse"},
            {"dtls", "psk.example:4433", "echo", "psk=modem:1a2b3c4d", "suite=PSK"}};
        for (const auto& words : servers) world_.serve(words[1], script(words));
        const Pki& pki = Pki::get();
        world_.ufs.put("cacert.pem", pki.roots());
        world_.ufs.put("cc.pem", pki.client.certificate);
        world_.ufs.put("ck.pem", pki.client.key);
        world_.ufs.put("0_server.psk", "modem&1a2b3c4d");
        world_.port(ports[0]);
    }

    void play(BytesView input) {
        for (std::size_t step = 0; step < most_steps && input.size() >= 2; ++step) {
            const auto operation = static_cast<unsigned char>(input[0]) % static_cast<unsigned>(Operation::count);
            const auto argument = static_cast<unsigned char>(input[1]);
            input.remove_prefix(2);
            input.remove_prefix(take(static_cast<Operation>(operation), argument, input));
            settle();
        }
    }

    // A power cycle gets a modem out of everything.
    void check_alive() {
        world_.modem.restart(1s);
        move(120s);
        for (const auto& [name, port] : world_.ports()) {
            port->reads = true;
            port->set_dtr(true);
            settle();
            const std::string end(1, static_cast<char>(port->session().line.terminator));
            for (const char* line : {"", "ATE0", "ATQ0", "ATV1", "AT"}) {
                port->take_received();
                port->send(line + end);
                settle();
            }
            ensure(port->take_received() == port->session().line.line_end() + "OK" + port->session().line.line_end(),
                   "a modem no longer answers");
        }
    }

private:
    // How much of `rest` was payload.
    std::size_t take(Operation operation, unsigned argument, BytesView rest) {
        const BytesView payload = rest.substr(0, argument);
        switch (operation) {
            case Operation::line:
                port().send(Bytes(payload) + "\r");
                return payload.size();
            case Operation::octets:
                port().send(payload);
                return payload.size();
            case Operation::time:
                move(pauses[argument % std::size(pauses)]);
                return 0;
            case Operation::peer_sends:
                if (ServerScript* peer = latest(); peer != nullptr && !payload.empty()) peer->send(payload);
                return payload.size();
            case Operation::peer_acts:
                act_as_peer(argument);
                return 0;
            case Operation::host_acts:
                act_as_host(argument);
                return 0;
            case Operation::world_acts:
                act_on_world(argument);
                return 0;
            case Operation::port:
                port_ = argument % std::size(ports);
                return 0;
            case Operation::count:
                return 0;
        }
        return 0;
    }

    void act_as_peer(unsigned argument) {
        ServerScript* peer = latest();
        if (peer == nullptr) return;
        switch (argument % 6) {
            case 0:
                return peer->close();
            case 1:
                return peer->peer()->close();
            case 2:
                return peer->peer()->reset();
            case 3:
                return peer->peer()->pause(true);
            case 4:
                return peer->peer()->pause(false);
            default:
                return peer->notify();
        }
    }

    void act_as_host(unsigned argument) {
        switch (argument % 5) {
            case 0:
                port().reads = false;
                return;
            case 1:
                port().reads = true;
                return;
            case 2:
                return port().set_dtr(false);
            case 3:
                return port().set_dtr(true);
            default:
                return port().hang_up();
        }
    }

    void act_on_world(unsigned argument) {
        static constexpr std::array verbs{"pdp drop 1", "network lost", "network home",   "sim out",
                                          "sim in",     "power cycle",  "socket reset 0", "clock unset"};
        const std::size_t act = argument % (verbs.size() + 2);
        if (act == verbs.size()) return world_.call(caller, 2020, script({"tcp", caller, "echo"}));
        if (act > verbs.size()) return world_.call(sender, 3030, script({"udp", sender, "echo"}));
        (void)control::run(world_.unit, verbs[act]);
    }

    // The server with the newest connection.
    ServerScript* latest() {
        if (world_.net.peers().empty()) return nullptr;
        for (const char* place : {"echo.example:7", "echo.example:443", "strict.example:443", "echo.example:4433",
                                  "silent.example:443", "raw.example:443", "psk.example:4433", caller, sender}) {
            ServerScript* server = world_.server(place);
            if (server != nullptr && server->peer() == &world_.net.last_peer()) return server;
        }
        return nullptr;
    }

    HostPort& port() { return world_.port(ports[port_]); }
    void settle() { ensure(world_.settle(), "a world that does not come to rest"); }
    void move(Duration by) { ensure(world_.advance(by), "a world that does not come to rest"); }

    World world_;
    std::size_t port_ = 0;
};

}  // namespace

void play_session(BytesView input) {
    if (input.empty()) return;
    const auto modules = dialects::all();
    Player player(*modules[static_cast<unsigned char>(input[0]) % modules.size()]);
    player.play(input.substr(1));
    player.check_alive();
}

}  // namespace atls::test
