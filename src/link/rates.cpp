#include "link/rates.hpp"

namespace atls::link {

namespace {
constexpr Rate known[] = {{75, B75},       {150, B150},       {300, B300},       {600, B600},       {1200, B1200},
                          {2400, B2400},   {4800, B4800},     {9600, B9600},     {19200, B19200},   {38400, B38400},
                          {57600, B57600}, {115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600}};
}  // namespace

std::span<const Rate> rates() { return known; }

unsigned rate_of(speed_t name) {
    for (const Rate& one : known) {
        if (one.name == name) return one.bits_per_second;
    }
    return 0;
}

std::optional<speed_t> name_of_rate(unsigned bits_per_second) {
    for (const Rate& one : known) {
        if (one.bits_per_second == bits_per_second) return one.name;
    }
    return std::nullopt;
}

}  // namespace atls::link
