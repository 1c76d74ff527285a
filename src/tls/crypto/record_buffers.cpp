#include "tls/crypto/record_buffers.hpp"

#include <mbedtls/ssl_internal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "base/ensure.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ATLS_PLAIN_BUFFERS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ATLS_PLAIN_BUFFERS 1
#endif

namespace atls::tls::crypto {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t slot_size = (MBEDTLS_SSL_IN_BUFFER_LEN + page - 1) / page * page;
static_assert(MBEDTLS_SSL_OUT_BUFFER_LEN <= slot_size);
constexpr std::size_t slot_count = 65536;  // address space only; beyond it the heap serves

class Slots {
public:
    void* take() {
        const std::lock_guard lock(mutex_);
        if (base_ == nullptr && !reserve()) return nullptr;
        std::uint32_t number = next_;
        if (!free_.empty()) {
            number = free_.back();
            free_.pop_back();
        } else if (next_ < slot_count) {
            ++next_;
        } else {
            return nullptr;
        }
        ++used_;
        return base_ + number * slot_size;
    }

    [[nodiscard]] bool owns(const void* memory) const {
        const auto* at = static_cast<const char*>(memory);
        const char* base = base_.load(std::memory_order_relaxed);
        return base != nullptr && at >= base && at < base + slot_size * slot_count;
    }

    void give_back(void* memory) {
        // A slot is handed out as zeros, which is what dropped pages read as.
        ensure(madvise(memory, slot_size, MADV_DONTNEED) == 0, "a record buffer cannot be dropped");
        const std::lock_guard lock(mutex_);
        free_.push_back(
            static_cast<std::uint32_t>(static_cast<std::size_t>(static_cast<char*>(memory) - base_) / slot_size));
        --used_;
    }

    std::size_t used() {
        const std::lock_guard lock(mutex_);
        return used_;
    }

private:
    bool reserve() {
        if (refused_) return false;
        void* area = mmap(nullptr, slot_size * slot_count, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        refused_ = area == MAP_FAILED;  // a limit on address space, for example
        if (!refused_) base_ = static_cast<char*>(area);
        return !refused_;
    }

    std::mutex mutex_;
    std::atomic<char*> base_ = nullptr;  // written once, before the first slot is handed out
    bool refused_ = false;
    std::vector<std::uint32_t> free_;
    std::uint32_t next_ = 0;
    std::size_t used_ = 0;
};

// Never destroyed: connections of other statics may still free into it.
Slots& slots() {
    static Slots& all = *new Slots;
    return all;
}

bool is_record_buffer(std::size_t size) {
#ifdef ATLS_PLAIN_BUFFERS
    static_cast<void>(size);  // AddressSanitizer sees overruns of heap memory only
    return false;
#else
    return size == MBEDTLS_SSL_IN_BUFFER_LEN || size == MBEDTLS_SSL_OUT_BUFFER_LEN;
#endif
}

}  // namespace

void trim_slot(void* slot, std::size_t keep) {
    if (slot == nullptr || !slots().owns(slot)) return;
    const std::size_t from = (keep + page - 1) / page * page;
    if (from < slot_size) madvise(static_cast<char*>(slot) + from, slot_size - from, MADV_DONTNEED);
}

bool release_slot(void* slot) {
    if (slot == nullptr || !slots().owns(slot)) return false;
    slots().give_back(slot);
    return true;
}

std::size_t slots_in_use() { return slots().used(); }

}  // namespace atls::tls::crypto

extern "C" {

void* atls_tls_calloc(size_t count, size_t size) {
    // mbed TLS asks for a record buffer as (1, size).
    if (count == 1 && atls::tls::crypto::is_record_buffer(size)) {
        if (void* slot = atls::tls::crypto::slots().take()) return slot;
    }
    return std::calloc(count, size);
}

void atls_tls_free(void* memory) {
    if (!atls::tls::crypto::release_slot(memory)) std::free(memory);
}
}
