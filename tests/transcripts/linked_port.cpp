#include "transcripts/linked_port.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "base/ensure.hpp"
#include "link/kinds.hpp"
#include "link/serial.hpp"
#include "loop/address.hpp"

namespace atls::test {

namespace {

// What a kernel takes at most to carry octets from one end of a link to the other, on a machine with too much to do.
constexpr std::chrono::seconds long_enough{20};

int connect_to(int family, const sockaddr* address, socklen_t size) {
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ensure(fd >= 0 && ::connect(fd, address, size) == 0, "the host cannot connect to its port");
    return fd;
}

int connect_tcp(const std::string& place) {
    const auto where = loop::split_host_and_port(place);
    const auto address = loop::SocketAddress::numeric(where->host, where->port);
    return connect_to(address->family(), address->data(), address->size());
}

int connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return connect_to(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

std::string after_colon(const std::string& url) { return url.substr(url.find(':') + 1); }

std::string fresh_directory() {
    std::string path = "/tmp/atls-transcript-XXXXXX";
    ensure(::mkdtemp(path.data()) != nullptr, "no directory for a socket");
    return path;
}

// A pty has no pins: the host's end of them is `cable`, and its octets leave at once.
class SerialWithPins final : public link::SerialDriver {
public:
    SerialWithPins(std::unique_ptr<link::SerialDriver> real, std::shared_ptr<Cable> cable)
        : real_(std::move(real)), cable_(std::move(cable)) {}
    [[nodiscard]] int fd() const override { return real_->fd(); }
    Outcome<link::LinkFailure> set_mode(const link::SerialMode& mode) override {
        auto set = real_->set_mode(mode);
        if (set) cable_->mode = mode;
        return set;
    }
    [[nodiscard]] std::optional<link::SerialPins> pins() const override {
        return link::SerialPins{cable_->dtr, true, cable_->dtr};
    }
    void set_dtr(bool on) override { cable_->dcd = on; }
    [[nodiscard]] bool queued() const override { return real_->queued(); }
    [[nodiscard]] std::optional<bool> transmitter_empty() const override { return true; }

private:
    std::unique_ptr<link::SerialDriver> real_;
    std::shared_ptr<Cable> cable_;
};

Result<std::unique_ptr<link::SerialDriver>, link::LinkFailure> serial_with_pins(const std::string& device,
                                                                                const std::shared_ptr<Cable>& cable) {
    auto real = link::open_serial(device);
    if (!real) return real.error();
    return std::unique_ptr<link::SerialDriver>(std::make_unique<SerialWithPins>(std::move(*real), cable));
}

}  // namespace

PortMaker linked_ports(LinkKind kind) {
    return [loop = std::make_shared<loop::Loop>(), kind](const std::string&) {
        return std::make_unique<LinkedPort>(loop, kind);
    };
}

LinkedPort::LinkedPort(std::shared_ptr<loop::Loop> loop, LinkKind kind) : loop_(std::move(loop)), kind_(kind) {}

LinkedPort::~LinkedPort() {
    host_watch_.reset();
    channel_.reset();
    if (!path_.empty()) std::filesystem::remove_all(std::filesystem::path(path_).parent_path());
}

void LinkedPort::join(at::Session& session) {
    HostPort::join(session);
    std::string url = kind_ == LinkKind::pty ? "pty:" : "tcp:127.0.0.1:0";
    if (kind_ == LinkKind::rfc2217) url = "rfc2217:127.0.0.1:0";
    if (kind_ == LinkKind::unix_socket) {
        path_ = fresh_directory() + "/modem";
        url = "unix:" + path_;
    }
    if (kind_ == LinkKind::tty) {
        open_tty();
        return connect();
    }
    auto opened = link::open(*loop_, url, *this);
    ensure(opened.ok(), "a link for a port");
    channel_ = std::move(*opened);
    connect();
}

void LinkedPort::open_tty() {
    new_cable();
    const auto opener = [device = device_, cable = cable_] { return serial_with_pins(*device, cable); };
    auto driver = opener();
    link::SerialLine line;
    line.url = "tty:" + *device_;
    line.reopen = opener;
    ensure(driver.ok() && (*driver)->set_mode(line.mode).ok(), "a serial port");
    channel_ = link::over_serial(*loop_, std::move(*driver), std::move(line), *this);
}

void LinkedPort::new_cable() {
    host_ = loop::Fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    ensure(host_ && ::grantpt(host_.get()) == 0 && ::unlockpt(host_.get()) == 0, "a pty");
    *device_ = ::ptsname(host_.get());
}

void LinkedPort::connect() {
    attached_ = false;
    written_ = taken_ = given_ = read_ = waiting_ = 0;
    telnet_ = {};
    cable_->dtr = true;
    const std::string place = after_colon(channel_->url());
    switch (kind_) {
        case LinkKind::pty:
            host_ = loop::Fd(::open(place.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
            break;
        case LinkKind::tcp:
        case LinkKind::rfc2217:
            host_ = loop::Fd(connect_tcp(place));
            if (kind_ == LinkKind::rfc2217) unsent_.append(TelnetSpeech::willing());
            break;
        case LinkKind::unix_socket:
            host_ = loop::Fd(connect_unix(place));
            break;
        case LinkKind::tty:
            break;
    }
    ensure(host_.get() >= 0 && loop::set_nonblocking(host_.get()), "the host's end of a link");
    host_watch_ = std::make_unique<loop::Watch>(
        *loop_, host_.get(), [this] { read_some(); }, [] {});
    host_watch_->want_read(true);
    until(attached_);
}

void LinkedPort::send(BytesView octets) {
    unsent_.append(kind_ == LinkKind::rfc2217 ? TelnetSpeech::escaped(octets) : Bytes(octets));
    waiting_ += octets.size();
}

void LinkedPort::hang_up() {
    detached_ = false;
    unsent_.clear();
    host_watch_.reset();
    host_.close();
    until(detached_);
    if (kind_ == LinkKind::tty) new_cable();
    connect();
}

void LinkedPort::set_dtr(bool on) {
    dtr_heard_ = false;
    if (kind_ == LinkKind::tty) {
        if (std::exchange(cable_->dtr, on) != on) until(dtr_heard_);
        return;
    }
    if (kind_ == LinkKind::rfc2217) {
        constexpr char set_control = 5;
        const bool was = std::exchange(cable_->dtr, on);
        unsent_.append(TelnetSpeech::asking(Bytes{set_control, on ? '\x08' : '\x09'}));
        write_some();
        if (was != on) until(dtr_heard_);
        return;
    }
    // A pty has no DTR: the speed B0 stands for it. The others carry none: as if the link did.
    if (kind_ != LinkKind::pty) return HostPort::set_dtr(on);
    termios mode{};
    ensure(::tcgetattr(host_.get(), &mode) == 0, "the mode of a pty");
    const bool was_on = ::cfgetospeed(&mode) != B0;
    ::cfsetspeed(&mode, on ? B115200 : B0);
    ensure(::tcsetattr(host_.get(), TCSANOW, &mode) == 0, "the speed of a pty");
    if (was_on != on) until(dtr_heard_);
}

void LinkedPort::until(const bool& happened) {
    ensure(loop_->run_until([&] { return happened; }, long_enough), "a link that moves");
}

bool LinkedPort::in_flight() const { return (written_ > taken_ && !refused_) || given_ > read_; }

bool LinkedPort::step() {
    moved_ = false;
    write_some();
    if (refused_ && std::exchange(woken_, false)) {
        refused_ = false;
        channel_->resume();
    }
    pump();
    show_lines();
    loop_->poll();
    if (moved_) return true;
    if (!in_flight()) return false;
    return loop_->run_until([this] { return moved_ || refused_; }, long_enough) && moved_;
}

void LinkedPort::write_some() {
    if (unsent_.empty()) return;
    const auto count = ::write(host_.get(), unsent_.view().data(), unsent_.size());
    if (count <= 0) return;
    // Escapes and options are no octets of the host's: with them, all that it gave counts once all has left.
    const auto left = unsent_.size() - static_cast<std::size_t>(count);
    const std::size_t data = kind_ != LinkKind::rfc2217 ? static_cast<std::size_t>(count) : left == 0 ? waiting_ : 0;
    unsent_.consume(static_cast<std::size_t>(count));
    written_ += data;
    waiting_ -= data;
    moved_ = true;
}

void LinkedPort::read_some() {
    std::array<char, 65536> octets{};
    const auto count = ::read(host_.get(), octets.data(), octets.size());
    if (count <= 0) return host_watch_->want_read(false);
    const BytesView got(octets.data(), static_cast<std::size_t>(count));
    const Bytes data = kind_ == LinkKind::rfc2217 ? telnet_.data_of(got) : Bytes(got);
    received(data);
    read_ += data.size();
    moved_ = true;
}

void LinkedPort::pump() {
    while (reads && !blocked_) {
        const BytesView output = session().output();
        if (output.empty()) return;
        const std::size_t all = output.size();
        const std::size_t count = channel_->write(output);
        given_ += count;
        blocked_ = count < all;
        session().output_sent(count);
        moved_ = moved_ || count > 0;
    }
}

// Behind what was said before, as a port of the program does it. A host that can see them does.
void LinkedPort::show_lines() {
    if (!lines_due_ || !reads || blocked_ || !session().output().empty()) return;
    lines_due_ = false;
    channel_->set_dcd(wanted_dcd_);
    channel_->set_ri(wanted_ri_);
    if (kind_ == LinkKind::rfc2217) {
        ensure(loop_->run_until([this] { return telnet_.dcd() == wanted_dcd_ && telnet_.ring() == wanted_ri_; },
                                long_enough),
               "a client that is told of the lines");
    }
    dcd = kind_ == LinkKind::tty ? cable_->dcd : wanted_dcd_;
    ri = wanted_ri_;
}

void LinkedPort::set_dcd(bool on) {
    wanted_dcd_ = on;
    lines_due_ = true;
}

void LinkedPort::set_ri(bool on) {
    wanted_ri_ = on;
    lines_due_ = true;
}

// Of a serial port the cable has them, once the loop has set them.
void LinkedPort::set_rate(unsigned bits_per_second) {
    if (channel_) channel_->set_rate(bits_per_second);
    HostPort::set_rate(bits_per_second);
}

void LinkedPort::set_flow(int by_host, int by_module) {
    if (channel_) channel_->set_flow(by_host, by_module);
    HostPort::set_flow(by_host, by_module);
}

void LinkedPort::look_at_lines() {
    constexpr int plenty = 1000;
    for (int i = 0; i < plenty && lines_due_ && reads; ++i) step();
    if (kind_ != LinkKind::tty) return;
    loop_->poll();
    const link::SerialMode mode = cable_->mode.value_or(link::SerialMode());
    ensure(!rate || *rate == 0 || mode.rate == *rate, "the cable's rate is the one the session set");
    const auto is = [](int flow, int kind) { return flow == kind; };
    ensure(mode.obeys_xoff == is(flow_by_host, 1) && mode.sends_xoff == is(flow_by_module, 1) &&
               mode.hardware_flow == (is(flow_by_host, 2) || is(flow_by_module, 2)),
           "the cable's flow control is the one the session set");
}

void LinkedPort::on_attached() {
    attached_ = true;
    refused_ = blocked_ = false;
    session().attach();
}

void LinkedPort::on_detached() {
    detached_ = true;
    refused_ = blocked_ = false;
    session().detach();
}

std::size_t LinkedPort::on_bytes(BytesView octets) {
    std::size_t taken = 0;
    for (;;) {
        const std::size_t now = session().feed(octets.substr(taken));
        taken += now;
        pump();
        if (now == 0 || taken == octets.size()) break;
    }
    refused_ = taken < octets.size();
    taken_ += taken;
    moved_ = moved_ || taken > 0;
    return taken;
}

void LinkedPort::on_writable() {
    blocked_ = false;
    moved_ = true;
    pump();
}

void LinkedPort::on_dtr(bool on) {
    dtr_heard_ = true;
    session().set_dtr(on);
}

}  // namespace atls::test
