#include "tls/crypto/random.hpp"

#include <mbedtls/platform_util.h>
#include <mbedtls/ssl.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cstring>

#include "tls/crypto/library.hpp"

namespace atls::tls::crypto {

namespace {

// mbed TLS asks for single octets (PKCS#1 padding) and a call into libcrypto costs half a microsecond.
struct Pool {
    std::array<unsigned char, 1024> octets;
    std::size_t left = 0;
    unsigned process = 0;
    Pool() = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() { mbedtls_platform_zeroize(octets.data(), octets.size()); }
};

constexpr std::size_t pooled_at_most = 256;

// Counts forks, so that parent and child never hand out the same pool.
std::atomic<unsigned> process{0};

void watch_forks() {
    static const int registered =
        pthread_atfork(nullptr, nullptr, [] { process.fetch_add(1, std::memory_order_relaxed); });
    static_cast<void>(registered);
}

bool draw(unsigned char* into, std::size_t count) { return RAND_bytes_ex(library(), into, count, 0) == 1; }

}  // namespace

int random_octets(void*, unsigned char* into, std::size_t count) {
    thread_local Pool pool;
    if (count > pooled_at_most) return draw(into, count) ? 0 : MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
    watch_forks();
    const unsigned current = process.load(std::memory_order_relaxed);
    if (pool.left < count || pool.process != current) {
        if (!draw(pool.octets.data(), pool.octets.size())) return MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
        pool.left = pool.octets.size();
        pool.process = current;
    }
    pool.left -= count;
    std::memcpy(into, pool.octets.data() + pool.left, count);
    mbedtls_platform_zeroize(pool.octets.data() + pool.left, count);
    return 0;
}

}  // namespace atls::tls::crypto
