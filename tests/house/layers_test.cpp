// Who includes whom, by cmake/layers.txt, which CMake links by.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "house/sources.hpp"

namespace atls::test {
namespace {

using Layers = std::map<std::string, std::set<std::string>>;

Layers layers() {
    Layers allowed;
    std::istringstream text(text_of("cmake/layers.txt"));
    for (std::string line; std::getline(text, line);) {
        const auto colon = line.find(':');
        if (line.empty() || line.front() == '#' || colon == std::string::npos) continue;
        std::istringstream names(line.substr(colon + 1));
        auto& mine = allowed[line.substr(0, colon)];
        for (std::string name; names >> name;) mine.insert(name);
    }
    return allowed;
}

// "at" of "src/at/line.hpp"
std::string folder_of(const std::string& file) {
    const std::string path = file.substr(4);
    return path.substr(0, path.find('/'));
}

TEST(Layers, EveryFolderIsListed) {
    const auto allowed = layers();
    for (const auto& file : sources("src")) {
        EXPECT_TRUE(allowed.contains(folder_of(file.name))) << file.name << " is in a folder that layers.txt lacks";
    }
}

TEST(Layers, EveryIncludeIsAllowed) {
    static const std::regex include(R"(\s*#\s*include\s+"([^"/]+)/([^"]+)\".*)");
    const auto allowed = layers();
    for (const auto& file : sources("src")) {
        const std::string mine = folder_of(file.name);
        const auto row = allowed.find(mine);
        if (row == allowed.end()) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::smatch parts;
            if (!std::regex_match(file.lines[i], parts, include)) continue;
            const std::string other = parts[1];
            const bool good =
                other == mine || row->second.contains(other) || row->second.contains(other + "/" + parts[2].str());
            EXPECT_TRUE(good) << file.name << ":" << i + 1 << ": " << mine << " may not include " << other;
        }
    }
}

TEST(Layers, AreNoCycle) {
    const auto allowed = layers();
    std::set<std::string> placed;
    for (bool moved = true; moved;) {
        moved = false;
        for (const auto& [name, others] : allowed) {
            bool ready = !placed.contains(name);
            for (const auto& other : others)
                ready = ready && (other.find('/') != std::string::npos || placed.contains(other));
            if (!ready) continue;
            placed.insert(name);
            moved = true;
        }
    }
    EXPECT_EQ(placed.size(), allowed.size()) << "some folders depend on each other";
}

// The inner half gets its time, its octets and its randomness from outside.
TEST(Layers, TheInnerHalfTouchesNoSystem) {
    // Pages given back to the system, and addresses as octets: neither waits for anything, nor gives it away.
    static const std::set<std::string> memory{"src/tls/crypto/record_buffers.cpp"};
    static const std::set<std::string> addresses{"src/tls/policy.cpp", "src/tls/text.cpp"};
    static const std::regex touch(
        R"(.*(#\s*include\s+<(thread|mutex|future|condition_variable|fstream|filesystem|sys/|netinet/|arpa/|unistd)"
        R"(|fcntl|poll|signal|termios|boost/asio)|(system_clock|steady_clock|high_resolution_clock)::now\()"
        R"(|\bsleep(_for|_until)?\(|\bgettimeofday\(|\btime\(nullptr|\brand\(\)).*)");
    for (const std::string inner : {"base", "codec", "tls", "modem", "at", "dialects", "control"}) {
        for (const auto& file : sources("src/" + inner)) {
            if (memory.contains(file.name)) continue;
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                if (addresses.contains(file.name) && file.lines[i] == "#include <arpa/inet.h>") continue;
                EXPECT_FALSE(std::regex_match(file.lines[i], touch))
                    << file.name << ":" << i + 1 << ": " << file.lines[i];
            }
        }
    }
}

TEST(Layers, OnlyTheLoopKnowsTheAsyncLibrary) {
    static const std::regex asio(R"(\s*#\s*include\s+<boost/asio.*)");
    for (const auto& file : sources("src")) {
        if (file.name.starts_with("src/loop/")) continue;
        for (const auto& line : file.lines) EXPECT_FALSE(std::regex_match(line, asio)) << file.name << ": " << line;
    }
}

}  // namespace
}  // namespace atls::test
