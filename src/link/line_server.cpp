#include "link/line_server.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace atls::link {

namespace {
// Answers queued beyond this: the client has stopped reading.
constexpr std::size_t enough_queued = 1 << 20;
}  // namespace

struct LineServer::Client {
    explicit Client(loop::Fd socket) : fd(std::move(socket)) {}

    loop::Fd fd;
    std::unique_ptr<loop::Watch> watch;
    ByteQueue in, out;
    std::size_t searched = 0;  ///< octets of `in` known to hold no LF
    bool input_ended = false;
    bool closed = false;
};

Result<std::unique_ptr<LineServer>, LinkFailure> LineServer::open(loop::Loop& loop, const std::string& path,
                                                                  Answer answer) {
    auto listener = Listener::unix_at(path);
    if (!listener) return LinkFailure{path + ": " + listener.error().text};
    return std::unique_ptr<LineServer>(new LineServer(loop, std::move(*listener), std::move(answer)));
}

LineServer::LineServer(loop::Loop& loop, Listener listener, Answer answer)
    : loop_(loop),
      listener_(std::move(listener)),
      answer_(std::move(answer)),
      arrivals_(loop, listener_.fd(), [this] { accept_clients(); }),
      drop_(loop, [this] { drop_closed(); }) {
    arrivals_.want_read(true);
}

LineServer::~LineServer() {
    for (Client& client : clients_) client.watch.reset();
}

void LineServer::accept_clients() {
    for (;;) {
        loop::Fd arrived;
        switch (listener_.accept(arrived)) {
            case Listener::Accepted::none_now:
                return;
            case Listener::Accepted::no_resources:
                arrivals_.want_read(false);
                if (!retry_) retry_ = std::make_unique<loop::Timer>(loop_, [this] { arrivals_.want_read(true); });
                retry_->set(loop_.now() + std::chrono::seconds(1));
                return;
            case Listener::Accepted::one:
                break;
        }
        Client& client = clients_.emplace_back(std::move(arrived));
        client.watch = std::make_unique<loop::Watch>(
            loop_, client.fd.get(), [this, &client] { read(client); },
            [this, &client] {
                flush(client);
                answer_lines(client);
            });
        client.watch->want_read(true);
    }
}

void LineServer::read(Client& client) {
    std::array<char, 16384> buffer;
    const auto count = ::read(client.fd.get(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0) {
        client.in.append(BytesView(buffer.data(), static_cast<std::size_t>(count)));
    } else {
        client.input_ended = true;
        if (!client.in.empty()) client.in.append("\n");  // printf status | nc -U …
    }
    answer_lines(client);
}

void LineServer::answer_lines(Client& client) {
    while (!client.closed && client.out.size() < enough_queued) {
        const auto text = client.in.view();
        const auto end = text.find('\n', client.searched);
        if (end == BytesView::npos) {
            client.searched = text.size();
            break;
        }
        auto line = client.in.take(end + 1);
        client.searched = 0;
        line.pop_back();
        if (!line.empty() && line.back() == '\r') line.pop_back();
        client.out.append(answer_(line));
        flush(client);
    }
    const bool waits_for_client = client.out.size() >= enough_queued;
    const bool nothing_more = client.input_ended && client.out.empty();
    if (nothing_more || client.searched > longest_line) client.closed = true;
    client.watch->want_read(!client.closed && !client.input_ended && !waits_for_client);
    if (client.closed) drop_.call();
}

void LineServer::flush(Client& client) {
    while (!client.out.empty() && !client.closed) {
        const auto queued = client.out.view();
        const auto count = ::write(client.fd.get(), queued.data(), queued.size());
        if (count > 0) {
            client.out.consume(static_cast<std::size_t>(count));
        } else if (count == 0 || errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            client.closed = true;
            drop_.call();
        }
    }
    client.watch->want_write(!client.out.empty() && !client.closed);
}

void LineServer::tell_all(std::string_view text) {
    for (Client& client : clients_) {
        if (client.closed || client.out.size() >= enough_queued) continue;
        client.out.append(text);
        flush(client);
    }
}

void LineServer::drop_closed() {
    clients_.remove_if([](Client& client) {
        if (client.closed) client.watch.reset();
        return client.closed;
    });
}

}  // namespace atls::link
