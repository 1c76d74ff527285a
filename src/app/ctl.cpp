#include "app/ctl.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "base/bytes.hpp"
#include "loop/fd.hpp"
#include "loop/words.hpp"

namespace atls::app {

namespace {

Result<loop::Fd, StartFailure> reach(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return StartFailure{path + ": longer than a socket's path can be"};
    std::memcpy(address.sun_path, path.data(), path.size());
    loop::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return StartFailure{"no modem at " + path + ": " + loop::words_of(errno)};
    }
    return socket;
}

std::vector<std::string> running(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(directory, none)) {
        if (reach(entry.path().string())) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string, StartFailure> path_of(const CtlRequest& request, const Environment& around) {
    static constexpr std::string_view scheme = "unix:";
    if (!request.socket.empty()) {
        return request.socket.starts_with(scheme) ? request.socket.substr(scheme.size()) : request.socket;
    }
    if (!request.modem.empty()) {
        auto path = control_path(request.modem, around);
        return path ? std::move(path) : StartFailure{"--modem: " + path.error().text};
    }
    const auto names = running(control_directory(around));
    if (names.size() == 1) return control_directory(around) + "/" + names.front();
    if (names.empty()) return StartFailure{"no modem runs here; start one with atls run, or give --socket PATH"};
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return StartFailure{"which one? --modem NAME, there are " + list};
}

Result<std::string, StartFailure> ask(const loop::Fd& socket, std::string line) {
    line += "\n";
    while (!line.empty()) {
        const auto count = ::write(socket.get(), line.data(), line.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return StartFailure{"the modem does not listen: " + loop::words_of(errno)};
        line.erase(0, static_cast<std::size_t>(count));
    }
    ::shutdown(socket.get(), SHUT_WR);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto count = ::read(socket.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return StartFailure{"the modem does not answer: " + loop::words_of(errno)};
        if (count == 0) return answer;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

Result<int, StartFailure> ctl(const CtlRequest& request, const Environment& around) {
    std::string line;
    for (const std::string& word : request.words) line += (line.empty() ? "" : " ") + word;
    if (line.find_first_of("\r\n") != std::string::npos) return StartFailure{"a verb is one line"};

    const auto path = path_of(request, around);
    if (!path) return path.error();
    const auto socket = reach(*path);
    if (!socket) return socket.error();
    const auto answer = ask(*socket, line);
    if (!answer) return answer.error();

    std::string_view rest = *answer;
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        if (one == "ok") return 0;
        if (one.starts_with("error ")) {
            std::cerr << "atls: " << one.substr(6) << "\n";
            return 1;
        }
        std::cout << one.substr(std::min<std::size_t>(1, one.size())) << "\n";
    }
    return StartFailure{"the modem ended before it answered"};
}

}  // namespace atls::app
