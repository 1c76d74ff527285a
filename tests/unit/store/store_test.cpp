// What both stores must do, and what only the one on disk does.
#include "store/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>

#include "store/file_name.hpp"

namespace atls::store {
namespace {

using modem::FileError;

class Scratch {
public:
    Scratch() : path_("/tmp/atls-store-XXXXXX") { EXPECT_NE(::mkdtemp(path_.data()), nullptr); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string operator/(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

std::unique_ptr<modem::Files> opened(const std::string& path, std::uint64_t quota) {
    auto files = open_directory(path, quota);
    EXPECT_TRUE(files.ok()) << files.error().text;
    return files.ok() ? std::move(*files) : nullptr;
}

class Stores : public testing::TestWithParam<const char*> {
protected:
    void open_with(std::uint64_t quota) {
        files.reset();
        files = on_disk() ? opened(scratch / "store", quota) : in_memory(quota);
    }
    static bool on_disk() { return std::string(GetParam()) == "disk"; }
    Bytes content(const std::string& name) {
        auto octets = files->read(name, 0, 1'000'000);
        return octets.ok() ? *octets : "failed: " + octets.error().text;
    }
    static FileError code_of(const Outcome<modem::FileFailure>& outcome) {
        return outcome.ok() ? FileError::none : outcome.error().code;
    }

    Scratch scratch;
    std::unique_ptr<modem::Files> files;
};

TEST_P(Stores, KeepAndGiveBack) {
    open_with(1000);
    EXPECT_TRUE(files->list().empty());
    const Bytes octets("a\0b\x1A\n\xFF", 6);
    ASSERT_TRUE(files->replace("two", octets).ok());
    ASSERT_TRUE(files->replace("one", "1").ok());
    EXPECT_EQ(content("two"), octets);
    EXPECT_EQ(*files->read("two", 2, 2), octets.substr(2, 2));
    EXPECT_EQ(*files->read("two", 4, 100), octets.substr(4));
    EXPECT_EQ(*files->read("two", 6, 1), "");
    EXPECT_EQ(*files->read("two", 7000, 1), "");
    const auto all = files->list();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].name, "one");
    EXPECT_EQ(all[1].size, 6U);
    EXPECT_EQ(files->size("two"), 6U);
    EXPECT_EQ(files->size("three"), std::nullopt);
    EXPECT_EQ(files->used(), 7U);
    EXPECT_EQ(files->capacity(), 1000U);
}

TEST_P(Stores, ChangeInPlace) {
    open_with(1000);
    ASSERT_TRUE(files->replace("f", "0123456789").ok());
    ASSERT_TRUE(files->write("f", 10, "ab").ok());
    ASSERT_TRUE(files->write("f", 0, "X").ok());
    ASSERT_TRUE(files->write("f", 11, "YZ").ok());
    ASSERT_TRUE(files->write("f", 5, "").ok());
    EXPECT_EQ(content("f"), "X123456789aYZ");
    ASSERT_TRUE(files->truncate("f", 3).ok());
    EXPECT_EQ(content("f"), "X12");
    EXPECT_EQ(files->used(), 3U);
    ASSERT_TRUE(files->truncate("f", 0).ok());
    EXPECT_EQ(content("f"), "");
    ASSERT_TRUE(files->remove("f").ok());
    EXPECT_EQ(files->used(), 0U);
    EXPECT_EQ(files->size("f"), std::nullopt);
}

TEST_P(Stores, RefuseWhatCannotBe) {
    open_with(1000);
    EXPECT_EQ(files->read("f", 0, 1).error().code, FileError::not_found);
    EXPECT_EQ(code_of(files->write("f", 0, "x")), FileError::not_found);
    EXPECT_EQ(code_of(files->truncate("f", 0)), FileError::not_found);
    EXPECT_EQ(code_of(files->remove("f")), FileError::not_found);
    EXPECT_EQ(code_of(files->replace("", "x")), FileError::bad_name);
    EXPECT_EQ(code_of(files->replace(std::string(256, 'x'), "x")), FileError::bad_name);
    ASSERT_TRUE(files->replace("f", "0123").ok());
    EXPECT_EQ(code_of(files->write("f", 5, "x")), FileError::input_output);
    EXPECT_EQ(code_of(files->truncate("f", 5)), FileError::input_output);
    EXPECT_EQ(content("f"), "0123");
}

TEST_P(Stores, KeepTheQuota) {
    open_with(10);
    ASSERT_TRUE(files->replace("a", "123456").ok());
    ASSERT_TRUE(files->replace("b", "1234").ok());
    const auto refused = files->replace("c", "x");
    EXPECT_EQ(code_of(refused), FileError::no_space);
    EXPECT_EQ(refused.error().text, "write \"c\": 1 octets more, 0 of the quota of 10 are free");
    EXPECT_EQ(files->size("c"), std::nullopt);
    EXPECT_TRUE(files->replace("c", "").ok());
    EXPECT_TRUE(files->replace("a", "654321").ok());
    EXPECT_EQ(code_of(files->write("a", 6, "7")), FileError::no_space);
    EXPECT_TRUE(files->write("a", 5, "0").ok());
    EXPECT_TRUE(files->truncate("b", 3).ok());
    EXPECT_TRUE(files->write("a", 6, "7").ok());
    EXPECT_EQ(files->used(), 10U);
    EXPECT_TRUE(files->remove("a").ok());
    EXPECT_EQ(code_of(files->replace("a", "12345678")), FileError::no_space);
    EXPECT_TRUE(files->replace("a", "1234567").ok());
}

TEST_P(Stores, TakeAnyName) {
    open_with(std::numeric_limits<std::uint64_t>::max());
    const std::vector<std::string> names = {
        ".",
        "..",
        "/",
        "../../etc/passwd",
        "/etc/passwd",
        std::string("nul\0inside", 10),
        "a",
        "A",
        "Ca.PEM",
        "ca.pem",
        "%41",
        "%",
        "%2",
        ".draft",
        ".lock",
        "ü.pem",
        "\xFF\xFE",
        "\xC3",
        "\xED\xA0\x80",
        " ",
        "with space",
        "UFS:cert.pem",
        "line\nbreak",
        "\\",
        "~",
        "-rf",
        "證書.pem",
        std::string(85, '\xFF'),
        std::string(255, 'x'),
    };
    for (const auto& name : names) ASSERT_TRUE(files->replace(name, "content of " + name).ok()) << name;
    if (on_disk()) open_with(std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(files->list().size(), names.size());
    for (const auto& name : names) EXPECT_EQ(content(name), "content of " + name);
    for (const auto& name : names) EXPECT_TRUE(files->remove(name).ok()) << name;
    EXPECT_EQ(files->used(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Both, Stores, testing::Values("disk", "memory"),
                         [](const auto& row) { return std::string(row.param); });

class DiskStore : public testing::Test {
protected:
    Scratch scratch;
    std::string path = scratch / "deep/inside";
};

TEST_F(DiskStore, IsThereAgainWhenOpenedAgain) {
    EXPECT_TRUE(opened(path, 100)->replace("f", "kept").ok());
    const auto files = opened(path, 2);
    EXPECT_EQ(*files->read("f", 0, 100), "kept");
    EXPECT_EQ(files->used(), 4U);
    EXPECT_FALSE(files->replace("g", "x").ok()) << "the quota has shrunk meanwhile";
    EXPECT_TRUE(files->truncate("f", 3).ok()) << "but giving back is always allowed";
}

TEST_F(DiskStore, IsReadableAsAFolderAndItsOwnersAlone) {
    const auto files = opened(path, 100);
    ASSERT_TRUE(files->replace("cacert.pem", "x").ok());
    struct stat status {};
    ASSERT_EQ(::stat((path + "/cacert.pem").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0700U);
}

TEST_F(DiskStore, TakesWhatWasPutThereAndRemovesItsOwnLeftovers) {
    std::filesystem::create_directories(path + "/folder");
    std::ofstream(path + "/my ca.pem") << "certificate";
    std::ofstream(path + "/.draft") << "half a fi";
    std::ofstream(path + "/.hidden") << "not ours";
    std::ofstream(path + "/%zz") << "not ours";
    std::filesystem::create_symlink("/etc/passwd", path + "/link");
    const auto files = opened(path, 100);
    ASSERT_EQ(files->list().size(), 1U);
    EXPECT_EQ(files->list()[0].name, "my ca.pem");
    EXPECT_FALSE(std::filesystem::exists(path + "/.draft"));
    EXPECT_TRUE(std::filesystem::exists(path + "/.hidden"));
    // Taking a link's name replaces the link and not what it names.
    EXPECT_TRUE(files->replace("link", "mine").ok());
    EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path + "/link")));
}

TEST_F(DiskStore, IsOneProcessAtATime) {
    auto first = opened(path, 100);
    const auto second = open_directory(path, 100);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().text,
              "storage " + path + " is in use by another atls (process " + std::to_string(::getpid()) + ")");
    first.reset();
    EXPECT_TRUE(open_directory(path, 100).ok());
}

TEST_F(DiskStore, SaysWhyItCannotOpen) {
    std::ofstream(scratch / "file") << "x";
    const auto refused = open_directory(scratch / "file/store", 100);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().text,
              "storage " + (scratch / "file/store") + ": cannot create: not a directory (ENOTDIR)");
}

TEST_F(DiskStore, TellsAFullDisk) {
    // /dev/full is no directory; a file-size limit fails like a full disk does: in the middle of a write.
    const auto files = opened(path, 1'000'000);
    ASSERT_TRUE(files->replace("f", "old").ok());
    rlimit limit{}, small{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 1000;
    std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto refused = files->replace("f", Bytes(5000, 'x'));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, FileError::no_space);
    EXPECT_EQ(*files->read("f", 0, 100), "old");
    EXPECT_FALSE(std::filesystem::exists(path + "/.draft"));
    EXPECT_EQ(files->used(), 3U);
}

TEST_F(DiskStore, AFileThatWasTakenAwayIsAnError) {
    const auto files = opened(path, 100);
    ASSERT_TRUE(files->replace("f", "x").ok());
    std::filesystem::remove(path + "/f");
    const auto refused = files->read("f", 0, 1);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().text, "read \"f\": no such file or directory (ENOENT)");
    EXPECT_FALSE(files->write("f", 1, "x").ok());
}

TEST(FileName, KeepsWhatPeopleRead) {
    EXPECT_EQ(safe_name("cacert.pem"), "cacert.pem");
    EXPECT_EQ(safe_name("UFS:my cert.pem"), "UFS:my cert.pem");
    EXPECT_EQ(safe_name("ü"), "ü");
    EXPECT_EQ(safe_name(".."), "%2E.");
    EXPECT_EQ(safe_name("a/b%c\x01"), "a%2Fb%25c%01");
    EXPECT_EQ(safe_name("\xC3"), "%C3");
    EXPECT_EQ(name_from("%2E."), "..");
    for (const char* none : {"", ".", "..", ".lock", "a%", "a%4", "%61", "%2e.", "a/b"})
        EXPECT_FALSE(name_from(none)) << none;
}

}  // namespace
}  // namespace atls::store
