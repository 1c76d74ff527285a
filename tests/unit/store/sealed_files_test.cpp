// Files encrypted and authenticated at rest.
#include "store/sealed_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace atls::store {
namespace {

using modem::FileError;

SealKey key_of(char fill) { return *key_from_hex(std::string(2 * seal_key_octets, fill), "test"); }

/// The files under the seal, which the test looks at and changes.
struct Store {
    Store() {
        auto memory = in_memory(100'000);
        under = memory.get();
        auto made = sealed(std::move(memory), key_of('a'));
        EXPECT_TRUE(made.ok());
        files = std::move(*made);
    }
    Bytes on_disk(const std::string& name) const {
        return *under->read(name, 0, static_cast<std::size_t>(*under->size(name)));
    }
    Bytes content(const std::string& name) const {
        const auto octets = files->read(name, 0, 100'000);
        return octets.ok() ? *octets : "failed: " + octets.error().text;
    }
    modem::Files* under = nullptr;
    std::unique_ptr<modem::Files> files;
};

TEST(SealedFiles, KeepContentAndHideIt) {
    Store store;
    EXPECT_TRUE(store.files->list().empty());
    const std::string secret = "-----BEGIN PRIVATE KEY-----\nMIIE";
    ASSERT_TRUE(store.files->replace("CK0", secret).ok());
    EXPECT_EQ(store.content("CK0"), secret);
    EXPECT_EQ(store.files->size("CK0"), secret.size());
    ASSERT_EQ(store.files->list().size(), 1U);
    EXPECT_EQ(store.files->list()[0].size, secret.size());
    EXPECT_EQ(store.on_disk("CK0").find("PRIVATE"), Bytes::npos);
    const Bytes first = store.on_disk("CK0");
    ASSERT_TRUE(store.files->replace("CK0", secret).ok());
    EXPECT_NE(store.on_disk("CK0"), first) << "a nonce was used twice";
    ASSERT_TRUE(store.files->replace("empty", "").ok());
    EXPECT_EQ(store.content("empty"), "");
    EXPECT_EQ(store.files->read("CK0", 5, 5).value(), secret.substr(5, 5));
    EXPECT_TRUE(store.files->remove("CK0").ok());
    EXPECT_EQ(store.files->read("CK0", 0, 1).error().code, FileError::not_found);
}

TEST(SealedFiles, EveryFlippedBitIsSeen) {
    Store store;
    ASSERT_TRUE(store.files->replace("CA0", "content").ok());
    const Bytes good = store.on_disk("CA0");
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        Bytes bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
        ASSERT_TRUE(store.under->replace("CA0", bad).ok());
        const auto read = store.files->read("CA0", 0, 100);
        ASSERT_FALSE(read.ok()) << "bit " << bit;
        EXPECT_EQ(read.error().code, FileError::input_output);
    }
    for (std::size_t length = 0; length < good.size(); ++length) {
        ASSERT_TRUE(store.under->replace("CA0", BytesView(good).substr(0, length)).ok());
        EXPECT_FALSE(store.files->read("CA0", 0, 100).ok()) << length << " octets";
    }
}

TEST(SealedFiles, OneFileCannotStandInForAnother) {
    Store store;
    ASSERT_TRUE(store.files->replace("CA0", "one").ok());
    ASSERT_TRUE(store.files->replace("CA1", "two").ok());
    ASSERT_TRUE(store.under->replace("CA1", store.on_disk("CA0")).ok());
    EXPECT_FALSE(store.files->read("CA1", 0, 100).ok());
}

TEST(SealedFiles, AForeignKeyIsRefused) {
    Store store;
    auto copy = in_memory(100'000);
    for (const auto& file : store.under->list()) ASSERT_TRUE(copy->replace(file.name, store.on_disk(file.name)).ok());
    const auto opened = sealed(std::move(copy), key_of('b'));
    ASSERT_FALSE(opened.ok());
    EXPECT_TRUE(opened.error().text.starts_with("was sealed with another key")) << opened.error().text;
    auto plain = in_memory(1000);
    ASSERT_TRUE(plain->replace("CA0", "never sealed").ok());
    EXPECT_FALSE(sealed(std::move(plain), key_of('a')).ok());
}

TEST(SealedFiles, AreWrittenWhole) {
    Store store;
    ASSERT_TRUE(store.files->replace("CA0", "one").ok());
    EXPECT_FALSE(store.files->write("CA0", 0, "x").ok());
    EXPECT_FALSE(store.files->truncate("CA0", 0).ok());
    EXPECT_FALSE(store.files->replace("key", "mine").ok());
    EXPECT_FALSE(store.files->remove("key").ok());
    EXPECT_EQ(store.content("CA0"), "one");
}

TEST(SealKey, IsMadeOnceAndForItsUserOnly) {
    std::string folder = "/tmp/atls-key-XXXXXX";
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const std::string path = folder + "/nvram.key";
    const auto made = key_from_file(path);
    ASSERT_TRUE(made.ok()) << made.error().text;
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    EXPECT_EQ(facts.st_nlink, 1U) << "the draft is still there";
    const auto again = key_from_file(path);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->octets, made->octets);
    ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
    EXPECT_NE(key_from_file(path).error().text.find("chmod 600"), std::string::npos);
    const auto given = key_from_credential(path);
    ASSERT_TRUE(given.ok()) << "systemd's access lists look like a right of the group: " << given.error().text;
    EXPECT_EQ(given->octets, made->octets);
    EXPECT_NE(key_from_credential(folder + "/none").error().text.find("No such file"), std::string::npos);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    std::ofstream(path, std::ios::app) << "x";
    EXPECT_NE(key_from_file(path).error().text.find("32 octets"), std::string::npos);
    EXPECT_FALSE(key_from_file(folder + "/no/such/folder").ok());
    std::filesystem::remove_all(folder);
}

TEST(SealKey, IsSixtyFourDigits) {
    EXPECT_TRUE(key_from_hex(std::string(64, '0'), "env:KEY").ok());
    EXPECT_EQ(key_from_hex(std::string(63, '0'), "env:KEY").error().text, "env:KEY: a key is 64 hexadecimal digits");
    EXPECT_FALSE(key_from_hex(std::string(64, 'g'), "env:KEY").ok());
}

}  // namespace
}  // namespace atls::store
