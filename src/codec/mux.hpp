// Frames and control messages of the 27.010 multiplexer, basic option.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace atls::codec::mux {

inline constexpr char flag = '\xF9';
inline constexpr int most_dlci = 63;

/// Control octets without P/F (27.010, table 2).
enum class Kind : std::uint8_t { sabm = 0x2F, ua = 0x63, dm = 0x0F, disc = 0x43, uih = 0xEF, ui = 0x03 };

struct Frame {
    int dlci = 0;
    Kind kind = Kind::uih;
    bool command =
        true;  ///< C/R as the sender's side makes it: SABM, DISC, UIH and UI are commands, UA and DM responses
    bool final = false;  ///< P/F
    Bytes data{};
};

/// `from_initiator`: by the side that opened DLCI 0.
Bytes encode(const Frame& frame, bool from_initiator);

/// Finds frames in what arrives, in pieces of any length. What is no frame is passed over: a wrong check sequence, an
/// unknown control octet, more data than `most`.
class Decoder {
public:
    explicit Decoder(std::size_t most) : most_(most) {}
    void set_most(std::size_t most) { most_ = most; }
    void add(BytesView octets) { arrived_.append(octets); }
    std::optional<Frame> next();
    [[nodiscard]] std::size_t waiting() const { return arrived_.size(); }

private:
    ByteQueue arrived_;
    std::size_t most_;
};

// --- control messages, in UIH frames of DLCI 0 ---

/// Type octets of commands without C/R and EA (27.010, 5.4.6.3).
enum class Type : std::uint8_t {
    parameters = 0x80,     ///< PN
    power_saving = 0x40,   ///< PSC
    close_down = 0xC0,     ///< CLD
    test = 0x20,           ///< Test
    flow_on = 0xA0,        ///< FCon
    flow_off = 0x60,       ///< FCoff
    modem_status = 0xE0,   ///< MSC
    not_supported = 0x10,  ///< NSC
    port = 0x90,           ///< RPN
    line_status = 0x50,    ///< RLS
    service = 0xD0,        ///< SNC
};

struct Message {
    std::uint8_t type = 0;  ///< a Type, or one that this side does not know
    bool command = true;
    Bytes values{};
};
Bytes encode(const Message& message);
/// Those in the data of one frame; what is cut off at its end is dropped.
std::vector<Message> messages_in(BytesView data);

/// What RPN says of a channel's line (27.010, 5.4.6.3.9).
class PortSettings {
public:
    /// `asked`: what follows the DLCI, empty for a request. Returns the same of the answer.
    Bytes negotiate(BytesView asked);

private:
    unsigned rate_ = 0x09;    ///< 115200
    unsigned format_ = 0x03;  ///< eight bits, one stop bit, no parity
    unsigned flow_ = 0x00;    ///< none
    unsigned xon_ = 0x11;
    unsigned xoff_ = 0x13;
};

/// V.24 octet of MSC (27.010, 5.4.6.3.7).
namespace v24 {
inline constexpr unsigned extension = 0x01;
inline constexpr unsigned flow = 0x02;   ///< FC: the sender cannot accept frames
inline constexpr unsigned ready = 0x04;  ///< RTC: DTR of the host, DSR of the module
inline constexpr unsigned send = 0x08;   ///< RTR: RTS of the host, CTS of the module
inline constexpr unsigned ring = 0x40;   ///< IC
inline constexpr unsigned valid = 0x80;  ///< DV: DCD
}  // namespace v24

}  // namespace atls::codec::mux
