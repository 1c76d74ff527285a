// Key material's source: libcrypto's generator behind a per-thread pool.
#pragma once

#include <cstddef>

namespace atls::tls::crypto {

/// mbed TLS's f_rng; 0 or an mbed TLS error. The context is not used.
int random_octets(void* context, unsigned char* into, std::size_t count);

}  // namespace atls::tls::crypto
