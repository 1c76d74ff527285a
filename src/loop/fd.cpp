#include "loop/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace atls::loop {

void Fd::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool set_nonblocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

}  // namespace atls::loop
