// Who opens and closes a device: a pty's master does not tell.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"

namespace atls::link {

/// inotify, one instance for all: a user may have 128 of them, but as many watched files as memory allows.
class Openings {
public:
    /// nullptr: errno says why.
    static std::shared_ptr<Openings> of(loop::Loop& loop);

    /// `heard(true)` for each open file description that comes to be, `heard(false)` for each that goes. Not from
    /// within, and `heard` must not add or remove. -1: errno says why.
    int add(const std::string& path, std::function<void(bool opened)> heard);
    void remove(int watch);
    /// Tells now what the loop would tell soon.
    void look();

private:
    Openings(loop::Loop& loop, loop::Fd inotify);

    loop::Loop& loop_;
    loop::Fd inotify_;
    std::map<int, std::function<void(bool)>> heard_;
    loop::Watch events_;
};

}  // namespace atls::link
