#include "modem/data_queue.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/ensure.hpp"

namespace atls::modem {

namespace {
using Length = std::uint32_t;
}

void DataQueue::append(BytesView octets) {
    if (octets.empty()) return;
    if (datagrams_) {
        const auto length = static_cast<Length>(octets.size());
        char prefix[sizeof length];
        std::memcpy(prefix, &length, sizeof length);
        octets_.append(BytesView(prefix, sizeof prefix));
    }
    octets_.append(octets);
    size_ += octets.size();
    open_first();
}

void DataQueue::open_first() {
    if (!datagrams_ || left_of_first_ != 0 || size_ == 0) return;
    Length length = 0;
    std::memcpy(&length, octets_.view().data(), sizeof length);
    octets_.consume(sizeof length);
    left_of_first_ = length;
}

BytesView DataQueue::front() const { return datagrams_ ? octets_.view().substr(0, left_of_first_) : octets_.view(); }

void DataQueue::consume(std::size_t count) {
    ensure(count <= front().size(), "consuming beyond the first datagram");
    octets_.consume(count);
    size_ -= count;
    if (datagrams_) {
        left_of_first_ -= count;
        open_first();
    }
}

Bytes DataQueue::take(std::size_t most) {
    if (!datagrams_) {
        size_ -= std::min(most, size_);
        return octets_.take(most);  // all of it is not copied
    }
    Bytes taken(front().substr(0, most));
    consume(taken.size());
    return taken;
}

void DataQueue::clear() {
    octets_.clear();
    size_ = 0;
    left_of_first_ = 0;
}

}  // namespace atls::modem
