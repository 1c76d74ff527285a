#include "program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "loop/address.hpp"

namespace atls::app {

namespace {

constexpr auto generous = std::chrono::seconds(60);

std::pair<loop::Fd, loop::Fd> make_pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    return {loop::Fd(ends[0]), loop::Fd(ends[1])};
}

/// Beside the tests' folder in the same build.
std::string program_path() {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "atls").string();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

}  // namespace

Scratch::Scratch() : path_("/tmp/atls-app-XXXXXX") { EXPECT_NE(::mkdtemp(path_.data()), nullptr); }
Scratch::~Scratch() { std::filesystem::remove_all(path_); }

bool Reader::more(std::chrono::steady_clock::time_point deadline) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    pollfd one{fd_.get(), POLLIN, 0};
    if (milliseconds <= 0 || ::poll(&one, 1, static_cast<int>(milliseconds)) != 1) return false;
    std::array<char, 4096> buffer{};
    const auto count = ::read(fd_.get(), buffer.data(), buffer.size());
    if (count > 0) got_.append(BytesView(buffer.data(), static_cast<std::size_t>(count)));
    return count > 0;
}

std::string Reader::until(const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + generous;
    for (;;) {
        const auto found = got_.view().find(text);
        if (found != std::string::npos) return got_.take(found + text.size());
        if (!more(deadline)) return got_.take(got_.size());
    }
}

std::string Reader::rest() {
    const auto deadline = std::chrono::steady_clock::now() + generous;
    while (more(deadline)) {
    }
    return got_.take(got_.size());
}

Program::Program(const std::vector<std::string>& arguments, const std::string& input)
    : out(loop::Fd()), err(loop::Fd()) {
    auto [in_read, in_write] = make_pipe();
    auto [out_read, out_write] = make_pipe();
    auto [err_read, err_write] = make_pipe();
    std::vector<std::string> words{"atls"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables{"HOME=" + home_.path(), "XDG_RUNTIME_DIR=" + home_.path(), "TERM=dumb"};
    for (const char* kept : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "PATH"}) {
        if (const char* value = ::getenv(kept)) variables.push_back(std::string(kept) + "=" + value);
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in_read.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out_write.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err_write.get(), STDERR_FILENO);
    const int error = ::posix_spawn(&pid_, program_path().c_str(), &actions, nullptr, pointers(words).data(),
                                    pointers(variables).data());
    ::posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(error, 0) << program_path();
    write_all(in_write.get(), input);
    out = Reader(std::move(out_read));
    err = Reader(std::move(err_read));
}

Program::~Program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Program::send_signal(int number) const { EXPECT_EQ(::kill(pid_, number), 0); }

std::optional<int> Program::wait() {
    // Its ends of the pipes close with it.
    out.rest();
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) {
        pollfd none{-1, 0, 0};
        const auto deadline = std::chrono::steady_clock::now() + generous;
        int ended = 0;
        while ((ended = ::waitpid(pid_, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < deadline) {
            ::poll(&none, 1, 1);
        }
        if (ended != pid_) return {};
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

loop::Fd open_terminal(const std::string& path) {
    loop::Fd terminal(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_TRUE(terminal) << path;
    termios mode{};
    EXPECT_EQ(::tcgetattr(terminal.get(), &mode), 0);
    ::cfmakeraw(&mode);
    EXPECT_EQ(::tcsetattr(terminal.get(), TCSANOW, &mode), 0);
    return terminal;
}

loop::Fd connect_to(const std::string& url) {
    const auto place = loop::split_host_and_port(url.substr(url.find(':') + 1));
    const auto address = loop::SocketAddress::numeric(place->host, place->port);
    loop::Fd socket(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), address->data(), address->size()), 0) << url;
    return socket;
}

void write_all(int fd, const std::string& octets) {
    std::size_t written = 0;
    while (written < octets.size()) {
        const auto count = ::write(fd, octets.data() + written, octets.size() - written);
        if (count < 0 && errno == EINTR) continue;
        ASSERT_GT(count, 0);
        written += static_cast<std::size_t>(count);
    }
}

}  // namespace atls::app
