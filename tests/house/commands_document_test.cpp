// docs/commands.md is generated from the dialects' rows, and is not to lag behind them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "at/catalogue.hpp"
#include "dialects/all.hpp"
#include "house/sources.hpp"

namespace atls::test {
namespace {

constexpr const char* document = "docs/commands.md";

std::string generated() {
    std::string text =
        "# Commands\n\nEvery command, form and URC of each module, and where the knowledge of it comes from. Generated "
        "by "
        "`ATLS_UPDATE=1 tests/house/house`; not to be edited.\n";
    for (const at::Dialect* dialect : dialects::all()) text += "\n" + at::markdown(*dialect);
    return text;
}

TEST(CommandsDocument, IsAsGenerated) {
    const std::string now = generated();
    if (std::getenv("ATLS_UPDATE") != nullptr) std::ofstream(root_file(document), std::ios::binary) << now;
    const std::string kept = text_of(document);
    EXPECT_TRUE(kept == now) << document << " is absent or out of date: run the program `house` with ATLS_UPDATE=1";
}

}  // namespace
}  // namespace atls::test
