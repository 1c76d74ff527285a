// The kinds of link, one row each.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "link/channel.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"

namespace atls::link {

struct Kind {
    std::string_view scheme;
    OpenedChannel (*open)(loop::Loop& loop, std::string_view rest, ChannelUser& user);
    std::string_view form;  ///< "tcp:ADDRESS:PORT"
    std::string_view help;
};

std::span<const Kind> kinds();

/// Opens "SCHEME:REST". `user` hears of it from the loop and must outlive the channel.
OpenedChannel open(loop::Loop& loop, std::string_view url, ChannelUser& user);

// What stands behind the rows; failures without the url.
OpenedChannel open_pty(loop::Loop& loop, std::string_view rest, ChannelUser& user);
OpenedChannel open_tcp(loop::Loop& loop, std::string_view rest, ChannelUser& user);
OpenedChannel open_unix(loop::Loop& loop, std::string_view rest, ChannelUser& user);
OpenedChannel open_rfc2217(loop::Loop& loop, std::string_view rest, ChannelUser& user);
OpenedChannel open_tty(loop::Loop& loop, std::string_view rest, ChannelUser& user);
OpenedChannel open_stdio(loop::Loop& loop, std::string_view rest, ChannelUser& user);

/// stdio over other descriptors, which become non-blocking.
std::unique_ptr<Channel> over_descriptors(loop::Loop& loop, loop::Fd in, loop::Fd out, ChannelUser& user);

}  // namespace atls::link
