// Two ends of a channel on one loop: what the modem's side hears, and a host with a descriptor.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "link/channel.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"
#include "support/telnet_speech.hpp"

namespace atls::link {

inline constexpr Duration generous = std::chrono::seconds(30);

/// A directory that goes with the test.
class Scratch {
public:
    Scratch() : path_("/tmp/atls-link-XXXXXX") { EXPECT_NE(::mkdtemp(path_.data()), nullptr); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string operator/(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline Bytes random_octets(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    Bytes octets;
    while (octets.size() < count) octets.push_back(static_cast<char>(random.next()));
    return octets;
}

/// The modem's side: takes at most `appetite` octets a call, sends `to_send` as the channel has room.
class Modem final : public ChannelUser {
public:
    void on_attached() override {
        quiet();
        ++attached;
        said += "A";
        if (at_attached) at_attached();
    }
    void on_detached() override {
        quiet();
        ++detached;
        said += "D";
        if (at_detached) at_detached();
    }
    std::size_t on_bytes(BytesView octets) override {
        quiet();
        EXPECT_FALSE(octets.empty());
        const auto taken = std::min(appetite, octets.size());
        received += octets.substr(0, taken);
        said += taken == octets.size() ? "b" : "k";
        if (at_bytes) at_bytes();
        return taken;
    }
    void on_writable() override {
        quiet();
        ++writable;
        if (at_writable) return at_writable();
        push();
    }
    void on_dtr(bool on) override {
        quiet();
        said += on ? "+" : "-";
    }

    std::size_t on_bytes_before_drop(BytesView octets) override {
        quiet();
        ++pressed;
        const auto taken = std::min(under_pressure, octets.size());
        received += octets.substr(0, taken);
        return taken;
    }
    void on_trouble(const LinkFailure& what) override {
        quiet();
        troubles.push_back(what.text);
    }
    void on_rate(unsigned bits_per_second) override {
        quiet();
        rates.push_back(bits_per_second);
    }

    void resume() {
        inside = true;
        channel->resume();
        inside = false;
    }
    void push() {
        inside = true;
        const auto written = channel->write(to_send.view());
        inside = false;
        EXPECT_LE(written, to_send.size());
        to_send.consume(written);
    }

    std::unique_ptr<Channel> channel;
    std::function<void()> at_attached, at_detached, at_bytes, at_writable;
    std::size_t appetite = ~std::size_t{0};
    std::size_t under_pressure = 0;  ///< is taken of what on_bytes() has refused
    ByteQueue to_send;
    Bytes received;
    std::string said;
    std::vector<std::string> troubles;
    std::vector<unsigned> rates;
    int pressed = 0;
    int attached = 0, detached = 0, writable = 0;

private:
    void quiet() const { EXPECT_FALSE(inside) << "called from inside a Channel call"; }
    bool inside = false;
};

/// The host's side: reads at most `appetite` octets at a time, sends `to_send`.
class Host {
public:
    /// `telnet`: its data travels as RFC 854 has it, and options are no data.
    enum class Speech { plain, telnet };
    Host(loop::Loop& loop, loop::Fd in, loop::Fd out, Speech speech = Speech::plain)
        : in_(std::move(in)), out_(std::move(out)), speech_(speech) {
        loop::set_nonblocking(in_.get());
        const auto writable = [this] { push(); };
        in_watch_ = std::make_unique<loop::Watch>(
            loop, in_.get(), [this] { pull(); }, writable);
        if (out_) {
            loop::set_nonblocking(out_.get());
            out_watch_ = std::make_unique<loop::Watch>(
                loop, out_.get(), [] {}, writable);
        }
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() {
        in_watch_.reset();
        out_watch_.reset();
    }

    void send(BytesView octets) {
        to_send.append(speech_ == Speech::telnet ? test::TelnetSpeech::escaped(octets) : Bytes(octets));
        push();
    }
    void want_read(bool wanted) { in_watch_->want_read(wanted); }
    [[nodiscard]] int in() const { return in_.get(); }

    ByteQueue to_send;
    Bytes received;
    std::size_t appetite = 65536;
    bool ended = false;

private:
    void pull() {
        std::array<char, 65536> buffer{};
        const auto count = ::read(in_.get(), buffer.data(), std::min(appetite, buffer.size()));
        if (count > 0) take({buffer.data(), static_cast<std::size_t>(count)});
        ended = count == 0 || (count < 0 && errno != EAGAIN);
        if (ended) want_read(false);
    }
    void take(BytesView octets) {
        if (speech_ == Speech::plain) {
            received.append(octets);
        } else {
            received.append(telnet_.data_of(octets));
        }
    }

    void push() {
        const auto count = ::write(out_ ? out_.get() : in_.get(), to_send.view().data(), to_send.size());
        if (count > 0) to_send.consume(static_cast<std::size_t>(count));
        (out_watch_ ? *out_watch_ : *in_watch_).want_write(!to_send.empty());
    }

    loop::Fd in_, out_;
    Speech speech_;
    test::TelnetSpeech telnet_;
    std::unique_ptr<loop::Watch> in_watch_, out_watch_;
};

int connect_tcp(const std::string& address);
int connect_unix(const std::string& path);

}  // namespace atls::link
