// A serial device of Linux behind SerialDriver.
#include <asm/termbits.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "link/rates.hpp"
#include "link/serial.hpp"
#include "loop/words.hpp"

namespace atls::link {

namespace {

constexpr cc_t xon = 0x11;
constexpr cc_t xoff = 0x13;

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

tcflag_t parity_of(char parity) {
    switch (parity) {
        case 'E':
            return PARENB;
        case 'O':
            return PARENB | PARODD;
        case 'M':
            return PARENB | PARODD | CMSPAR;
        case 'S':
            return PARENB | CMSPAR;
        default:
            return 0;
    }
}

class LinuxSerial final : public SerialDriver {
public:
    LinuxSerial(loop::Fd fd, std::string device) : fd_(std::move(fd)), device_(std::move(device)) {}

    [[nodiscard]] int fd() const override { return fd_.get(); }

    Outcome<LinkFailure> set_mode(const SerialMode& mode) override {
        termios2 settings{};
        if (::ioctl(fd_.get(), TCGETS2, &settings) != 0) return failure(device_, "cannot read the mode of");
        const termios2 before = settings;
        // Raw: octets as they are.
        settings.c_iflag = settings.c_oflag = settings.c_lflag = 0;
        settings.c_cflag =
            BOTHER | CREAD | CLOCAL | HUPCL | size_of(mode.format.data_bits) | parity_of(mode.format.parity);
        settings.c_ispeed = settings.c_ospeed = mode.rate;
        if (mode.format.stop_bits == 2) settings.c_cflag |= CSTOPB;
        if (mode.hardware_flow) settings.c_cflag |= CRTSCTS;
        if (mode.obeys_xoff) settings.c_iflag |= IXON;
        if (mode.sends_xoff) settings.c_iflag |= IXOFF;
        settings.c_cc[VMIN] = 1;
        settings.c_cc[VTIME] = 0;
        settings.c_cc[VSTART] = xon;
        settings.c_cc[VSTOP] = xoff;
        if (::ioctl(fd_.get(), TCSETS2, &settings) != 0) return failure(device_, "cannot set the mode of");
        return keep_if_near(mode.rate, before);
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

    [[nodiscard]] bool queued() const override {
        int waiting = 0;
        return ::ioctl(fd_.get(), TIOCOUTQ, &waiting) == 0 && waiting > 0;
    }
    [[nodiscard]] std::optional<bool> transmitter_empty() const override {
        unsigned status = 0;
        if (::ioctl(fd_.get(), TIOCSERGETLSR, &status) != 0) return std::nullopt;
        return (status & TIOCSER_TEMT) != 0;
    }

private:
    /// A driver sets the nearest rate that its clock has.
    Outcome<LinkFailure> keep_if_near(unsigned wanted, const termios2& before) {
        termios2 settings{};
        if (::ioctl(fd_.get(), TCGETS2, &settings) != 0) return failure(device_, "cannot read the mode of");
        // Of a character of ten bits the last one is still read well with so much too fast or too slow.
        constexpr unsigned percent = 3;
        const unsigned got = settings.c_ospeed;
        const unsigned apart = got > wanted ? got - wanted : wanted - got;
        if (apart * 100ULL <= static_cast<unsigned long long>(wanted) * percent) return {};
        (void)::ioctl(fd_.get(), TCSETS2, &before);
        return LinkFailure{device_ + " has no rate near " + std::to_string(wanted) + ": it would be " +
                           std::to_string(got)};
    }

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
    if (fault != std::errc{} || end != digits.data() + digits.size() || !known_rate(mode.rate)) return std::nullopt;
    if (comma == std::string_view::npos) return mode;
    const std::string_view format = text.substr(comma + 1);
    const bool good = format.size() == 3 && format[0] >= '5' && format[0] <= '8' &&
                      std::string_view("NEOMS").find(format[1]) != std::string_view::npos &&
                      (format[2] == '1' || format[2] == '2');
    if (!good) return std::nullopt;
    mode.format = {format[0] - '0', format[1], format[2] - '0'};
    return mode;
}

}  // namespace atls::link
