#include "net/resolver.hpp"

#include <ares.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "base/ensure.hpp"
#include "loop/address.hpp"
#include "loop/timer.hpp"
#include "loop/watch.hpp"

namespace atls::net {

namespace {

using modem::NetError;
using modem::NetFailure;
using modem::Resolved;
using Answer = Result<Resolved, NetFailure>;

/// What the wait for an answer has in common, whether servers are asked or not. Reports from the loop, once.
class Pending : public modem::Operation {
protected:
    Pending(loop::Loop& loop, ResolveDone done) : done_(std::move(done)), soon_(loop, [this] { report(); }) {}
    ~Pending() override = default;

    void answer(Answer answer) {
        if (answer_) return;
        answer_ = std::move(answer);
        soon_.call();
    }

private:
    void report() {
        // The callback may destroy this.
        const auto done = std::move(done_);
        const auto answer = std::move(*answer_);
        done(answer);
    }

    ResolveDone done_;
    std::optional<Answer> answer_;
    loop::Soon soon_;
};

class Known final : public Pending {
public:
    Known(loop::Loop& loop, ResolveDone done, Answer known) : Pending(loop, std::move(done)) {
        answer(std::move(known));
    }
};

/// One c-ares channel a question: questions are rare, and a channel's end withdraws what it asked. It also sees the
/// host's resolv.conf as it is now.
class Question final : public Pending {
public:
    Question(loop::Loop& loop, const Settings& settings, std::string name, const std::vector<std::string>& servers,
             ResolveDone done);
    ~Question() override;

private:
    std::optional<NetFailure> start(const Settings& settings, const std::vector<std::string>& servers);
    void ask(int family);
    void on_answer(int status, ares_addrinfo* found);
    void on_socket(ares_socket_t fd, bool read, bool write);
    void process(ares_socket_t read, ares_socket_t write);
    void set_timer();

    loop::Loop& loop_;
    std::string name_;
    std::string where_;  ///< for failures: " at 10.0.0.1"
    ares_channel channel_ = nullptr;
    loop::Timer timer_;
    loop::Soon ask_v6_;
    std::map<ares_socket_t, std::unique_ptr<loop::Watch>> watches_;
    int family_ = AF_INET;
    bool ending_ = false;
};

NetFailure refusal(const std::string& name, const std::string& where, int status) {
    const bool unknown = status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME;
    std::string words = ::ares_strerror(status);
    if (!words.empty()) words[0] = ascii_lower(words[0]);
    return {unknown ? NetError::name_not_found : NetError::name_server_failed,
            "resolve " + name + where + ": " + words};
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
    return text;
}

Question::Question(loop::Loop& loop, const Settings& settings, std::string name,
                   const std::vector<std::string>& servers, ResolveDone done)
    : Pending(loop, std::move(done)),
      loop_(loop),
      name_(std::move(name)),
      where_(servers.empty() ? "" : " at " + joined(servers)),
      timer_(loop, [this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); }),
      ask_v6_(loop, [this] { ask(AF_INET6); }) {
    if (auto failed = start(settings, servers)) {
        answer(std::move(*failed));
    } else {
        ask(AF_INET);
    }
}

std::optional<NetFailure> Question::start(const Settings& settings, const std::vector<std::string>& servers) {
    static const int library = ::ares_library_init(ARES_LIB_INIT_ALL);
    ensure(library == ARES_SUCCESS, "c-ares could not be initialised");

    char lookups[] = "fb";  // the hosts file, then servers
    ares_options options{};
    options.flags = ARES_FLAG_NOSEARCH;
    options.timeout =
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(settings.dns_timeout).count());
    options.tries = settings.dns_tries;
    options.lookups = lookups;
    options.sock_state_cb_data = this;
    options.sock_state_cb = [](void* self, ares_socket_t fd, int read, int write) {
        static_cast<Question*>(self)->on_socket(fd, read != 0, write != 0);
    };
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
    if (const int status = ::ares_init_options(&channel_, &options, mask); status != ARES_SUCCESS) {
        channel_ = nullptr;
        return refusal(name_, where_, status);
    }
    if (!servers.empty()) {
        const int status = ::ares_set_servers_ports_csv(channel_, joined(servers).c_str());
        if (status != ARES_SUCCESS) {
            return NetFailure{NetError::bad_address, "resolve " + name_ + where_ + ": not a server's address"};
        }
    }
    return std::nullopt;
}

Question::~Question() {
    ending_ = true;
    if (channel_ != nullptr) ::ares_destroy(channel_);
}

void Question::ask(int family) {
    family_ = family;
    ares_addrinfo_hints hints{};
    hints.ai_family = family;
    hints.ai_flags = ARES_AI_NOSORT;
    ::ares_getaddrinfo(
        channel_, name_.c_str(), nullptr, &hints,
        [](void* self, int status, int, ares_addrinfo* found) {
            static_cast<Question*>(self)->on_answer(status, found);
        },
        this);
    set_timer();
}

void Question::on_answer(int status, ares_addrinfo* found) {
    const std::unique_ptr<ares_addrinfo, decltype(&::ares_freeaddrinfo)> owned(found, &::ares_freeaddrinfo);
    if (ending_) return;
    if ((status == ARES_ENODATA || status == ARES_ENOTFOUND) && family_ == AF_INET) {
        return ask_v6_.call();  // not from here: c-ares is still at work on this answer
    }
    if (status != ARES_SUCCESS) return answer(refusal(name_, where_, status));
    Resolved resolved;
    std::optional<int> ttl;
    for (const auto* node = found->nodes; node != nullptr; node = node->ai_next) {
        resolved.addresses.push_back(loop::SocketAddress::from(node->ai_addr, node->ai_addrlen).ip());
        ttl = std::min(ttl.value_or(node->ai_ttl), node->ai_ttl);
    }
    if (resolved.addresses.empty()) return answer(refusal(name_, where_, ARES_ENODATA));
    resolved.ttl_seconds = static_cast<std::uint32_t>(std::max(ttl.value_or(0), 0));
    answer(std::move(resolved));
}

void Question::on_socket(ares_socket_t fd, bool read, bool write) {
    if (!read && !write) {
        watches_.erase(fd);
        return;
    }
    auto& watch = watches_[fd];
    if (!watch) {
        watch = std::make_unique<loop::Watch>(
            loop_, fd, [this, fd] { process(fd, ARES_SOCKET_BAD); }, [this, fd] { process(ARES_SOCKET_BAD, fd); });
    }
    watch->want_read(read);
    watch->want_write(write);
}

void Question::process(ares_socket_t read, ares_socket_t write) {
    ::ares_process_fd(channel_, read, write);
    set_timer();
}

void Question::set_timer() {
    timeval wait{};
    if (::ares_timeout(channel_, nullptr, &wait) == nullptr) return timer_.set(std::nullopt);
    // c-ares counts in whole milliseconds: a wake-up before its time would only set the timer again.
    timer_.set(loop_.now() + std::chrono::seconds(wait.tv_sec) + std::chrono::microseconds(wait.tv_usec) +
               std::chrono::milliseconds(1));
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), ascii_lower);
    return result;
}

/// What needs no asking.
std::optional<Answer> known(const Settings& settings, const std::string& name) {
    if (loop::SocketAddress::numeric(name, 0)) return Resolved{{name}, 0};
    if (const auto found = settings.hosts.find(lower(name)); found != settings.hosts.end() && !found->second.empty()) {
        return Resolved{found->second, 0};
    }
    if (lower(name) == "localhost") return Resolved{{"127.0.0.1"}, 0};
    if (name.empty() || name.find('\0') != std::string::npos) {
        return NetFailure{NetError::name_not_found, "resolve " + printable(name) + ": not a name"};
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<modem::Operation> resolve(loop::Loop& loop, const Settings& settings, const std::string& name,
                                          const std::vector<std::string>& servers, ResolveDone done) {
    if (auto answer = known(settings, name)) {
        return std::make_unique<Known>(loop, std::move(done), std::move(*answer));
    }
    return std::make_unique<Question>(loop, settings, name, servers, std::move(done));
}

}  // namespace atls::net
