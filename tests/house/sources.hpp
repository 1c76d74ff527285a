// The project's own files, for tests about them.
#pragma once

#include <string>
#include <vector>

namespace atls::test {

struct SourceFile {
    std::string name;  ///< from the project's root: "src/at/line.hpp"
    std::vector<std::string> lines;
};

/// Every .cpp and .hpp below `folder`, a path from the root.
std::vector<SourceFile> sources(const std::string& folder);
std::string root_file(const std::string& name);
/// nullopt-like: empty if there is none.
std::string text_of(const std::string& name);

}  // namespace atls::test
