// A file of 400 lines is a sign of two things in one place.
#include <gtest/gtest.h>

#include "house/sources.hpp"

namespace atls::test {
namespace {

constexpr std::size_t longest_file = 400;
constexpr std::size_t longest_line = 120;

std::size_t columns(const std::string& line) {
    std::size_t count = 0;
    for (const char c : line)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // UTF-8 continuations do not count
    return count;
}

TEST(Sizes, FilesAndLinesStayShort) {
    for (const std::string folder : {"src", "tests", "bench", "examples"}) {
        for (const auto& file : sources(folder)) {
            EXPECT_LE(file.lines.size(), longest_file) << file.name;
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                EXPECT_LE(columns(file.lines[i]), longest_line) << file.name << ":" << i + 1;
            }
        }
    }
}

}  // namespace
}  // namespace atls::test
