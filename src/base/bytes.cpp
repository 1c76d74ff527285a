#include "base/bytes.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"

namespace atls {

namespace {
// Below this the moved-out front is kept: compacting costs more than it frees.
constexpr std::size_t compact_above = 4096;

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
    return -1;
}
}  // namespace

void ByteQueue::append(BytesView more) {
    if (head_ > compact_above && head_ > data_.size() / 2) {
        data_.erase(0, head_);
        head_ = 0;
    }
    data_.append(more);
}

void ByteQueue::consume(std::size_t count) {
    ensure(count <= size(), "consuming more than is queued");
    head_ += count;
    if (head_ == data_.size()) clear();
}

Bytes ByteQueue::take(std::size_t count) {
    if (head_ == 0 && count >= data_.size()) return std::exchange(data_, {});
    Bytes taken(view().substr(0, count));
    consume(taken.size());
    return taken;
}

void ByteQueue::clear() {
    head_ = 0;
    if (data_.capacity() > compact_above) {
        Bytes().swap(data_);
    } else {
        data_.clear();
    }
}

std::string to_hex(BytesView octets) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(octets.size() * 2);
    for (const char c : octets) {
        const auto value = static_cast<unsigned char>(c);
        text.push_back(digits[value >> 4U]);
        text.push_back(digits[value & 15U]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return std::nullopt;
    Bytes octets;
    octets.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = digit_value(digits[i]);
        const int low = digit_value(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        octets.push_back(static_cast<char>(high * 16 + low));
    }
    return octets;
}

void wipe(Bytes& secret) {
    volatile char* octets = secret.data();
    for (std::size_t i = 0; i < secret.size(); ++i) octets[i] = 0;
    secret.clear();
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), ascii_upper);
    return result;
}

std::string printable(BytesView octets, std::size_t most) {
    std::string text;
    for (const char c : octets.substr(0, most)) {
        if (c >= ' ' && c <= '~') {
            text.push_back(c);
        } else {
            text += "\\x" + to_hex(BytesView(&c, 1));
        }
    }
    if (octets.size() > most) text += "…";
    return text;
}

}  // namespace atls
