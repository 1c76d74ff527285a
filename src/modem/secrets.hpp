// Certificates and keys that a host hands over and can never read back: in memory ("RAM:name") and in NVRAM
// ("NVRAM:CA0"). Seen as Files, so that an SSL context names them as it names files elsewhere.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "modem/outside.hpp"

namespace atls::modem {

inline constexpr std::string_view nvram_prefix = "NVRAM:";

class Secrets final : public Files {
public:
    /// `nvram` keeps them over a power-off, encrypted at rest where it is a disk; it outlives this. Null: the module
    /// has no such commands, and everything here is refused.
    explicit Secrets(Files* nvram) : nvram_(nvram) {}
    ~Secrets() override { forget_ram(); }
    Secrets(const Secrets&) = delete;
    Secrets& operator=(const Secrets&) = delete;

    /// What AT+QSECREAD tells: whether the content still is what was written, and its checksum.
    struct Check {
        bool good = false;
        std::string checksum;
    };
    /// not_found: there is none of that name.
    [[nodiscard]] Result<Check, FileFailure> check(const std::string& name) const;
    /// Power off: what is in memory goes, and is wiped.
    void forget_ram();

    [[nodiscard]] std::vector<FileInfo> list() const override;
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override;
    [[nodiscard]] Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                  std::size_t count) const override;
    /// exists: it must be removed first.
    Outcome<FileFailure> replace(const std::string& name, BytesView content) override;
    Outcome<FileFailure> remove(const std::string& name) override;
    // Secrets are written whole.
    Outcome<FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) override;
    Outcome<FileFailure> truncate(const std::string& name, std::uint64_t size) override;
    [[nodiscard]] std::uint64_t capacity() const override;
    [[nodiscard]] std::uint64_t used() const override;

private:
    [[nodiscard]] Result<Bytes, FileFailure> whole(const std::string& name) const;

    std::map<std::string, Bytes> ram_;  ///< by name without prefix
    Files* nvram_;
};

}  // namespace atls::modem
