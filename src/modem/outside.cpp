#include "modem/outside.hpp"

namespace atls::modem {

std::string_view name_of(NetError error) {
    switch (error) {
        case NetError::none:
            return "no error";
        case NetError::refused:
            return "connection refused";
        case NetError::unreachable:
            return "host or network unreachable";
        case NetError::timed_out:
            return "timed out";
        case NetError::reset:
            return "connection reset by peer";
        case NetError::name_not_found:
            return "name not found";
        case NetError::name_server_failed:
            return "name server failed";
        case NetError::no_resources:
            return "out of resources";
        case NetError::address_in_use:
            return "address in use";
        case NetError::bad_address:
            return "bad address";
        case NetError::not_permitted:
            return "not permitted";
        case NetError::other:
            return "network error";
    }
    return "network error";
}

// --- files --------------------------------------------------------------------------------------------------------

namespace {

class WriterInMemory final : public FileWriter {
public:
    WriterInMemory(Files& files, std::string name) : files_(files), name_(std::move(name)) {}
    Outcome<FileFailure> append(BytesView octets) override {
        const std::uint64_t old = files_.size(name_).value_or(0);
        if (files_.used() - old + content_.size() + octets.size() > files_.capacity()) {
            return FileFailure{FileError::no_space, "write " + name_ + ": the storage is full"};
        }
        content_ += octets;
        return {};
    }
    Outcome<FileFailure> finish() override { return files_.replace(name_, content_); }

private:
    Files& files_;
    std::string name_;
    Bytes content_;
};

}  // namespace

Result<std::unique_ptr<FileWriter>, FileFailure> Files::start(const std::string& name) {
    return std::unique_ptr<FileWriter>(std::make_unique<WriterInMemory>(*this, name));
}

}  // namespace atls::modem
