#include "link/line_speed.hpp"

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace atls::link {

std::optional<unsigned> speed_of(int fd) {
    termios2 settings{};
    if (::ioctl(fd, TCGETS2, &settings) != 0) return std::nullopt;
    return settings.c_ospeed;
}

}  // namespace atls::link
