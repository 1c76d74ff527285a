// Octets and a queue of octets. A std::string holds octets here, not text: NUL, 0x1A and LF are data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atls {

using Bytes = std::string;
using BytesView = std::string_view;

/// FIFO of octets. Consuming is O(1) amortised; an emptied queue gives its memory back.
class ByteQueue {
public:
    [[nodiscard]] BytesView view() const { return BytesView(data_).substr(head_); }
    [[nodiscard]] std::size_t size() const { return data_.size() - head_; }
    [[nodiscard]] bool empty() const { return size() == 0; }

    void append(BytesView more);
    /// Drops the first `count` octets; `count` must not exceed size().
    void consume(std::size_t count);
    /// Removes and returns the first min(count, size()) octets.
    Bytes take(std::size_t count);
    void clear();

private:
    Bytes data_;
    std::size_t head_ = 0;
};

/// Upper-case hexadecimal, two digits an octet.
std::string to_hex(BytesView octets);
/// Either case; nullopt on an odd count or a digit that is none.
std::optional<Bytes> from_hex(std::string_view digits);

/// Overwrites a secret where it lies; a compiler may not leave that out.
void wipe(Bytes& secret);

/// ASCII only: what AT commands, keys and host names are compared with.
char ascii_lower(char c);
char ascii_upper(char c);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string upper(std::string_view text);
/// For logs: printable ASCII as it is, the rest as \xNN, cut to `most` octets.
std::string printable(BytesView octets, std::size_t most = 80);

}  // namespace atls
