// What a benchmark asks of the other end of a connection, in its first 16 octets: a letter and 15 digits.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace atls::bench {

constexpr std::size_t wish_size = 16;
constexpr std::string_view wish_granted = "done";

enum class Wish : char {
    take = 'T',  ///< so many octets follow; answer `done` when they are there
    give = 'G',  ///< send so many octets
    echo = 'E',  ///< send back whatever comes, from here on
};

inline std::string wish_text(Wish wish, std::uint64_t octets) {
    std::array<char, wish_size + 1> text{};
    std::snprintf(text.data(), text.size(), "%c%015llu", static_cast<char>(wish),
                  static_cast<unsigned long long>(octets));
    return {text.data(), wish_size};
}

inline std::uint64_t octets_of(const std::string& wish) { return std::strtoull(wish.c_str() + 1, nullptr, 10); }

}  // namespace atls::bench
