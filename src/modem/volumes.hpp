// The storages that a module's host can name, as one set of files: "ca.pem" is in the flash (UFS), "RAM:ca.pem" in
// memory, for modules that have one.
#pragma once

#include "modem/outside.hpp"

namespace atls::modem {

/// Before the names of files in memory.
inline constexpr std::string_view ram_prefix = "RAM:";

class Volumes final : public Files {
public:
    /// `ram`: null if the module has none. Both outlive this.
    Volumes(Files& ufs, Files* ram) : ufs_(ufs), ram_(ram) {}

    [[nodiscard]] bool has_ram() const { return ram_ != nullptr; }
    /// "RAM:x", of a module that has that storage.
    [[nodiscard]] bool in_ram(std::string_view name) const { return has_ram() && name.starts_with(ram_prefix); }
    /// The storage that holds files of such names: its quota, and its list without the prefix.
    [[nodiscard]] const Files& holder(const std::string& name) const;
    /// Power off.
    void forget_ram();

    // The flash's files, then those in memory with their prefix.
    [[nodiscard]] std::vector<FileInfo> list() const override;
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override;
    [[nodiscard]] Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                  std::size_t count) const override;
    Outcome<FileFailure> replace(const std::string& name, BytesView content) override;
    Outcome<FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) override;
    Outcome<FileFailure> truncate(const std::string& name, std::uint64_t size) override;
    Outcome<FileFailure> remove(const std::string& name) override;
    Result<std::unique_ptr<FileWriter>, FileFailure> start(const std::string& name) override;
    // Of the flash.
    [[nodiscard]] std::uint64_t capacity() const override { return ufs_.capacity(); }
    [[nodiscard]] std::uint64_t used() const override { return ufs_.used(); }

private:
    struct Place {
        Files& files;
        std::string name;  ///< without prefix
    };
    [[nodiscard]] Place place(const std::string& name) const;

    Files& ufs_;
    Files* ram_;
};

/// One name for one file, however the host writes it: "ufs:ca.pem" and "ca.pem", "ram:x" and "RAM:x". Other prefixes
/// stay.
std::string file_name_of(const std::string& path);

}  // namespace atls::modem
