// Readiness of one file descriptor.
#pragma once

#include <functional>
#include <memory>

#include "loop/loop.hpp"

namespace atls::loop {

/// Calls `readable` (`writable`) from the loop each time the descriptor is ready while that is wanted; at first nothing
/// is. `urgent` is for POLLPRI: a pty's packet that is no data, say. A regular file is always ready. The descriptor
/// stays its owner's and must outlive the watch; one watch a descriptor. A watch may be destroyed from inside its own
/// callback.
class Watch {
public:
    Watch(Loop& loop, int fd, std::function<void()> readable, std::function<void()> writable = {},
          std::function<void()> urgent = {});
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void want_read(bool wanted);
    void want_write(bool wanted);
    void want_urgent(bool wanted);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace atls::loop
