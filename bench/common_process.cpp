#include "common_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common.hpp"

namespace atls::bench {

namespace {

constexpr int end_tries = 100;
constexpr useconds_t end_pause = 20'000;

[[noreturn]] void become(const std::vector<std::string>& command, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

bool wait_readable(int fd, int seconds) {
    pollfd wanted{fd, POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&wanted, 1, seconds * 1000);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

}  // namespace

Child::Child(const std::vector<std::string>& command) : command_(command.front()) {
    std::array<int, 2> ends{};
    demand(::pipe2(ends.data(), O_CLOEXEC) == 0, "a pipe");
    id_ = ::fork();
    demand(id_ >= 0, "a process");
    if (id_ == 0) become(command, ends[1]);
    ::close(ends[1]);
    output_ = ends[0];
}

Child::~Child() {
    ::kill(id_, SIGTERM);
    int tries = 0;
    while (::waitpid(id_, nullptr, WNOHANG) == 0) {
        if (++tries == end_tries) ::kill(id_, SIGKILL);
        ::usleep(end_pause);
    }
    ::close(output_);
}

std::string Child::line(int seconds) {
    std::size_t end = unread_.find('\n');
    while (end == std::string::npos) {
        std::array<char, 4096> octets{};
        if (!wait_readable(output_, seconds)) give_up(command_ + " says nothing");
        const ssize_t count = ::read(output_, octets.data(), octets.size());
        if (count <= 0) give_up(command_ + " has ended");
        unread_.append(octets.data(), static_cast<std::size_t>(count));
        end = unread_.find('\n');
    }
    std::string first = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return first;
}

std::string Child::line_after(std::string_view prefix, int seconds) {
    while (true) {
        const std::string next = line(seconds);
        if (next.starts_with(prefix)) return next.substr(prefix.size());
    }
}

std::string sibling(const std::string& name) {
    return std::filesystem::canonical("/proc/self/exe").parent_path() / name;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "atls-bench-XXXXXX";
    demand(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
}

void make_raw(int terminal) {
    termios mode{};
    demand(::tcgetattr(terminal, &mode) == 0, "a terminal's mode");
    ::cfmakeraw(&mode);
    demand(::tcsetattr(terminal, TCSANOW, &mode) == 0, "a terminal's raw mode");
}

Terminal::Terminal(const std::string& path) : path_(path), fd_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0) give_up("cannot open " + path);
    make_raw(fd_);
}

Terminal::~Terminal() { ::close(fd_); }

void Terminal::send(std::string_view octets) const {
    while (!octets.empty()) {
        const ssize_t count = ::write(fd_, octets.data(), octets.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) give_up("cannot write to " + path_);
        octets.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string_view Terminal::receive(std::size_t most) {
    if (buffer_.size() < most) buffer_.resize(most);
    ssize_t count = 0;
    do {
        count = ::read(fd_, buffer_.data(), most);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) give_up("cannot read from " + path_);
    return {buffer_.data(), static_cast<std::size_t>(count)};
}

void Terminal::expect(std::string_view end) {
    std::string seen;
    while (seen.find(end) == std::string::npos) {
        seen += receive();
        if (seen.find("ERROR") != std::string::npos) give_up(path_ + " answers " + seen);
    }
}

}  // namespace atls::bench
