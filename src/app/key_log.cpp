#include "app/key_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "loop/fd.hpp"
#include "loop/words.hpp"

namespace atls::app {

Result<KeyLog, StartFailure> open_key_log(const std::string& path) {
    // A pipe that nobody reads must not stop the modem, nor its opening the start.
    const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    const auto file = std::make_shared<loop::Fd>(::open(path.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!*file) return StartFailure{"--keylog: " + path + ": " + loop::words_of(errno)};
    return KeyLog([file](std::string_view line) {
        // One write a line: several processes may share the file. A full disk costs secrets, not connections.
        const std::string text = std::string(line) + "\n";
        [[maybe_unused]] const auto written = ::write(file->get(), text.data(), text.size());
    });
}

}  // namespace atls::app
