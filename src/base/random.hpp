// Seeded choice: identities, addresses, jitter. Never key material; the TLS stack has its own source.
#pragma once

#include <cstdint>

namespace atls {

/// splitmix64: the same seed gives the same numbers on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    /// 0 … bound-1; bound > 0.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

private:
    std::uint64_t state_;
};

}  // namespace atls
