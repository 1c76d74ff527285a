// libFuzzer's way into a session.
#include <cstddef>
#include <cstdint>

#include "fuzz/session_play.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    atls::test::play_session({reinterpret_cast<const char*>(data), size});
    return 0;
}
