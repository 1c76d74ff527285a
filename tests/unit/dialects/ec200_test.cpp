// A further module of the family is one value.
#include "dialects/ec200/ec200.hpp"

#include <gtest/gtest.h>

#include "at/catalogue.hpp"
#include "support/world.hpp"

namespace atls::test {
namespace {

constexpr dialects::Ec200Identity fifth{"EC801E-CN", "EC801E", "EC801ECNCGR03A01M02",
                                        "EC801ECNCGR03A01M02_01.001.01.001"};

Bytes answer_to(World& world, const std::string& line) {
    HostPort& port = world.port("uart1");
    port.session().line.echo = false;
    port.send(line + "\r");
    EXPECT_TRUE(world.settle());
    return port.take_received();
}

TEST(Ec200, AFifthModuleIsOneValue) {
    const at::Dialect module = dialects::ec200(fifth);
    World world(module);
    EXPECT_EQ(answer_to(world, "ATI"), "\r\nQuectel\r\nEC801E\r\nRevision: EC801ECNCGR03A01M02\r\n\r\nOK\r\n");
    EXPECT_EQ(answer_to(world, "AT+CGMR"), "\r\nEC801ECNCGR03A01M02\r\n\r\nOK\r\n");
    EXPECT_EQ(answer_to(world, "AT+QIACT=?"), "\r\n+QIACT: (1-15)\r\n\r\nOK\r\n");
    EXPECT_EQ(answer_to(world, "AT+QSSLCFG=\"session_cache\",1"), "\r\n+QSSLCFG: \"session_cache\",1,0\r\n\r\nOK\r\n");
}

TEST(Ec200, ModulesDifferInIdentityOnly) {
    const auto modules = dialects::ec200_modules();
    ASSERT_EQ(modules.size(), 4U);
    const auto names = [](const at::Dialect& module) {
        std::vector<std::string> all;
        for (const auto& entry : at::catalogue(module)) all.push_back(entry.name + at::words_of(entry.origin));
        return all;
    };
    const auto first = names(modules.front());
    for (const auto& module : modules) {
        EXPECT_EQ(names(module), first) << module.name;
        EXPECT_EQ(module.profile.suites.size(), 32U);
        EXPECT_EQ(module.family, "ec200");
    }
}

}  // namespace
}  // namespace atls::test
