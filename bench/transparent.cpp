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

constexpr std::uint64_t amount = 24'000'000;
constexpr int turns = 4;
constexpr std::size_t piece = 1 << 16;
constexpr double megabyte = 1e6;
constexpr const char* cipher = "ECDHE-RSA-AES128-GCM-SHA256";

/// Seconds.
double up(Terminal& line) {
    static const std::string content(piece, 'u');
    line.send(wish_text(Wish::take, amount));
    return elapsed([&] {
        for (std::uint64_t left = amount; left > 0; left -= std::min<std::uint64_t>(left, piece)) {
            line.send(std::string_view(content).substr(0, left));
        }
        line.expect(wish_granted);
    });
}

double down(Terminal& line) {
    return elapsed([&] {
        line.send(wish_text(Wish::give, amount));
        for (std::uint64_t left = amount; left > 0;) left -= line.receive(std::min<std::uint64_t>(left, piece)).size();
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

/// One run: megabytes a second of each line. They take turns within it, each time another one first, so that a machine
/// that gets slower or faster on the way does so for all.
std::vector<double> run_once(double (*measure)(Terminal&), const std::vector<Terminal*>& lines) {
    std::vector<double> seconds(lines.size());
    for (int turn = 0; turn < turns; ++turn) {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::size_t next = (static_cast<std::size_t>(turn) + i) % lines.size();
            seconds[next] += measure(*lines[next]);
        }
    }
    std::vector<double> rates;
    for (const double of_one : seconds) rates.push_back(amount * turns / megabyte / of_one);
    return rates;
}

void compare_with(const char* direction, double (*measure)(Terminal&), const std::vector<Terminal*>& lines) {
    // Before the first run: socat looks once a second whether its terminal has been opened, and TCP's windows grow.
    for (Terminal* line : lines) measure(*line);
    std::vector<std::vector<double>> rates(lines.size());
    for (int i = 0; i < runs; ++i) {
        const std::vector<double> of_run = run_once(measure, lines);
        for (std::size_t j = 0; j < lines.size(); ++j) rates[j].push_back(of_run[j]);
    }
    const double ours = median(rates[0]);
    const std::string name = std::string("transparent.") + direction;
    print_figure(name + ":socat", "MB/s", ours, median(rates[1]), at_least(1.2));
    print_figure(name + ":bare_pty_copy", "MB/s", ours, median(rates[2]), told());
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

    const std::vector<Terminal*> lines{&modem.line(), &relay, &limit};
    compare_with("up", &up, lines);
    compare_with("down", &down, lines);
}

}  // namespace

}  // namespace atls::bench

int main() {
    atls::bench::end_after(300);
    atls::bench::run();
    return 0;
}
