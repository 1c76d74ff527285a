// The real atls as a child process, and a host on its ports. Deadlines, never sleeps.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "loop/fd.hpp"

namespace atls::app {

/// A directory that goes with the test.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// What can be read from a descriptor, up to a text or the end.
class Reader {
public:
    explicit Reader(loop::Fd fd) : fd_(std::move(fd)) {}
    /// Everything up to and including `text`; what came so far if it does not come.
    std::string until(const std::string& text);
    std::string rest();
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    bool more(std::chrono::steady_clock::time_point deadline);
    loop::Fd fd_;
    ByteQueue got_;
};

class Program {
public:
    /// XDG directories of its own, so that no test sees another's files.
    explicit Program(const std::vector<std::string>& arguments, const std::string& input = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void send_signal(int number) const;
    /// The exit status, or 256 + the signal that killed it; nullopt: it goes on.
    std::optional<int> wait();
    [[nodiscard]] const Scratch& home() const { return home_; }

    Reader out, err;

private:
    Scratch home_;
    int pid_ = -1;
};

/// A raw terminal or a TCP connection to 127.0.0.1.
loop::Fd open_terminal(const std::string& path);
loop::Fd connect_to(const std::string& url);
void write_all(int fd, const std::string& octets);

}  // namespace atls::app
