// A byte pipe to a host: pty, TCP, stdio, unix socket … The AT side sees only this.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace atls::link {

/// How an octet travels on a serial line.
struct CharacterFormat {
    int data_bits = 8;
    char parity = 'N';  ///< N none, E even, O odd, M mark, S space
    int stop_bits = 1;
    bool operator==(const CharacterFormat&) const = default;
};

/// Why a link could not be opened, or does not do what it was told: one line, the device or url first.
struct LinkFailure {
    std::string text;
};

/// Who hears of a channel; all calls from the loop, none from inside a Channel call. Each may destroy the channel.
class ChannelUser {
public:
    /// The host is there (again): pty opened, TCP accepted. A session starts anew, DTR is on.
    virtual void on_attached() = 0;
    /// The host went away, everything it sent was taken; output not yet written is dropped.
    virtual void on_detached() = 0;
    /// Octets from the host. Returns how many were taken; the channel keeps the rest, stops reading, and offers it
    /// again after resume().
    virtual std::size_t on_bytes(BytesView octets) = 0;
    /// Room again after a short write().
    virtual void on_writable() = 0;
    /// V.24 from the host: DTR. A pty shows B0 as DTR off.
    virtual void on_dtr(bool on) = 0;
    /// DTR goes off behind these octets, which on_bytes() has just refused, and on_dtr(false) must not wait for ever.
    /// Returns how many were taken; those that were not are offered again, as any.
    virtual std::size_t on_bytes_before_drop(BytesView /*octets*/) { return 0; }
    /// The host's end of the line has this rate now, bits per second; only from kinds that know it.
    virtual void on_rate(unsigned /*bits_per_second*/) {}
    /// The line cannot do what the channel was told: it stays as it is.
    virtual void on_trouble(const LinkFailure& /*what*/) {}

protected:
    ~ChannelUser() = default;
};

class Channel {
public:
    virtual ~Channel() = default;
    /// Writes what the host can take now; fewer octets than given: on_writable() follows. Nothing is lost or buffered
    /// here. With no host attached everything is taken and dropped, as by a UART without a cable.
    virtual std::size_t write(BytesView octets) = 0;
    /// Offers kept octets again, then reads on. Safe to call at any time, also from on_bytes().
    virtual void resume() = 0;
    /// What a host connects to: "pty:/path", "tcp:127.0.0.1:5001", "stdio:".
    [[nodiscard]] virtual std::string url() const = 0;
    /// false: after on_detached() nobody comes again, a program may end (stdin has ended).
    [[nodiscard]] virtual bool reattaches() const { return true; }

    // V.24 towards the host; ignored by kinds that cannot carry it.
    virtual void set_dcd(bool) {}
    virtual void set_ri(bool) {}
    /// 0: the rate it was opened with.
    virtual void set_rate(unsigned /*bits_per_second*/) {}
    /// nullopt: the format it was opened with.
    virtual void set_format(const std::optional<CharacterFormat>& /*format*/) {}
    /// The rate that whoever opened the link named; nullopt: none.
    [[nodiscard]] virtual std::optional<unsigned> named_rate() const { return std::nullopt; }
    /// 0 none, 1 XON/XOFF, 2 RTS/CTS: towards us, and by us.
    virtual void set_flow(int /*by_host*/, int /*by_module*/) {}
    /// Obeys XOFF itself if set so: the user sees none.
    [[nodiscard]] virtual bool obeys_xoff() const { return false; }
};

using OpenedChannel = Result<std::unique_ptr<Channel>, LinkFailure>;

}  // namespace atls::link
