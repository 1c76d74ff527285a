#include "link/openings.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

namespace atls::link {

std::shared_ptr<Openings> Openings::of(loop::Loop& loop) {
    static thread_local std::weak_ptr<Openings> shared;
    auto existing = shared.lock();
    if (existing && &existing->loop_ == &loop) return existing;
    loop::Fd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify) return nullptr;
    std::shared_ptr<Openings> made(new Openings(loop, std::move(inotify)));
    shared = made;
    return made;
}

Openings::Openings(loop::Loop& loop, loop::Fd inotify)
    : loop_(loop), inotify_(std::move(inotify)), events_(loop, inotify_.get(), [this] { look(); }) {
    events_.want_read(true);
}

int Openings::add(const std::string& path, std::function<void(bool opened)> heard) {
    const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), IN_OPEN | IN_CLOSE);
    if (watch >= 0) heard_[watch] = std::move(heard);
    return watch;
}

void Openings::remove(int watch) {
    if (heard_.erase(watch) != 0) ::inotify_rm_watch(inotify_.get(), watch);
}

void Openings::look() {
    std::array<char, 8192> buffer;
    // To the end, so that a host that closed and opened again is heard as such before anything else happens.
    for (;;) {
        const auto count = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (count <= 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
            inotify_event event;
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            const auto found = heard_.find(event.wd);
            if (found == heard_.end()) continue;
            if ((event.mask & IN_OPEN) != 0) found->second(true);
            if ((event.mask & IN_CLOSE) != 0) found->second(false);
        }
    }
}

}  // namespace atls::link
