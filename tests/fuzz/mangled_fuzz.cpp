// libFuzzer's way into the parsers of certificates, keys and handshakes.
#include <cstddef>
#include <cstdint>

#include "unit/tls/mangled_play.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    atls::tls::testing::play_mangled({reinterpret_cast<const char*>(data), size});
    return 0;
}
