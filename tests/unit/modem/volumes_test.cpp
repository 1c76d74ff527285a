#include "modem/volumes.hpp"

#include <gtest/gtest.h>

#include "support/fake_files.hpp"

namespace atls::modem {
namespace {

struct Both {
    test::FakeFiles ufs{1000};
    test::FakeFiles ram{100};
    Volumes volumes{ufs, &ram};
};

TEST(Volumes, PrefixDecides) {
    Both both;
    ASSERT_TRUE(both.volumes.replace("ca.pem", "flash").ok());
    ASSERT_TRUE(both.volumes.replace("RAM:ca.pem", "memory").ok());
    EXPECT_EQ(both.ufs.content("ca.pem"), "flash");
    EXPECT_EQ(both.ram.content("ca.pem"), "memory");
    EXPECT_EQ(*both.volumes.read("RAM:ca.pem", 1, 3), "emo");
    EXPECT_EQ(both.volumes.size("ca.pem"), 5U);
    ASSERT_TRUE(both.volumes.write("RAM:ca.pem", 6, "!").ok());
    ASSERT_TRUE(both.volumes.truncate("RAM:ca.pem", 2).ok());
    EXPECT_EQ(both.ram.content("ca.pem"), "me");
    const auto files = both.volumes.list();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].name, "ca.pem");
    EXPECT_EQ(files[1].name, "RAM:ca.pem");
    EXPECT_EQ(both.volumes.holder("RAM:x").capacity(), 100U);
    EXPECT_EQ(both.volumes.holder("x").capacity(), 1000U);
    ASSERT_TRUE(both.volumes.remove("RAM:ca.pem").ok());
    EXPECT_EQ(both.volumes.size("RAM:ca.pem"), std::nullopt);
    EXPECT_EQ(both.volumes.size("ca.pem"), 5U);
}

TEST(Volumes, MemoryIsForgotten) {
    Both both;
    ASSERT_TRUE(both.volumes.replace("RAM:a", "1").ok());
    ASSERT_TRUE(both.volumes.replace("b", "2").ok());
    both.volumes.forget_ram();
    EXPECT_TRUE(both.ram.list().empty());
    EXPECT_EQ(both.ufs.list().size(), 1U);
}

TEST(Volumes, WithoutMemoryThePrefixIsPartOfAName) {
    test::FakeFiles ufs;
    Volumes volumes(ufs, nullptr);
    EXPECT_FALSE(volumes.has_ram());
    ASSERT_TRUE(volumes.replace("RAM:a", "1").ok());
    EXPECT_EQ(ufs.content("RAM:a"), "1");
    volumes.forget_ram();
    EXPECT_EQ(volumes.list().size(), 1U);
}

TEST(Volumes, OneNameForOneFile) {
    EXPECT_EQ(file_name_of("UFS:ca.pem"), "ca.pem");
    EXPECT_EQ(file_name_of("ufs:ca.pem"), "ca.pem");
    EXPECT_EQ(file_name_of("ca.pem"), "ca.pem");
    EXPECT_EQ(file_name_of("ram:ca.pem"), "RAM:ca.pem");
    EXPECT_EQ(file_name_of("SD:ca.pem"), "SD:ca.pem");
    EXPECT_EQ(file_name_of("UFS:"), "UFS:");
    EXPECT_EQ(file_name_of(""), "");
}

}  // namespace
}  // namespace atls::modem
