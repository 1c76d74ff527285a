// A TLS server in a process of its own, for any number of connections: grants wishes (common_wish.hpp).
// bench_server CERTIFICATE KEY CIPHERS; prints "port N" and serves 127.0.0.1 to 127.0.0.4 until it is ended.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "common.hpp"
#include "common_openssl.hpp"
#include "common_wish.hpp"

namespace atls::bench {

namespace {

constexpr std::size_t chunk = 16384;
constexpr unsigned addresses = 4;
constexpr int backlog = 4096;
constexpr std::size_t bulk_read = 1 << 17;

std::array<char, bulk_read>& scratch() {
    static std::array<char, bulk_read> octets;
    return octets;
}

class Guest {
public:
    Guest(SSL_CTX* context, int fd) : ssl_(SSL_new(context)), fd_(fd) {
        SSL_set_fd(ssl_.get(), fd);
        SSL_set_accept_state(ssl_.get());
    }
    ~Guest() { ::close(fd_); }
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;

    /// Goes on until it would have to wait; false: the guest has left.
    bool serve() {
        while (true) {
            ERR_clear_error();
            const int result = step();
            if (result > 0) continue;
            const int error = SSL_get_error(ssl_.get(), result);
            return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
        }
    }

private:
    int step() {
        if (!SSL_is_init_finished(ssl_.get())) return SSL_do_handshake(ssl_.get());
        if (!answer_.empty()) return send_answer();
        if (wish_.size() < wish_size) return read_wish();
        switch (static_cast<Wish>(wish_.front())) {
            case Wish::take:
                return take();
            case Wish::give:
                return give();
            case Wish::echo:
                return echo();
        }
        return -1;
    }

    int read(std::size_t most) { return SSL_read(ssl_.get(), scratch().data(), static_cast<int>(most)); }

    int read_wish() {
        const int count = read(wish_size - wish_.size());
        if (count > 0) wish_.append(scratch().data(), static_cast<std::size_t>(count));
        if (wish_.size() == wish_size) left_ = octets_of(wish_);
        return count;
    }

    int take() {
        const int count = read(std::min<std::uint64_t>(left_, scratch().size()));
        if (count <= 0) return count;
        left_ -= static_cast<std::uint64_t>(count);
        if (left_ > 0) return count;
        wish_.clear();
        answer_ = wish_granted;
        return count;
    }

    int give() {
        static const std::string content(chunk, 'z');
        const int count =
            SSL_write(ssl_.get(), content.data(), static_cast<int>(std::min<std::uint64_t>(left_, chunk)));
        if (count > 0) left_ -= static_cast<std::uint64_t>(count);
        if (left_ == 0) wish_.clear();
        return count;
    }

    int echo() {
        const int count = read(scratch().size());
        if (count > 0) answer_.assign(scratch().data(), static_cast<std::size_t>(count));
        return count;
    }

    int send_answer() {
        const int count = SSL_write(ssl_.get(), answer_.data(), static_cast<int>(answer_.size()));
        if (count > 0) answer_.erase(0, static_cast<std::size_t>(count));
        if (answer_.empty()) answer_.shrink_to_fit();
        return count;
    }

    Ssl ssl_;
    int fd_;
    std::string wish_;
    std::uint64_t left_ = 0;
    std::string answer_;
};

int listen_on(unsigned number, std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number);
    demand(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a free port on 127.0.0.1 to .4");
    demand(::listen(fd, backlog) == 0, "listening");
    return fd;
}

std::uint16_t port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    demand(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "a port's number");
    return ntohs(address.sin_port);
}

class Server {
public:
    explicit Server(SslContext context) : context_(std::move(context)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        SSL_CTX_set_mode(context_.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_read_ahead(context_.get(), 1);
        SSL_CTX_set_default_read_buffer_len(context_.get(), bulk_read);
        SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
        for (unsigned number = 0; number < addresses; ++number) {
            listeners_[number] = listen_on(number, number == 0 ? std::uint16_t{0} : port_of(listeners_[0]));
            watch(listeners_[number], EPOLLIN);
        }
        std::printf("port %u\n", port_of(listeners_[0]));
        std::fflush(stdout);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        while (true) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.fd);
        }
    }

private:
    void watch(int fd, std::uint32_t what) const {
        epoll_event event{};
        event.events = what;
        event.data.fd = fd;
        demand(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0, "watching a socket");
    }

    void handle(int fd) {
        if (std::find(listeners_.begin(), listeners_.end(), fd) != listeners_.end()) return accept_from(fd);
        const auto guest = guests_.find(fd);
        if (guest != guests_.end() && !guest->second->serve()) guests_.erase(guest);
    }

    void accept_from(int listener) {
        while (true) {
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) return;
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            guests_[fd] = std::make_unique<Guest>(context_.get(), fd);
            watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
        }
    }

    SslContext context_;
    int epoll_;
    std::array<int, addresses> listeners_{};
    std::map<int, std::unique_ptr<Guest>> guests_;
};

std::string content_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    demand(file.good(), path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

}  // namespace atls::bench

int main(int argc, char** argv) {
    using namespace atls::bench;
    demand(argc == 4, "bench_server CERTIFICATE KEY CIPHERS");
    raise_file_limit();
    const Identity identity{content_of(argv[1]), content_of(argv[2]), {}};
    Server(server_context(identity, {}, argv[3])).run();
}
