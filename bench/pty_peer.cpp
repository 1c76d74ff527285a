// The least a process can do behind a pseudo terminal; prints the terminal's path.
// bench_pty_peer copy: grants wishes (common_wish.hpp), the limit for transparent mode.
// bench_pty_peer reply: answers each CR with what `AT` is answered, the limit for a round trip.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "common.hpp"
#include "common_process.hpp"
#include "common_wish.hpp"

namespace atls::bench {

namespace {

std::array<char, 1 << 16> octets;

std::size_t read_some(int master, std::size_t most) {
    const ssize_t count = ::read(master, octets.data(), std::min(most, octets.size()));
    if (count <= 0) std::exit(0);  // the host has gone
    return static_cast<std::size_t>(count);
}

void write_all(int master, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(master, text.data(), text.size());
        if (count <= 0) std::exit(0);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

[[noreturn]] void copy(int master) {
    while (true) {
        std::string wish;
        while (wish.size() < wish_size) wish.append(octets.data(), read_some(master, wish_size - wish.size()));
        std::uint64_t left = octets_of(wish);
        const bool takes = wish.front() == static_cast<char>(Wish::take);
        while (left > 0) {
            const std::size_t piece = std::min<std::uint64_t>(left, octets.size());
            if (!takes) write_all(master, {octets.data(), piece});
            left -= takes ? read_some(master, piece) : piece;
        }
        if (takes) write_all(master, wish_granted);
    }
}

[[noreturn]] void reply(int master) {
    while (true) {
        const std::size_t count = read_some(master, octets.size());
        const auto lines = std::count(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count), '\r');
        for (auto line = lines; line > 0; --line) write_all(master, "AT\r\r\nOK\r\n");
    }
}

int open_master() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    demand(master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0, "a pseudo terminal");
    // Kept open, so that the master can be read before the host is there and after it has gone.
    const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    demand(slave >= 0, "the pseudo terminal's slave");
    make_raw(slave);
    return master;
}

}  // namespace

}  // namespace atls::bench

int main(int argc, char** argv) {
    using namespace atls::bench;
    const int master = open_master();
    std::printf("%s\n", ::ptsname(master));
    std::fflush(stdout);
    if (argc == 2 && std::string_view(argv[1]) == "copy") copy(master);
    if (argc == 2 && std::string_view(argv[1]) == "reply") reply(master);
    give_up("bench_pty_peer copy|reply");
}
