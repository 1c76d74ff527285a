#include "modem/next_turn.hpp"

namespace atls::modem {

void NextTurn::run(Timers::Action action) {
    const std::uint64_t number = ++posted_;
    pending_.emplace(number, timers_.after(Duration::zero(), [this, number, work = std::move(action)] {
        pending_.erase(number);
        work();
    }));
}

}  // namespace atls::modem
