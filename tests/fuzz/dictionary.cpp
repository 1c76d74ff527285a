// Writes a libFuzzer dictionary: every command, key and form of every module.
#include <cstdio>
#include <set>
#include <string>

#include "dialects/all.hpp"

namespace {

std::string entry(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted.push_back('\\');
        quoted.push_back(c);
    }
    return "\"" + quoted + "\"";
}

}  // namespace

int main() {
    std::set<std::string> words{"AT",
                                "\\",
                                "+++",
                                "=?",
                                "OK",
                                ",\"echo.example\",443",
                                ",\"raw.example\",443",
                                ",\"echo.example\",7",
                                "\"cacert.pem\"",
                                "0XFFFF",
                                "UFS:"};
    for (const atls::at::Dialect* dialect : atls::dialects::all()) {
        for (const auto& table : dialect->tables) {
            for (const auto& row : table) {
                words.insert("AT" + std::string(row.name));
                for (const auto& key : row.keys) words.insert("\"" + std::string(key.name) + "\"");
            }
        }
    }
    for (const auto& word : words) std::printf("%s\n", entry(word).c_str());
    return 0;
}
