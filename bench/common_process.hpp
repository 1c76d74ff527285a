// Other processes, terminals and temporary folders; all of it is gone when its owner is.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace atls::bench {

/// A program with its standard output in a pipe. It dies with its owner, and with this process.
class Child {
public:
    explicit Child(const std::vector<std::string>& command);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line of its standard output; gives up when none comes in time.
    std::string line(int seconds = 10);
    /// Lines until one begins with `prefix`; what follows the prefix.
    std::string line_after(std::string_view prefix, int seconds = 10);
    [[nodiscard]] pid_t id() const { return id_; }

private:
    std::string command_;
    pid_t id_ = -1;
    int output_ = -1;
    std::string unread_;
};

/// A program that was built beside this one.
std::string sibling(const std::string& name);

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    std::string write(const std::string& name, const std::string& content) const;

private:
    std::string path_;
};

/// The host's end of a serial line: a terminal in raw mode, blocking.
class Terminal {
public:
    explicit Terminal(const std::string& path);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void send(std::string_view octets) const;
    /// At least one octet, at most `most`; valid until the next call. Waits without a limit, see end_after().
    std::string_view receive(std::size_t most = 1 << 16);
    /// Reads until `end` was seen and drops all of it.
    void expect(std::string_view end);

private:
    std::string path_;
    int fd_;
    std::vector<char> buffer_;
};

void make_raw(int terminal);
}  // namespace atls::bench
