// One connection of the TLS engine alone, for pairs of suite and version that no module takes from its host.
//   engine_client suites                                              the table, as `atls suites MODULE` prints it
//   engine_client PORT SUITE VERSION TRUSTED.pem [IDENTITY HEXKEY]    standard input to 127.0.0.1:PORT and back; says
//   on
//                                                                     standard error what it opened; closes at the end
//                                                                     of input
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tls/client.hpp"

namespace {

using namespace atls;
using tls::Version;

constexpr std::array versions{Version::ssl3,   Version::tls1_0,  Version::tls1_1,
                              Version::tls1_2, Version::dtls1_0, Version::dtls1_2};

[[noreturn]] void give_up(const std::string& text) {
    std::fprintf(stderr, "engine_client: %s\n", text.c_str());
    std::exit(1);
}

Time now() { return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())}; }

int list_suites() {
    for (const tls::Suite& suite : tls::all_suites()) {
        std::string defined;
        for (const Version version : versions) {
            if (!suite.defined_for(version)) continue;
            if (!defined.empty()) defined += ", ";
            defined += tls::name_of(version);
        }
        std::printf("0X%04X %s %s\n", suite.number, std::string(suite.name).c_str(), defined.c_str());
    }
    return 0;
}

Version version_named(std::string_view name) {
    for (const Version version : versions) {
        if (tls::name_of(version) == name) return version;
    }
    give_up("no version " + std::string(name));
}

tls::Settings settings_of(std::span<const std::string> arguments) {
    tls::Settings settings;
    settings.suites = {static_cast<std::uint16_t>(std::stoul(arguments[1], nullptr, 16))};
    settings.lowest = settings.highest = version_named(arguments[2]);
    settings.datagram = settings.highest == Version::dtls1_0 || settings.highest == Version::dtls1_2;
    std::ifstream file(arguments[3], std::ios::binary);
    auto loaded = tls::load_credentials({.trusted = Bytes(std::istreambuf_iterator<char>(file), {})});
    if (!loaded) give_up(loaded.error().text);
    settings.credentials = loaded.value();
    settings.policy.authenticate = true;
    settings.policy.check_validity = true;
    settings.policy.expected_host = "127.0.0.1";
    if (arguments.size() == 6) {
        const auto key = from_hex(arguments[5]);
        if (!key) give_up("the key is not hexadecimal");
        settings.psk = tls::Psk{arguments[4], *key};
    }
    return settings;
}

class Connection {
public:
    Connection(const tls::Settings& settings, std::uint16_t port)
        : socket_(::socket(AF_INET, settings.datagram ? SOCK_DGRAM : SOCK_STREAM, 0)) {
        sockaddr_in server{};
        server.sin_family = AF_INET;
        server.sin_port = htons(port);
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
            give_up("no connection");
        auto made =
            tls::Client::create(settings, now(), [] { return WallTime{std::chrono::seconds(std::time(nullptr))}; });
        if (!made) give_up(made.error().text);
        client_ = std::move(made.value());
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(socket_); }

    /// Until the end of standard input.
    void run() {
        while (true) {
            send_output();
            if (client_->state() == tls::State::failed) give_up(client_->failure().text);
            if (client_->state() == tls::State::open) announce();
            const bool ended = client_->state() == tls::State::peer_closed;
            // Input waits for the handshake; a connection that has ended waits for the end of input.
            std::array<pollfd, 2> waits{
                {{ended ? -1 : socket_, POLLIN, 0}, {announced_ ? STDIN_FILENO : -1, POLLIN, 0}}};
            ::poll(waits.data(), waits.size(), milliseconds_to_deadline());
            if (waits[0].revents != 0) receive();
            if (waits[1].revents != 0 && !take_input()) break;
            client_->expire(now());
        }
        client_->close();
        send_output();
    }

private:
    void announce() {
        if (announced_) return;
        announced_ = true;
        std::fprintf(stderr, "open: %s, %s,\n", std::string(tls::name_of(client_->version())).c_str(),
                     std::string(tls::find_suite(client_->suite())->name).c_str());
    }

    [[nodiscard]] int milliseconds_to_deadline() const {
        const auto deadline = client_->next_deadline();
        if (!deadline) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now());
        return static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }

    void send_output() {
        while (!client_->output().empty()) {
            const BytesView out = client_->output();
            const ssize_t sent = ::send(socket_, out.data(), out.size(), MSG_NOSIGNAL);
            if (sent < 0) return;  // the server has gone, which receiving tells
            client_->output_sent(static_cast<std::size_t>(sent));
        }
    }

    void receive() {
        const ssize_t count = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (count <= 0) {
            client_->feed_end(now());
            return;
        }
        BytesView left(buffer_.data(), static_cast<std::size_t>(count));
        std::array<char, 4096> plain{};
        bool progress = true;
        while (!left.empty() && progress) {
            const std::size_t taken = client_->feed(left, now());
            left.remove_prefix(taken);
            progress = taken > 0;
            while (const std::size_t size = client_->read(plain, now())) {
                if (::write(STDOUT_FILENO, plain.data(), size) < 0) give_up("no standard output");
                progress = true;
            }
        }
    }

    bool take_input() {
        const ssize_t count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
        if (count <= 0) return false;
        return client_->write({buffer_.data(), static_cast<std::size_t>(count)});
    }

    int socket_;
    std::unique_ptr<tls::Client> client_;
    bool announced_ = false;
    std::array<char, 65536> buffer_{};
};

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    if (arguments.size() == 1 && arguments[0] == "suites") return list_suites();
    if (arguments.size() != 4 && arguments.size() != 6)
        give_up("suites | PORT SUITE VERSION TRUSTED.pem [IDENTITY HEXKEY]");
    Connection connection(settings_of(arguments), static_cast<std::uint16_t>(std::stoul(arguments[0])));
    connection.run();
    return 0;
}
