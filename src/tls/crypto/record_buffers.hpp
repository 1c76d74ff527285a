// mbed TLS's allocator. The two record buffers of a connection come from page-backed slots: a page that no record has
// reached costs nothing, and an idle connection can give pages back. A few slots keep their pages when they are freed,
// overwritten, for the next connection.
#pragma once

#include <cstddef>

namespace atls::tls::crypto {

/// Gives the pages of a slot back from `keep` octets on; they read as zero afterwards. Without effect on other memory.
void trim_slot(void* slot, std::size_t keep);

/// Frees a slot; false if it is none. What was in it is gone: overwritten, or its pages given back to the system.
bool release_slot(void* slot);

/// Slots in use, all threads together.
std::size_t slots_in_use();

}  // namespace atls::tls::crypto
