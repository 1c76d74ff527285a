#include "house/sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace atls::test {

namespace fs = std::filesystem;

std::string root_file(const std::string& name) { return std::string(ATLS_ROOT) + "/" + name; }

std::string text_of(const std::string& name) {
    std::ifstream in(root_file(name), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<SourceFile> sources(const std::string& folder) {
    std::vector<SourceFile> files;
    if (!fs::exists(root_file(folder))) return files;
    for (const auto& entry : fs::recursive_directory_iterator(root_file(folder))) {
        const auto kind = entry.path().extension();
        if (!entry.is_regular_file() || (kind != ".cpp" && kind != ".hpp")) continue;
        SourceFile file{fs::relative(entry.path(), ATLS_ROOT).string(), {}};
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) file.lines.push_back(line);
        files.push_back(std::move(file));
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

}  // namespace atls::test
