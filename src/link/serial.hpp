// A real serial port: what is set on it and what its pins say, as an interface, so that a test can stand in for pins.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "link/channel.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"

namespace atls::link {

struct SerialMode {
    unsigned rate = 115'200;
    CharacterFormat format;
    bool hardware_flow = false;  ///< RTS/CTS, both ways: Linux has no other
    bool obeys_xoff = false;     ///< we stop when the host says XOFF
    bool sends_xoff = false;     ///< and say it ourselves
    bool operator==(const SerialMode&) const = default;
};

/// Pins that the other end drives. With a null-modem cable its DTR is our DSR and DCD, its RTS our CTS.
struct SerialPins {
    bool dsr = true;
    bool cts = true;
    bool dcd = true;
};

class SerialDriver {
public:
    virtual ~SerialDriver() = default;
    [[nodiscard]] virtual int fd() const = 0;
    virtual Outcome<LinkFailure> set_mode(const SerialMode& mode) = 0;
    /// nullopt: this device has none (a pty).
    [[nodiscard]] virtual std::optional<SerialPins> pins() const = 0;
    /// Our DTR pin, which the host sees as DSR and DCD.
    virtual void set_dtr(bool on) = 0;
    /// Octets are on their way to the UART.
    [[nodiscard]] virtual bool queued() const = 0;
    /// The UART's own FIFO and shift register are empty; nullopt: the driver does not tell.
    [[nodiscard]] virtual std::optional<bool> transmitter_empty() const = 0;
};

/// Exclusive. The failure names what is wrong.
Result<std::unique_ptr<SerialDriver>, LinkFailure> open_serial(const std::string& device);

/// "115200", "9600,7E1"; nullopt: no such rate or format.
std::optional<SerialMode> parse_serial_mode(std::string_view text);

/// Brings the device back after it went (unplugged); tried each second.
using SerialOpener = std::function<Result<std::unique_ptr<SerialDriver>, LinkFailure>()>;
/// The channel over any driver, which is in `mode`.
struct SerialLine {
    std::string url;
    SerialMode mode;
    bool rate_named = false;  ///< mode.rate is Channel::named_rate()
    SerialOpener reopen;
};
std::unique_ptr<Channel> over_serial(loop::Loop& loop, std::unique_ptr<SerialDriver> driver, SerialLine line,
                                     ChannelUser& user);

}  // namespace atls::link
