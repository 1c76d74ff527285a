// tty:DEVICE@RATE: a real UART. The module's DCD goes out at our DTR pin, the host's DTR comes in at DSR (null-modem).
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
// How long a rate that was set waits for the octets before it to leave is asked for so often.
constexpr auto while_draining = std::chrono::milliseconds(2);

class TtyChannel final : public FdChannel {
public:
    TtyChannel(loop::Loop& loop, ChannelUser& user, std::unique_ptr<SerialDriver> driver, SerialMode mode,
               std::string url, SerialOpener reopen)
        : FdChannel(loop, user),
          driver_(std::move(driver)),
          mode_(mode),
          url_(std::move(url)),
          reopen_(std::move(reopen)),
          begin_(loop, [this] { begin(); }),
          looks_(loop, [this] { look(); }),
          tries_(loop, [this] { try_again(); }),
          drains_(loop, [this] { set_when_drained(); }) {
        begin_.call();
    }
    ~TtyChannel() override { detach(); }
    [[nodiscard]] std::string url() const override { return url_; }

    void set_dcd(bool on) override {
        dcd_ = on;
        if (driver_) driver_->set_dtr(on);
    }
    // The octets before it leave at the old rate.
    void set_rate(unsigned bits_per_second) override {
        mode_.rate = bits_per_second;
        set_when_drained();
    }
    void set_flow(int by_host, int by_module) override {
        constexpr int software = 1;
        constexpr int hardware = 2;
        mode_.software_flow = by_host == software || by_module == software;
        mode_.hardware_flow = by_host == hardware || by_module == hardware;
        set_when_drained();
    }

private:
    void begin() {
        const auto pins = driver_->pins();
        dtr_ = true;  // as a session starts; the first look tells if it is not
        driver_->set_dtr(dcd_);
        if (pins) looks_.set(loop().now() + between_looks);
        attach(driver_->fd(), driver_->fd());
    }

    // Unplugged, or the other end of the pair is gone: until it is back.
    void on_end() override {
        detach();
        looks_.set(std::nullopt);
        drains_.set(std::nullopt);
        driver_.reset();
        tries_.set(loop().now() + between_tries);
        user().on_detached();
    }

    void try_again() {
        auto opened = reopen_();
        if (!opened || !(*opened)->set_mode(mode_)) return tries_.set(loop().now() + between_tries);
        driver_ = std::move(*opened);
        begin();
    }

    void look() {
        if (!driver_) return;
        looks_.set(loop().now() + between_looks);
        const auto pins = driver_->pins();
        const bool dtr = !pins || pins->dsr;
        if (std::exchange(dtr_, dtr) != dtr) user().on_dtr(dtr);
    }

    void set_when_drained() {
        if (!driver_) return;
        if (driver_->drained()) {
            (void)driver_->set_mode(mode_);
        } else {
            drains_.set(loop().now() + while_draining);
        }
    }

    std::unique_ptr<SerialDriver> driver_;  ///< null: the device is gone
    SerialMode mode_;
    std::string url_;
    SerialOpener reopen_;
    loop::Soon begin_;
    loop::Timer looks_, tries_, drains_;
    bool dtr_ = true;
    bool dcd_ = false;
};

}  // namespace

std::unique_ptr<Channel> over_serial(loop::Loop& loop, std::unique_ptr<SerialDriver> driver, const SerialMode& mode,
                                     std::string url, SerialOpener reopen, ChannelUser& user) {
    return std::make_unique<TtyChannel>(loop, user, std::move(driver), mode, std::move(url), std::move(reopen));
}

OpenedChannel open_tty(loop::Loop& loop, std::string_view rest, ChannelUser& user) {
    const auto at = rest.find('@');
    const std::string device(rest.substr(0, at));
    const auto mode = at == std::string_view::npos ? SerialMode() : parse_serial_mode(rest.substr(at + 1));
    if (device.empty()) return LinkFailure{"expected tty:DEVICE[@RATE[,FORMAT]]"};
    if (!mode) {
        std::string all;
        for (const Rate& one : rates()) all += " " + std::to_string(one.bits_per_second);
        return LinkFailure{"expected a rate of" + all + ", and a format as 8N1"};
    }
    auto driver = open_serial(device);
    if (!driver) return driver.error();
    if (auto set = (*driver)->set_mode(*mode); !set) return set.error();
    return over_serial(
        loop, std::move(*driver), *mode, "tty:" + std::string(rest), [device] { return open_serial(device); }, user);
}

}  // namespace atls::link
