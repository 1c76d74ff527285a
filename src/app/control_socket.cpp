#include "app/control_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "control/verbs.hpp"
#include "loop/words.hpp"

namespace atls::app {

namespace {

constexpr int most_of_one_name = 64;

/// Creates `path` for us alone; an empty text, or what is wrong with what is there.
std::string private_directory(const std::string& path) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0) return {};
    if (errno != EEXIST) return path + ": " + loop::words_of(errno);
    struct stat status {};
    const bool ours = ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
    return ours ? "" : path + ": is not a directory of ours";
}

}  // namespace

Result<std::unique_ptr<link::LineServer>, StartFailure> open_control(Machine& machine, const ControlPlace& place,
                                                                     const Environment& around) {
    const auto answer = [&machine](std::string_view line) {
        const Clockwork::Entry entry(machine.site().clockwork);
        return control::converse(machine.unit(), line);
    };
    const std::string directory = control_directory(around);
    std::string wrong;
    if (place.path.starts_with(directory + "/")) {
        wrong = private_directory(around.runtime_home);
        if (wrong.empty()) wrong = private_directory(directory);
    }
    for (int number = 1; wrong.empty() && number <= most_of_one_name; ++number) {
        const std::string path = number == 1 ? place.path : place.path + "-" + std::to_string(number);
        auto server = link::LineServer::open(machine.site().loop, path, answer);
        if (server) {
            machine.site().log.write(Level::info, "control", "atls ctl reaches this modem at unix:" + path,
                                     {{"path", path}});
            return std::move(*server);
        }
        if (place.demanded || number == most_of_one_name) wrong = server.error().text;
    }
    if (place.demanded) return StartFailure{"--control: " + wrong};
    machine.site().log.write(Level::warning, "control", "no control socket: " + wrong, {{"cause", wrong}});
    return std::unique_ptr<link::LineServer>();
}

}  // namespace atls::app
