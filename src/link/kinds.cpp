#include "link/kinds.hpp"

#include <array>
#include <string>

namespace atls::link {

namespace {

constexpr std::array rows = {
    Kind{"pty", open_pty, "pty:PATH", "a pseudo terminal with PATH as its name; without PATH /dev/pts/N"},
    Kind{"tcp", open_tcp, "tcp:ADDRESS:PORT", "listens; one host at a time, port 0 is any free one"},
    Kind{"unix", open_unix, "unix:PATH", "listens on a unix socket for its owner only"},
    Kind{"rfc2217", open_rfc2217, "rfc2217:ADDRESS:PORT",
         "listens for telnet that carries a serial port's settings and lines"},
    Kind{"tty", open_tty, "tty:DEVICE[@RATE[,FORMAT]]",
         "a real serial port, as tty:/dev/ttyUSB0@115200,8N1; its other end is the host's"},
    Kind{"stdio", open_stdio, "stdio:", "standard input and output"},
};

std::string known_forms() {
    std::string text;
    for (const Kind& kind : rows) {
        text += text.empty() ? "" : ", ";
        text += kind.form;
    }
    return text;
}

}  // namespace

std::span<const Kind> kinds() { return rows; }

OpenedChannel open(loop::Loop& loop, std::string_view url, ChannelUser& user) {
    const auto colon = url.find(':');
    const auto scheme = url.substr(0, colon);
    for (const Kind& kind : rows) {
        if (kind.scheme != scheme || colon == std::string_view::npos) continue;
        auto opened = kind.open(loop, url.substr(colon + 1), user);
        if (!opened) return LinkFailure{std::string(url) + ": " + opened.error().text};
        return opened;
    }
    return LinkFailure{std::string(url) + ": unknown kind of link; there are " + known_forms()};
}

}  // namespace atls::link
