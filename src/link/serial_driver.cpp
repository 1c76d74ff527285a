// A serial device of Linux behind SerialDriver.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "link/rates.hpp"
#include "link/serial.hpp"
#include "loop/words.hpp"

namespace atls::link {

namespace {

LinkFailure failure(const std::string& device, const char* doing) {
    return {std::string(doing) + " " + device + ": " + loop::words_of(errno)};
}

tcflag_t size_of(int data_bits) {
    switch (data_bits) {
        case 5:
            return CS5;
        case 6:
            return CS6;
        case 7:
            return CS7;
        default:
            return CS8;
    }
}

class LinuxSerial final : public SerialDriver {
public:
    LinuxSerial(loop::Fd fd, std::string device) : fd_(std::move(fd)), device_(std::move(device)) {}

    [[nodiscard]] int fd() const override { return fd_.get(); }

    Outcome<LinkFailure> set_mode(const SerialMode& mode) override {
        const auto rate = name_of_rate(mode.rate);
        if (!rate) return LinkFailure{"no such rate: " + std::to_string(mode.rate)};
        termios settings{};
        if (::tcgetattr(fd_.get(), &settings) != 0) return failure(device_, "cannot read the mode of");
        ::cfmakeraw(&settings);
        settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS | HUPCL);
        settings.c_cflag |= CREAD | CLOCAL | size_of(mode.data_bits);
        if (mode.parity != 'N') settings.c_cflag |= PARENB;
        if (mode.parity == 'O') settings.c_cflag |= PARODD;
        if (mode.stop_bits == 2) settings.c_cflag |= CSTOPB;
        if (mode.hardware_flow) settings.c_cflag |= CRTSCTS;
        if (mode.software_flow) settings.c_iflag |= IXON | IXOFF;
        settings.c_cc[VMIN] = 1;
        settings.c_cc[VTIME] = 0;
        ::cfsetspeed(&settings, *rate);
        if (::tcsetattr(fd_.get(), TCSANOW, &settings) != 0) return failure(device_, "cannot set the mode of");
        return {};
    }

    [[nodiscard]] std::optional<SerialPins> pins() const override {
        int bits = 0;
        if (::ioctl(fd_.get(), TIOCMGET, &bits) != 0) return std::nullopt;
        return SerialPins{(bits & TIOCM_DSR) != 0, (bits & TIOCM_CTS) != 0, (bits & TIOCM_CAR) != 0};
    }

    void set_dtr(bool on) override {
        const int bit = TIOCM_DTR;
        ::ioctl(fd_.get(), on ? TIOCMBIS : TIOCMBIC, &bit);
    }

    [[nodiscard]] bool drained() const override {
        int waiting = 0;
        return ::ioctl(fd_.get(), TIOCOUTQ, &waiting) != 0 || waiting == 0;
    }

private:
    loop::Fd fd_;
    std::string device_;
};

}  // namespace

Result<std::unique_ptr<SerialDriver>, LinkFailure> open_serial(const std::string& device) {
    loop::Fd fd(::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return failure(device, "cannot open");
    if (::isatty(fd.get()) == 0) return LinkFailure{device + " is no terminal device"};
    // The one keeps out all but root, the other those that ask.
    if (::ioctl(fd.get(), TIOCEXCL) != 0) return failure(device, "cannot have to ourselves");
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return LinkFailure{device + " is in use by another program"};
    return std::unique_ptr<SerialDriver>(std::make_unique<LinuxSerial>(std::move(fd), device));
}

std::optional<SerialMode> parse_serial_mode(std::string_view text) {
    SerialMode mode;
    const auto comma = text.find(',');
    const std::string_view digits = text.substr(0, comma);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), mode.rate);
    if (fault != std::errc{} || end != digits.data() + digits.size() || !name_of_rate(mode.rate)) return std::nullopt;
    if (comma == std::string_view::npos) return mode;
    const std::string_view format = text.substr(comma + 1);
    const bool good = format.size() == 3 && format[0] >= '5' && format[0] <= '8' &&
                      std::string_view("NEO").find(format[1]) != std::string_view::npos &&
                      (format[2] == '1' || format[2] == '2');
    if (!good) return std::nullopt;
    mode.data_bits = format[0] - '0';
    mode.parity = format[1];
    mode.stop_bits = format[2] - '0';
    return mode;
}

}  // namespace atls::link
