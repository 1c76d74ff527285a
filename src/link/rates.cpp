#include "link/rates.hpp"

#include <algorithm>

namespace atls::link {

namespace {
constexpr unsigned known[] = {75,    110,   150,   300,   600,   1200,   2400,   4800,   9600,
                              14400, 19200, 28800, 38400, 57600, 115200, 230400, 460800, 921600};
}  // namespace

std::span<const unsigned> rates() { return known; }

bool known_rate(unsigned bits_per_second) {
    return std::find(std::begin(known), std::end(known), bits_per_second) != std::end(known);
}

}  // namespace atls::link
