// A unix socket on which each line asks and is answered: the control socket.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "link/channel.hpp"
#include "link/listener.hpp"
#include "loop/loop.hpp"
#include "loop/timer.hpp"
#include "loop/watch.hpp"

namespace atls::link {

/// Many clients. A client that does not read its answers is not read from; one whose line is too long is closed.
class LineServer {
public:
    static constexpr std::size_t longest_line = 1 << 20;

    /// `answer` gets a line without its LF or CRLF; what it returns is sent as it is. It may not destroy the server.
    using Answer = std::function<std::string(std::string_view line)>;
    static Result<std::unique_ptr<LineServer>, LinkFailure> open(loop::Loop& loop, const std::string& path,
                                                                 Answer answer);

    ~LineServer();
    LineServer(const LineServer&) = delete;
    LineServer& operator=(const LineServer&) = delete;

    /// To every client, whatever it asked: for events. Dropped for a client that does not read.
    void tell_all(std::string_view text);
    [[nodiscard]] std::size_t clients() const { return clients_.size(); }

private:
    struct Client;
    LineServer(loop::Loop& loop, Listener listener, Answer answer);
    void accept_clients();
    void read(Client& client);
    void answer_lines(Client& client);
    void flush(Client& client);
    void drop_closed();

    loop::Loop& loop_;
    Listener listener_;
    Answer answer_;
    std::list<Client> clients_;
    loop::Watch arrivals_;
    std::unique_ptr<loop::Timer> retry_;  ///< out of descriptors: the backlog waits a second
    loop::Soon drop_;
};

}  // namespace atls::link
