// What the tests of the hooks share.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace atls::tls::crypto::testing {

using Octets = std::vector<unsigned char>;

inline Octets octets(const char* hex) {
    const Bytes bytes = from_hex(hex).value();
    return Octets(bytes.begin(), bytes.end());
}
inline std::string hex(const unsigned char* data, std::size_t size) {
    return to_hex(BytesView(reinterpret_cast<const char*>(data), size));
}
inline std::string hex(const Octets& data) { return hex(data.data(), data.size()); }

class Dice {
public:
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    Octets octets(std::size_t size) {
        Octets made(size);
        for (auto& octet : made) octet = static_cast<unsigned char>(engine_());
        return made;
    }

private:
    std::mt19937_64 engine_{20261121};
};

}  // namespace atls::tls::crypto::testing
