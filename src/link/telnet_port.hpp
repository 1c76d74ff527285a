// A serial port as a telnet client sees it: octets in, octets out, what it asks of the port. No socket.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/marked_queue.hpp"
#include "codec/com_port.hpp"

struct telnet_t;
union telnet_event_t;

namespace atls::link {

/// One client, from connect to disconnect (RFC 854, RFC 2217). Works on libtelnet.
class TelnetPort {
public:
    /// Offers what it has: that is in `out`.
    explicit TelnetPort(const codec::ComPort::Lines& lines);
    ~TelnetPort();
    TelnetPort(const TelnetPort&) = delete;
    TelnetPort& operator=(const TelnetPort&) = delete;

    /// From the client; data goes to `in`.
    void hear(BytesView octets);
    /// Data for the client, escaped into `out`.
    void send(BytesView octets);
    /// Told to the client if it wants to know.
    void show(const codec::ComPort::Lines& lines);
    [[nodiscard]] const codec::ComPort::Lines& lines() const { return port_.lines(); }

    MarkedQueue in;  ///< data of the client that nobody has taken, and its DTR
    ByteQueue out;   ///< octets for it

    // What it asked for since the last look.
    std::optional<unsigned> rate{};  ///< bits per second
    bool suspended = false;          ///< it takes no data for now
    bool rts = true;                 ///< with RTS/CTS: it takes data

private:
    static void on_event(telnet_t* telnet, telnet_event_t* event, void* self);
    void take(BytesView subnegotiation);
    void greet();
    void say(const Bytes& subnegotiation);

    codec::ComPort port_;
    bool greeted_ = false;  ///< the client has heard of the lines
    std::unique_ptr<telnet_t, void (*)(telnet_t*)> telnet_;
};

}  // namespace atls::link
