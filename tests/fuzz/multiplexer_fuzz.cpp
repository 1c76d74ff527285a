// libFuzzer's way into the multiplexer.
#include <cstddef>
#include <cstdint>

#include "fuzz/ports_play.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    atls::test::play_multiplexer({reinterpret_cast<const char*>(data), size});
    return 0;
}
