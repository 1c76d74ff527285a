#include "net/ping.hpp"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "loop/address.hpp"
#include "loop/fd.hpp"
#include "loop/timer.hpp"
#include "loop/watch.hpp"
#include "net/failure.hpp"

namespace atls::net {

namespace {

using modem::NetError;
using modem::NetFailure;
using modem::PingEcho;
using Answer = Result<PingEcho, NetFailure>;

constexpr std::size_t header_size = 8;
constexpr std::size_t longest_payload = 65507;  // of IPv4

unsigned octet(BytesView octets, std::size_t at) { return static_cast<unsigned char>(octets[at]); }

/// RFC 1071.
unsigned checksum_of(BytesView octets) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < octets.size(); ++i) sum += i % 2 == 0 ? octet(octets, i) << 8U : octet(octets, i);
    while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
    return ~sum & 0xFFFFU;
}

void put16(Bytes& octets, std::size_t at, unsigned value) {
    octets[at] = static_cast<char>(value >> 8U);
    octets[at + 1] = static_cast<char>(value & 0xFFU);
}

class Echo final : public modem::Operation {
public:
    Echo(loop::Loop& loop, const std::string& ip, std::size_t octets, Duration timeout, PingDone done);

private:
    std::optional<NetFailure> start(const std::string& ip, std::size_t octets, Duration timeout);
    std::optional<NetFailure> open(const loop::SocketAddress& remote);
    std::optional<NetFailure> send(std::size_t octets);
    void on_readable();
    [[nodiscard]] bool is_reply(BytesView packet) const;
    void answer(Answer answer);

    loop::Loop& loop_;
    PingDone done_;
    std::optional<Answer> answer_;
    loop::Soon soon_;
    loop::Timer timer_;
    std::string doing_;
    loop::Fd fd_;
    std::unique_ptr<loop::Watch> watch_;
    Time sent_;
    unsigned id_ = 0;
    bool v6_ = false;
    bool raw_ = false;
};

Echo::Echo(loop::Loop& loop, const std::string& ip, std::size_t octets, Duration timeout, PingDone done)
    : loop_(loop),
      done_(std::move(done)),
      soon_(loop,
            [this] {
                // The callback may destroy this.
                const auto callback = std::move(done_);
                const auto result = std::move(*answer_);
                callback(result);
            }),
      timer_(loop,
             [this] {
                 answer(NetFailure{NetError::timed_out, doing_ + ": no answer in time"});
             }),
      doing_("ping " + ip) {
    if (auto failed = start(ip, octets, timeout)) answer(std::move(*failed));
}

std::optional<NetFailure> Echo::start(const std::string& ip, std::size_t octets, Duration timeout) {
    const auto remote = loop::SocketAddress::numeric(ip, 0);
    if (!remote) return NetFailure{NetError::bad_address, doing_ + ": not a numeric address"};
    if (octets > longest_payload) return failure(doing_, EMSGSIZE);
    v6_ = remote->family() == AF_INET6;
    if (auto failed = open(*remote)) return failed;
    watch_ = std::make_unique<loop::Watch>(loop_, fd_.get(), [this] { on_readable(); });
    watch_->want_read(true);
    sent_ = loop_.now();
    timer_.set(sent_ + timeout);
    return send(octets);
}

std::optional<NetFailure> Echo::open(const loop::SocketAddress& remote) {
    const int protocol = v6_ ? static_cast<int>(IPPROTO_ICMPV6) : static_cast<int>(IPPROTO_ICMP);
    fd_ = loop::Fd(::socket(remote.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
    if (!fd_) {
        raw_ = true;
        fd_ = loop::Fd(::socket(remote.family(), SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
    }
    if (!fd_) return failure(doing_, errno);
    const int yes = 1;
    if (v6_) {
        ::setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &yes, sizeof yes);
    } else {
        ::setsockopt(fd_.get(), IPPROTO_IP, IP_RECVTTL, &yes, sizeof yes);
    }
    if (raw_) {
        // A raw socket hears the answers to every ping of this host.
        static thread_local auto last_id = static_cast<unsigned>(::getpid());
        id_ = ++last_id & 0xFFFFU;
    }
    // Connected, so that an ICMP error comes back as one.
    if (::connect(fd_.get(), remote.data(), remote.size()) != 0) return failure(doing_, errno);
    return std::nullopt;
}

std::optional<NetFailure> Echo::send(std::size_t octets) {
    Bytes packet(header_size + octets, '\0');
    packet[0] = static_cast<char>(v6_ ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
    put16(packet, 4, id_);
    put16(packet, 6, 1);
    for (std::size_t i = 0; i < octets; ++i) packet[header_size + i] = static_cast<char>('a' + i % 23);
    if (!v6_) put16(packet, 2, checksum_of(packet));  // ICMPv6 and datagram sockets: the kernel's task
    if (::send(fd_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0) return failure(doing_, errno);
    return std::nullopt;
}

bool Echo::is_reply(BytesView packet) const {
    if (raw_ && !v6_) {
        // A raw IPv4 socket gives the IP header too.
        const std::size_t ip_header = packet.empty() ? 0 : (octet(packet, 0) & 15U) * 4U;
        packet = packet.substr(std::min(ip_header, packet.size()));
    }
    if (packet.size() < header_size) return false;
    if (octet(packet, 0) != (v6_ ? unsigned{ICMP6_ECHO_REPLY} : unsigned{ICMP_ECHOREPLY})) return false;
    return !raw_ || (octet(packet, 4) << 8U | octet(packet, 5)) == id_;
}

void Echo::on_readable() {
    const Time now = loop_.now();
    std::array<char, 256> packet{};  // the header is enough
    std::array<char, 256> control{};
    iovec into{packet.data(), packet.size()};
    msghdr message{};
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto count = ::recvmsg(fd_.get(), &message, 0);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR) answer(failure(doing_, errno));
        return;
    }
    if (!is_reply(BytesView(packet.data(), static_cast<std::size_t>(count)))) return;
    PingEcho echo;
    echo.round_trip = now - sent_;
    for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
        const bool ttl = (one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_TTL) ||
                         (one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_HOPLIMIT);
        if (ttl) std::memcpy(&echo.ttl, CMSG_DATA(one), sizeof echo.ttl);
    }
    answer(echo);
}

void Echo::answer(Answer answer) {
    if (answer_) return;
    answer_ = std::move(answer);
    timer_.set(std::nullopt);
    watch_.reset();
    soon_.call();
}

}  // namespace

std::unique_ptr<modem::Operation> ping(loop::Loop& loop, const std::string& ip, std::size_t octets, Duration timeout,
                                       PingDone done) {
    return std::make_unique<Echo>(loop, ip, octets, timeout, std::move(done));
}

}  // namespace atls::net
