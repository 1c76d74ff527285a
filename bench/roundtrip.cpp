// From AT to OK on a pseudo terminal, against a process that answers without looking.
#include "common.hpp"
#include "common_modem.hpp"
#include "common_process.hpp"

namespace atls::bench {

namespace {

constexpr int round_trips = 10'000;
constexpr std::string_view answer = "AT\r\r\nOK\r\n";  // with the echo
constexpr double microsecond = 1e-6;

/// The median of many, in microseconds.
double round_trip(Terminal& line) {
    std::vector<double> times;
    times.reserve(round_trips);
    for (int i = 0; i < round_trips; ++i) {
        std::size_t seen = 0;
        times.push_back(elapsed([&] {
                            line.send("AT\r");
                            while (seen < answer.size()) seen += line.receive(4096).size();
                        }) /
                        microsecond);
        demand(seen == answer.size(), "OK and no more");
    }
    return median(std::move(times));
}

void run() {
    const TemporaryFolder folder;
    ModemProgram modem(folder);
    Child echo({sibling("bench_pty_peer"), "reply"});
    Terminal limit(echo.line());
    compare(
        "round_trip.at_ok:bare_reply", "us", [&] { return round_trip(modem.line()); },
        [&] { return round_trip(limit); }, at_most(1.5));
}

}  // namespace

}  // namespace atls::bench

int main() {
    atls::bench::end_after(120);
    atls::bench::run();
    return 0;
}
