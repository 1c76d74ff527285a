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
    int data_bits = 8;
    char parity = 'N';  ///< N none, E even, O odd
    int stop_bits = 1;
    bool hardware_flow = false;  ///< RTS/CTS
    bool software_flow = false;  ///< XON/XOFF
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
    /// All octets have left.
    [[nodiscard]] virtual bool drained() const = 0;
};

/// Exclusive. The failure names what is wrong.
Result<std::unique_ptr<SerialDriver>, LinkFailure> open_serial(const std::string& device);

/// "115200", "9600,7E1"; nullopt: no such rate or format.
std::optional<SerialMode> parse_serial_mode(std::string_view text);

/// The channel over any driver. `reopen` brings the device back after it went (unplugged); tried each second.
using SerialOpener = std::function<Result<std::unique_ptr<SerialDriver>, LinkFailure>()>;
std::unique_ptr<Channel> over_serial(loop::Loop& loop, std::unique_ptr<SerialDriver> driver, const SerialMode& mode,
                                     std::string url, SerialOpener reopen, ChannelUser& user);

}  // namespace atls::link
