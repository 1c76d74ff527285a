#include "modem/secrets.hpp"

#include <gtest/gtest.h>

#include "support/fake_files.hpp"

namespace atls::modem {
namespace {

struct Vault {
    test::FakeFiles nvram;
    Secrets secrets{&nvram};
    std::string check(const std::string& name) const {
        const auto got = secrets.check(name);
        return got ? std::string(got->good ? "good " : "bad ") + got->checksum : got.error().text;
    }
};

TEST(Secrets, KeepWhatTheyAreGiven) {
    Vault vault;
    for (const char* name : {"RAM:a", "NVRAM:CA0"}) {
        ASSERT_TRUE(vault.secrets.replace(name, "abcd").ok());
        EXPECT_EQ(vault.check(name), "good 206");
        EXPECT_EQ(vault.secrets.size(name), 4U);
        EXPECT_EQ(vault.secrets.read(name, 1, 2).value(), "bc");
        EXPECT_EQ(vault.secrets.replace(name, "x").error().code, FileError::exists);
    }
    vault.secrets.forget_ram();
    EXPECT_EQ(vault.secrets.size("RAM:a"), std::nullopt);
    EXPECT_EQ(vault.check("NVRAM:CA0"), "good 206");
    EXPECT_TRUE(vault.secrets.remove("NVRAM:CA0").ok());
    EXPECT_EQ(vault.secrets.remove("NVRAM:CA0").error().code, FileError::not_found);
    EXPECT_EQ(vault.secrets.remove("RAM:a").error().code, FileError::not_found);
}

TEST(Secrets, DamageIsToldAndNeverUsed) {
    Vault vault;
    ASSERT_TRUE(vault.secrets.replace("NVRAM:CK0", "abcd").ok());
    vault.nvram.put("CK0", "206\nabce");
    EXPECT_EQ(vault.check("NVRAM:CK0"), "bad 207");
    EXPECT_EQ(vault.secrets.read("NVRAM:CK0", 0, 10).error().code, FileError::input_output);
    vault.nvram.fail_read(FileError::input_output);
    EXPECT_EQ(vault.check("NVRAM:CK0"), "bad 0");
    EXPECT_EQ(vault.secrets.replace("NVRAM:CK0", "x").error().code, FileError::exists);
}

TEST(Secrets, AreWrittenWholeAndListedNowhere) {
    Vault vault;
    ASSERT_TRUE(vault.secrets.replace("RAM:a", "abcd").ok());
    EXPECT_FALSE(vault.secrets.write("RAM:a", 0, "x").ok());
    EXPECT_FALSE(vault.secrets.truncate("RAM:a", 0).ok());
    EXPECT_TRUE(vault.secrets.list().empty());
    EXPECT_EQ(vault.secrets.replace("RAM:b", Bytes(200'000, 'x')).error().code, FileError::no_space);
    Secrets none(nullptr);
    EXPECT_FALSE(none.replace("NVRAM:CA0", "x").ok());
    EXPECT_EQ(none.size("NVRAM:CA0"), std::nullopt);
}

}  // namespace
}  // namespace atls::modem
