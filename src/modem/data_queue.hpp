// Octets of a stream, or whole datagrams, waiting to be read or sent.
#pragma once

#include "base/bytes.hpp"

namespace atls::modem {

class DataQueue {
public:
    explicit DataQueue(bool datagrams) : datagrams_(datagrams) {}

    /// A stream's next octets, or one datagram (an empty one is no datagram).
    void append(BytesView octets);
    /// All of a stream, or what is left of the first datagram; valid until the next change.
    [[nodiscard]] BytesView front() const;
    /// Drops the first `count` octets of front().
    void consume(std::size_t count);
    Bytes take(std::size_t most);
    void clear();

    [[nodiscard]] std::size_t size() const { return size_; }  ///< payload only
    [[nodiscard]] bool empty() const { return size_ == 0; }

private:
    void open_first();

    ByteQueue octets_;  // of datagrams each with its length before it, the first one's taken off
    std::size_t size_ = 0;
    std::size_t left_of_first_ = 0;
    bool datagrams_;
};

}  // namespace atls::modem
