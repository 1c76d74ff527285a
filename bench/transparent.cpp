// Octets a second from a host on a pseudo terminal to a TLS server and back: the modem in transparent mode, socat, and
// for the limit a process that only copies.
#include <unistd.h>

#include "common.hpp"
#include "common_modem.hpp"
#include "common_pki.hpp"
#include "common_process.hpp"
#include "common_wish.hpp"

namespace atls::bench {

namespace {

constexpr std::uint64_t amount = 96'000'000;
constexpr std::size_t piece = 1 << 16;
constexpr double megabyte = 1e6;
constexpr const char* cipher = "ECDHE-RSA-AES128-GCM-SHA256";

double up(Terminal& line) {
    static const std::string content(piece, 'u');
    line.send(wish_text(Wish::take, amount));
    return amount / megabyte / elapsed([&] {
               for (std::uint64_t left = amount; left > 0; left -= std::min<std::uint64_t>(left, piece)) {
                   line.send(std::string_view(content).substr(0, left));
               }
               line.expect(wish_granted);
           });
}

double down(Terminal& line) {
    return amount / megabyte / elapsed([&] {
               line.send(wish_text(Wish::give, amount));
               for (std::uint64_t left = amount; left > 0;)
                   left -= line.receive(std::min<std::uint64_t>(left, piece)).size();
           });
}

std::string socat_terminal(const Child&, const TemporaryFolder& folder) {
    std::string path = folder.file("socat");
    for (int tries = 0; ::access(path.c_str(), F_OK) != 0; ++tries) {
        demand(tries < 500, "socat's terminal");
        ::usleep(10'000);
    }
    return path;
}

std::vector<std::string> socat(const TemporaryFolder& folder, const std::string& port) {
    const std::string tls =
        "OPENSSL:127.0.0.1:" + port + ",cafile=" + folder.file("ca.pem") + ",commonname=" + host + ",cipher=" + cipher;
    return {"socat", "PTY,raw,echo=0,wait-slave,link=" + folder.file("socat"), tls};
}

void compare_with(const char* direction, double (*measure)(Terminal&), Terminal& modem, Terminal& relay,
                  Terminal& limit) {
    const auto all =
        medians({[&] { return measure(modem); }, [&] { return measure(relay); }, [&] { return measure(limit); }});
    const std::string name = std::string("transparent.") + direction;
    print_figure(name + ":socat", "MB/s", all[0], all[1], at_least(1.2));
    print_figure(name + ":bare_pty_copy", "MB/s", all[0], all[2], told());
}

void run() {
    const TemporaryFolder folder;
    const Pki pki = make_pki();
    folder.write("ca.pem", pki.trusted);
    Child server({sibling("bench_server"), folder.write("server.pem", pki.rsa.certificate),
                  folder.write("server.key", pki.rsa.key), cipher});
    const std::string port = server.line_after("port ");

    ModemProgram modem(folder);
    modem.connect(port, pki.trusted);
    const Child socat_program(socat(folder, port));
    Terminal relay(socat_terminal(socat_program, folder));
    Child copier({sibling("bench_pty_peer"), "copy"});
    Terminal limit(copier.line());

    compare_with("up", &up, modem.line(), relay, limit);
    compare_with("down", &down, modem.line(), relay, limit);
}

}  // namespace

}  // namespace atls::bench

int main() {
    atls::bench::end_after(300);
    atls::bench::run();
    return 0;
}
