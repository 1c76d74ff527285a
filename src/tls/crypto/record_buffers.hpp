// mbed TLS's allocator. The two record buffers of a connection come from page-backed slots: a page that no record has
// reached costs nothing, and an idle connection can give pages back.
#pragma once

#include <cstddef>

namespace atls::tls::crypto {

/// Gives the pages of a slot back from `keep` octets on; they read as zero afterwards. Without effect on other memory.
void trim_slot(void* slot, std::size_t keep);

/// Frees a slot; false if it is none. Its pages go back to the system, so what was in it needs no overwriting.
bool release_slot(void* slot);

/// Slots in use, all threads together.
std::size_t slots_in_use();

}  // namespace atls::tls::crypto
