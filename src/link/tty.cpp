// tty:DEVICE@RATE: a real UART. The module's DCD goes out at our DTR pin, the host's DTR comes in at DSR (null-modem).
#include <algorithm>
#include <chrono>
#include <utility>

#include "link/fd_channel.hpp"
#include "link/kinds.hpp"
#include "link/rates.hpp"
#include "link/serial.hpp"
#include "loop/timer.hpp"

namespace atls::link {

namespace {

// Pins make no descriptor readable; a host holds DTR low for longer than this.
constexpr auto between_looks = std::chrono::milliseconds(20);
constexpr auto between_tries = std::chrono::seconds(1);
// Whether the octets before a change of mode have left is asked so often at first, and so seldom at last.
constexpr Duration soonest = std::chrono::milliseconds(2);
constexpr Duration latest = std::chrono::milliseconds(50);

class TtyChannel final : public FdChannel {
public:
    TtyChannel(loop::Loop& loop, ChannelUser& user, std::unique_ptr<SerialDriver> driver, SerialLine line)
        : FdChannel(loop, user),
          driver_(std::move(driver)),
          line_(std::move(line)),
          mode_(line_.mode),
          wanted_(mode_),
          begin_(loop, [this] { begin(); }),
          change_(loop, [this] { set_when_drained(); }),
          looks_(loop, [this] { look(); }),
          tries_(loop, [this] { try_again(); }),
          drains_(loop, [this] { set_when_drained(); }) {
        begin_.call();
    }
    ~TtyChannel() override { detach(); }
    [[nodiscard]] std::string url() const override { return line_.url; }
    [[nodiscard]] std::optional<unsigned> named_rate() const override {
        return line_.rate_named ? std::optional(line_.mode.rate) : std::nullopt;
    }

    std::size_t write(BytesView octets) override {
        // Behind a change of mode: in the new one.
        if (changing_) {
            refused_ = true;
            return 0;
        }
        const std::size_t written = FdChannel::write(octets);
        wire_free_ = std::max(wire_free_, loop().now()) + time_of(written);
        return written;
    }

    void set_dcd(bool on) override {
        dcd_ = on;
        if (driver_) driver_->set_dtr(on);
    }
    // The octets before it leave in the old mode.
    void set_rate(unsigned bits_per_second) override {
        wanted_.rate = bits_per_second != 0 ? bits_per_second : line_.mode.rate;
        change();
    }
    void set_format(const std::optional<CharacterFormat>& format) override {
        wanted_.format = format.value_or(line_.mode.format);
        change();
    }
    void set_flow(int by_host, int by_module) override {
        constexpr int software = 1;
        constexpr int hardware = 2;
        wanted_.obeys_xoff = by_host == software;
        wanted_.sends_xoff = by_module == software;
        wanted_.hardware_flow = by_host == hardware || by_module == hardware;
        change();
    }

    [[nodiscard]] bool obeys_xoff() const override { return true; }

private:
    void begin() {
        const auto pins = driver_->pins();
        dtr_ = true;  // as a session starts
        wired_ = pins && pins->dsr;
        has_pins_ = pins.has_value();
        driver_->set_dtr(dcd_);
        if (pins) looks_.set(loop().now() + between_looks);
        attach(driver_->fd(), driver_->fd());
    }

    // Unplugged, or the other end of the pair is gone: until it is back.
    void on_end() override {
        detach();
        looks_.set(std::nullopt);
        drains_.set(std::nullopt);
        changing_ = refused_ = false;
        driver_.reset();
        tries_.set(loop().now() + between_tries);
        user().on_detached();
    }

    void try_again() {
        auto opened = line_.reopen();
        if (!opened || !(*opened)->set_mode(wanted_)) return tries_.set(loop().now() + between_tries);
        driver_ = std::move(*opened);
        mode_ = wanted_;
        begin();
    }

    void look() {
        if (!driver_) return;
        looks_.set(loop().now() + between_looks);
        const auto pins = driver_->pins();
        if (has_pins_ && !pins) {
            // Unplugged; with octets kept nobody reads, and the end would not be seen.
            looks_.set(std::nullopt);
            press_to_end();
            return end_when_read();
        }
        wired_ = wired_ || (pins && pins->dsr);
        const bool dtr = !wired_ || !pins || pins->dsr;
        if (std::exchange(dtr_, dtr) != dtr) mark_dtr(dtr);
    }

    [[nodiscard]] Duration time_of(std::size_t octets) const {
        constexpr int start_bit = 1;
        const CharacterFormat& format = mode_.format;
        const int bits = start_bit + format.data_bits + (format.parity == 'N' ? 0 : 1) + format.stop_bits;
        return Duration(std::chrono::seconds(1)) * bits * octets / mode_.rate;
    }
    /// The last octet is on the wire, whole.
    [[nodiscard]] bool drained() {
        if (driver_->queued()) return false;
        return driver_->transmitter_empty().value_or(loop().now() >= wire_free_);
    }

    void change() {
        if (!driver_) return;  // set when it is back
        if (wanted_ == mode_ && !changing_) return;
        changing_ = true;
        patience_ = soonest;
        change_.call();
    }
    void set_when_drained() {
        if (!driver_ || !changing_) return;
        if (!drained()) {
            drains_.set(loop().now() + patience_);
            patience_ = std::min(latest, patience_ * 2);
            return;
        }
        changing_ = false;
        const auto set = driver_->set_mode(wanted_);
        if (set) {
            mode_ = wanted_;
        } else {
            wanted_ = mode_;
        }
        // Either may be the end of this.
        if (std::exchange(refused_, false)) room_.call();
        if (!set) user().on_trouble(set.error());
    }

    std::unique_ptr<SerialDriver> driver_;  ///< null: the device is gone
    SerialLine line_;                       ///< as it was opened
    SerialMode mode_, wanted_;
    loop::Soon begin_, change_;
    loop::Soon room_{loop(), [this] { user().on_writable(); }};
    loop::Timer looks_, tries_, drains_;
    Duration patience_ = soonest;
    Time wire_free_;         ///< when what was written has left, if nothing stops it
    bool changing_ = false;  ///< wanted_ is to be set
    bool refused_ = false;   ///< octets meanwhile
    bool has_pins_ = false;
    bool wired_ = false;  ///< DSR has been seen on: a cable of three wires never shows it
    bool dtr_ = true;
    bool dcd_ = false;
};

}  // namespace

std::unique_ptr<Channel> over_serial(loop::Loop& loop, std::unique_ptr<SerialDriver> driver, SerialLine line,
                                     ChannelUser& user) {
    return std::make_unique<TtyChannel>(loop, user, std::move(driver), std::move(line));
}

OpenedChannel open_tty(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    const auto at = rest.find('@');
    const std::string device(rest.substr(0, at));
    const bool named = at != std::string_view::npos;
    const auto mode = named ? parse_serial_mode(rest.substr(at + 1)) : SerialMode();
    if (device.empty()) return LinkFailure{"expected tty:DEVICE[@RATE[,FORMAT]]"};
    if (!mode) {
        std::string all;
        for (const unsigned one : rates()) all += " " + std::to_string(one);
        return LinkFailure{"expected a rate of" + all + ", and a format as 8N1"};
    }
    auto driver = open_serial(device);
    if (!driver) return driver.error();
    if (auto set = (*driver)->set_mode(*mode); !set) return set.error();
    SerialLine line{"tty:" + std::string(rest), *mode, named, [device] { return open_serial(device); }};
    return over_serial(loop, std::move(*driver), std::move(line), user);
}

}  // namespace atls::link
