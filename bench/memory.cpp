// Resident memory of modems that hold one idle TLS connection each, many in one process, without terminals. The
// connections are opened by AT commands, used for an echo of 1,000 octets and left alone. Each number of modems is a
// process of its own.
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "common.hpp"
#include "common_pki.hpp"
#include "common_process.hpp"
#include "memory_fleet.hpp"

namespace atls::bench {

namespace {

constexpr double limit_kb = 24;
constexpr double kilobyte = 1024;
constexpr int child_seconds = 120;
constexpr int most_at_once = 10'000;  // connections that the server may hold
constexpr const char* cipher = "ECDHE-RSA-AES128-GCM-SHA256";

double resident() {
    std::ifstream statm("/proc/self/statm");
    long size = 0;
    long pages = 0;
    statm >> size >> pages;
    return static_cast<double>(pages * ::sysconf(_SC_PAGESIZE));
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// In the process that is measured: prints octets a modem.
void measure(const std::string& port, const std::string& trusted_file, int count) {
    const Fleet::Server server{static_cast<std::uint16_t>(std::stoi(port)), content_of(trusted_file)};
    Fleet fleet(server);
    // What the first one brings in for everybody, the libraries' code and tables above all, is not a modem's. It stays,
    // so that the others cannot live on what it gave back.
    fleet.connect(1);
    fleet.idle();
    const double before = resident();
    fleet.connect(count);
    fleet.idle();
    std::printf("octets %.0f\n", (resident() - before) / count);
}

/// The median octets a modem. Small fleets are measured side by side: memory, unlike time, is not shared.
double each(const std::vector<std::string>& command, int count) {
    const std::size_t side_by_side = count * runs <= most_at_once ? runs : 1;
    std::vector<double> octets;
    while (octets.size() < runs) {
        std::vector<std::unique_ptr<Child>> children(side_by_side);
        for (auto& child : children) child = std::make_unique<Child>(command);
        for (const auto& child : children) octets.push_back(std::stod(child->line_after("octets ", child_seconds)));
    }
    return median(std::move(octets));
}

void run() {
    const TemporaryFolder folder;
    const Pki pki = make_pki();
    Child server({sibling("bench_server"), folder.write("server.pem", pki.rsa.certificate),
                  folder.write("server.key", pki.rsa.key), cipher});
    const std::string port = server.line_after("port ");
    const std::string trusted = folder.write("ca.pem", pki.rsa.issuer);
    for (const int count : {1, 1'000, 10'000}) {
        print_figure("memory.modems_" + std::to_string(count) + ":limit", "KB",
                     each({sibling("bench_memory"), port, trusted, std::to_string(count)}, count) / kilobyte, limit_kb,
                     at_most(1));
    }
}

}  // namespace

}  // namespace atls::bench

int main(int argc, char** argv) {
    using namespace atls::bench;
    end_after(300);
    raise_file_limit();
    if (argc == 4) {
        measure(argv[1], argv[2], std::stoi(argv[3]));
    } else {
        run();
    }
    return 0;
}
