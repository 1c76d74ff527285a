// A store of files in memory, with a quota and faults on demand.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "modem/outside.hpp"

namespace atls::test {

class FakeFiles final : public modem::Files {
public:
    explicit FakeFiles(std::uint64_t capacity = 14483456) : capacity_(capacity) {}

    /// The next call that changes something, after `good` good ones, fails; then all is well again.
    void fail_change(modem::FileError code, int good = 0);
    /// The next read does.
    void fail_read(modem::FileError code) { read_fault_ = code; }
    [[nodiscard]] std::string content(const std::string& name) const;  ///< "" if there is none
    void put(const std::string& name, BytesView content) { files_[name] = Bytes(content); }

    [[nodiscard]] std::vector<modem::FileInfo> list() const override;
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override;
    [[nodiscard]] Result<Bytes, modem::FileFailure> read(const std::string& name, std::uint64_t offset,
                                                         std::size_t count) const override;
    Outcome<modem::FileFailure> replace(const std::string& name, BytesView content) override;
    Outcome<modem::FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) override;
    Outcome<modem::FileFailure> truncate(const std::string& name, std::uint64_t size) override;
    Outcome<modem::FileFailure> remove(const std::string& name) override;
    [[nodiscard]] std::uint64_t capacity() const override { return capacity_; }
    [[nodiscard]] std::uint64_t used() const override;

private:
    std::optional<modem::FileFailure> fault(const std::string& name);
    Outcome<modem::FileFailure> store(const std::string& name, Bytes content);

    std::uint64_t capacity_;
    std::map<std::string, Bytes> files_;
    int good_changes_ = 0;
    modem::FileError change_fault_ = modem::FileError::none;
    mutable modem::FileError read_fault_ = modem::FileError::none;
};

}  // namespace atls::test
