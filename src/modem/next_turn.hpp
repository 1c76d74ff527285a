// Work put off to the next turn of the loop, so that no outcome is reported from inside the call that asked for it.
#pragma once

#include <cstdint>
#include <map>

#include "base/timers.hpp"

namespace atls::modem {

/// One timer each, so that order of posting is order of running even across several NextTurns.
class NextTurn {
public:
    explicit NextTurn(Timers& timers) : timers_(timers) {}

    void run(Timers::Action action);
    void clear() { pending_.clear(); }

private:
    Timers& timers_;
    std::map<std::uint64_t, Timers::Handle> pending_;
    std::uint64_t posted_ = 0;
};

}  // namespace atls::modem
