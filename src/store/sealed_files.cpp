#include "store/sealed_files.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "loop/fd.hpp"

namespace atls::store {

namespace {

using modem::FileError;
using modem::FileFailure;
using modem::FileInfo;

constexpr std::string_view magic = "atls-sealed-1\n";
constexpr std::size_t nonce_octets = 12;
constexpr std::size_t tag_octets = 16;
constexpr std::size_t overhead = magic.size() + nonce_octets + tag_octets;
// Sealed with the key that all others are: tells a foreign key before it does harm.
constexpr const char* witness = "key";
constexpr std::string_view witness_text = "the key of this store";

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* octets_of(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* octets_of(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

FileFailure damaged(const std::string& name) {
    return {FileError::input_output, name + " is damaged, or sealed with another key"};
}

class SealedFiles final : public modem::Files {
public:
    SealedFiles(std::unique_ptr<modem::Files> under, const SealKey& key) : under_(std::move(under)), key_(key) {}

    /// Nothing there yet: this key becomes the store's.
    Outcome<FileFailure> claim() {
        if (!under_->size(witness)) {
            if (!under_->list().empty()) return damaged("the store");
            return replace_any(witness, witness_text);
        }
        const auto text = read_any(witness);
        if (!text || *text != witness_text)
            return FileFailure{FileError::input_output, "was sealed with another key, or its file \"key\" is damaged"};
        return {};
    }

    [[nodiscard]] std::vector<FileInfo> list() const override {
        std::vector<FileInfo> all = under_->list();
        std::erase_if(all, [](const FileInfo& file) { return file.name == witness; });
        for (auto& file : all) file.size -= std::min<std::uint64_t>(file.size, overhead);
        return all;
    }
    [[nodiscard]] std::optional<std::uint64_t> size(const std::string& name) const override {
        const auto stored = name == witness ? std::nullopt : under_->size(name);
        if (!stored) return std::nullopt;
        return *stored - std::min<std::uint64_t>(*stored, overhead);
    }
    [[nodiscard]] Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                  std::size_t count) const override {
        auto content = read_any(name);
        if (!content) return content.error();
        if (offset == 0 && count >= content->size()) return content;
        Bytes wanted = offset < content->size() ? content->substr(static_cast<std::size_t>(offset), count) : Bytes();
        wipe(*content);
        return wanted;
    }
    Outcome<FileFailure> replace(const std::string& name, BytesView content) override {
        if (name == witness) return FileFailure{FileError::bad_name, name + ": a name of the store's own"};
        return replace_any(name, content);
    }
    Outcome<FileFailure> remove(const std::string& name) override {
        if (name == witness) return FileFailure{FileError::not_found, name + ": there is no such file"};
        return under_->remove(name);
    }
    Outcome<FileFailure> write(const std::string& name, std::uint64_t, BytesView) override { return whole_only(name); }
    Outcome<FileFailure> truncate(const std::string& name, std::uint64_t) override { return whole_only(name); }
    [[nodiscard]] std::uint64_t capacity() const override { return under_->capacity(); }
    [[nodiscard]] std::uint64_t used() const override { return under_->used(); }

private:
    static FileFailure whole_only(const std::string& name) {
        return {FileError::bad_name, name + ": sealed files are written whole"};
    }

    Outcome<FileFailure> replace_any(const std::string& name, BytesView content) {
        Bytes sealed(overhead + content.size(), '\0');
        magic.copy(sealed.data(), magic.size());
        unsigned char* nonce = octets_of(sealed) + magic.size();
        unsigned char* text = nonce + nonce_octets;
        int length = 0;
        const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
        const bool good =
            cipher && RAND_bytes(nonce, nonce_octets) == 1 &&
            EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.octets.data(), nonce) == 1 &&
            EVP_EncryptUpdate(cipher.get(), nullptr, &length, octets_of(BytesView(name)),
                              static_cast<int>(name.size())) == 1 &&
            EVP_EncryptUpdate(cipher.get(), text, &length, octets_of(content), static_cast<int>(content.size())) == 1 &&
            EVP_EncryptFinal_ex(cipher.get(), text + content.size(), &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_octets, text + content.size()) == 1;
        if (!good) return FileFailure{FileError::input_output, name + ": libcrypto cannot encrypt it"};
        return under_->replace(name, sealed);
    }

    [[nodiscard]] Result<Bytes, FileFailure> read_any(const std::string& name) const {
        const auto size = under_->size(name);
        if (!size) return FileFailure{FileError::not_found, name + ": there is no such file"};
        auto stored = under_->read(name, 0, static_cast<std::size_t>(*size));
        if (!stored) return stored.error();
        if (stored->size() < overhead || !stored->starts_with(magic)) return damaged(name);
        const unsigned char* nonce = octets_of(BytesView(*stored)) + magic.size();
        unsigned char* text = octets_of(*stored) + magic.size() + nonce_octets;
        const std::size_t count = stored->size() - overhead;
        Bytes content(count, '\0');
        int length = 0;
        const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
        const bool good =
            cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.octets.data(), nonce) == 1 &&
            EVP_DecryptUpdate(cipher.get(), nullptr, &length, octets_of(BytesView(name)),
                              static_cast<int>(name.size())) == 1 &&
            EVP_DecryptUpdate(cipher.get(), octets_of(content), &length, text, static_cast<int>(count)) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_octets, text + count) == 1 &&
            EVP_DecryptFinal_ex(cipher.get(), octets_of(content) + count, &length) == 1;
        if (!good) {
            wipe(content);  // what was not authenticated is nobody's
            return damaged(name);
        }
        return content;
    }

    std::unique_ptr<modem::Files> under_;
    SealKey key_;
};

FileFailure failure_of(const std::string& path, const char* doing) {
    return {FileError::input_output, path + ": cannot be " + doing + ": " + std::strerror(errno)};
}

/// A key file may be read by its user only. What systemd hands over is guarded by it, in ways that mode bits do not
/// show: an access list for the service's user looks like a right of the group.
enum class Guard : std::uint8_t { its_mode, its_giver };

Result<SealKey, FileFailure> read_key(const loop::Fd& file, const std::string& path, Guard guard) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return failure_of(path, "read");
    if (guard == Guard::its_mode && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return FileFailure{FileError::input_output, path + ": others than its user may read it; chmod 600 it"};
    }
    SealKey key;
    const auto got = ::read(file.get(), key.octets.data(), seal_key_octets);
    if (got < 0) return failure_of(path, "read");
    if (got != static_cast<ssize_t>(seal_key_octets) || facts.st_size != static_cast<off_t>(seal_key_octets)) {
        return FileFailure{FileError::input_output, path + ": a key is 32 octets, this file has another length"};
    }
    return key;
}

bool write_durably(const loop::Fd& file, const SealKey& key) {
    const auto written = ::write(file.get(), key.octets.data(), seal_key_octets);
    return written == static_cast<ssize_t>(seal_key_octets) && ::fsync(file.get()) == 0;
}

/// Whole or not at all, and durable: whatever is sealed with it must not outlive it.
Result<SealKey, FileFailure> make_key(const std::string& path) {
    const std::string draft = path + "." + std::to_string(::getpid());
    SealKey key;
    if (RAND_bytes(key.octets.data(), seal_key_octets) != 1) {
        return FileFailure{FileError::input_output, path + ": libcrypto has no random octets"};
    }
    const loop::Fd file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file) return failure_of(path, "made");
    const bool good = write_durably(file, key) && ::link(draft.c_str(), path.c_str()) == 0;
    const int fault = errno;
    ::unlink(draft.c_str());
    // Another atls was quicker: its key it is.
    if (!good && fault == EEXIST) return key_from_file(path);
    errno = fault;
    if (!good) return failure_of(path, "written");
    const std::filesystem::path parent = std::filesystem::absolute(path).parent_path();
    const loop::Fd folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) return failure_of(path, "written");
    return key;
}

}  // namespace

SealKey::~SealKey() { OPENSSL_cleanse(octets.data(), octets.size()); }

OpenedFiles sealed(std::unique_ptr<modem::Files> under, const SealKey& key) {
    auto files = std::make_unique<SealedFiles>(std::move(under), key);
    if (auto claimed = files->claim(); !claimed) return claimed.error();
    return std::unique_ptr<modem::Files>(std::move(files));
}

Result<SealKey, FileFailure> key_from_file(const std::string& path) {
    const loop::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file) return read_key(file, path, Guard::its_mode);
    if (errno == ENOENT) return make_key(path);
    return failure_of(path, "read");
}

Result<SealKey, FileFailure> key_from_credential(const std::string& path) {
    const loop::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file) return read_key(file, path, Guard::its_giver);
    return failure_of(path, "read");
}

Result<SealKey, FileFailure> key_from_hex(std::string_view digits, const std::string& where) {
    const auto octets = from_hex(digits);
    if (!octets || octets->size() != seal_key_octets) {
        return FileFailure{FileError::input_output, where + ": a key is 64 hexadecimal digits"};
    }
    SealKey key;
    std::memcpy(key.octets.data(), octets->data(), seal_key_octets);
    return key;
}

}  // namespace atls::store
