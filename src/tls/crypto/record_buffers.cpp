#include "tls/crypto/record_buffers.hpp"

#include <mbedtls/platform_util.h>
#include <mbedtls/ssl_internal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
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

// A connection's buffers as it leaves them to the next: taking pages from the system and giving them back costs a third
// of a short handshake. Few, because these pages stay.
constexpr std::size_t hot_at_most = 32;
constexpr std::size_t wiped = std::max(MBEDTLS_SSL_IN_BUFFER_LEN, MBEDTLS_SSL_OUT_BUFFER_LEN);

class Slots {
public:
    /// Zeros.
    void* take() {
        const std::lock_guard lock(mutex_);
        if (base_ == nullptr && !reserve()) return nullptr;
        std::uint32_t number = next_;
        if (!hot_.empty()) {
            number = hot_.back();
            hot_.pop_back();
        } else if (!cold_.empty()) {
            number = cold_.back();
            cold_.pop_back();
        } else if (next_ < slot_count) {
            ++next_;
            trimmed_.push_back(false);
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
        const std::uint32_t number = number_of(memory);
        const bool hot = reserve_hot(number);
        if (hot) {
            mbedtls_platform_zeroize(memory, wiped);
        } else {
            // Dropped pages read as zeros.
            ensure(madvise(memory, slot_size, MADV_DONTNEED) == 0, "a record buffer cannot be dropped");
        }
        const std::lock_guard lock(mutex_);
        trimmed_[number] = false;
        (hot ? hot_ : cold_).push_back(number);
        if (hot) --becoming_hot_;
        --used_;
    }

    void trim(void* memory, std::size_t from) {
        {
            const std::lock_guard lock(mutex_);
            trimmed_[number_of(memory)] = true;
        }
        madvise(static_cast<char*>(memory) + from, slot_size - from, MADV_DONTNEED);
    }

    std::size_t used() {
        const std::lock_guard lock(mutex_);
        return used_;
    }

private:
    [[nodiscard]] std::uint32_t number_of(void* memory) const {
        return static_cast<std::uint32_t>(static_cast<std::size_t>(static_cast<char*>(memory) - base_) / slot_size);
    }

    /// Wiping a slot that gave its pages back would only fetch them again.
    bool reserve_hot(std::uint32_t number) {
        const std::lock_guard lock(mutex_);
        if (trimmed_[number] || hot_.size() + becoming_hot_ >= hot_at_most) return false;
        ++becoming_hot_;
        return true;
    }

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
    std::vector<std::uint32_t> hot_;   // wiped, their pages kept
    std::vector<std::uint32_t> cold_;  // without pages
    std::vector<bool> trimmed_;        // by number: gave pages back since it was taken
    std::size_t becoming_hot_ = 0;     // being wiped, outside the lock
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
    if (from < slot_size) slots().trim(slot, from);
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
