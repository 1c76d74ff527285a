// The few steps on a directory of which atomic and durable changes are made. Doubled by a disk that loses power.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace atls::store {

/// An errno; 0 is none.
struct Errno {
    int number = 0;
};

class Disk {
public:
    struct Entry {
        std::string name;
        std::uint64_t size = 0;
    };
    /// A new file while it is written. Destroying it closes.
    class Draft {
    public:
        virtual ~Draft() = default;
        virtual Outcome<Errno> append(BytesView octets) = 0;
        /// Its octets survive a loss of power; its name not yet.
        virtual Outcome<Errno> sync() = 0;
    };

    virtual ~Disk() = default;
    /// Regular files only.
    [[nodiscard]] virtual Result<std::vector<Entry>, Errno> list() const = 0;
    /// Fewer than `count` octets only at the end of the file.
    [[nodiscard]] virtual Result<Bytes, Errno> read(const std::string& name, std::uint64_t offset,
                                                    std::size_t count) const = 0;
    /// An existing file is emptied.
    virtual Result<std::unique_ptr<Draft>, Errno> create(const std::string& name) = 0;
    virtual Outcome<Errno> rename(const std::string& from, const std::string& to) = 0;
    virtual Outcome<Errno> unlink(const std::string& name) = 0;
    /// Names created, renamed and removed survive a loss of power.
    virtual Outcome<Errno> sync_directory() = 0;
};

}  // namespace atls::store
