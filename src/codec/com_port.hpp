// The COM-PORT-OPTION of telnet (RFC 2217), the access server's side: what a client asks of the port, and what it is
// told.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace atls::codec {

class ComPort {
public:
    static constexpr unsigned char option = 44;

    /// What a client's request changes, beside the settings below.
    struct Asked {
        Bytes reply;  ///< the subnegotiation that answers; empty: none does
        std::optional<bool> dtr{};
        std::optional<bool> rts{};
        std::optional<unsigned> rate{};   ///< bits per second
        std::optional<bool> suspended{};  ///< the client takes no more data, or does again
        bool purge = false;               ///< what came from the client and was not taken is to go
    };
    /// A subnegotiation of the client, without option and framing.
    Asked take(BytesView subnegotiation);

    /// The client is told of these when they change and its mask lets them through.
    struct Lines {
        bool dcd = false;
        bool ring = false;
        bool dsr = true;
        bool cts = true;
        bool operator==(const Lines&) const = default;
    };
    /// What they are now, for a client that has just come.
    [[nodiscard]] Bytes notice() const { return modem_state(0); }
    /// The notification to send; empty: none.
    Bytes set_lines(const Lines& lines);
    [[nodiscard]] const Lines& lines() const { return lines_; }

    [[nodiscard]] unsigned rate() const { return rate_; }
    [[nodiscard]] bool breaking() const { return break_; }

private:
    Asked set_rate(BytesView value);
    Bytes set_small(std::uint8_t command, BytesView value, std::uint8_t& kept, std::uint8_t lowest,
                    std::uint8_t highest);
    Asked control(BytesView value);
    [[nodiscard]] Bytes modem_state(unsigned changes) const;

    unsigned rate_ = 115'200;
    std::uint8_t data_bits_ = 8;
    std::uint8_t parity_ = 1;  ///< none
    std::uint8_t stop_bits_ = 1;
    std::uint8_t flow_out_ = 1;  ///< as SET-CONTROL has it: none
    std::uint8_t flow_in_ = 14;
    bool break_ = false;
    bool dtr_ = true;
    bool rts_ = true;
    std::uint8_t modem_mask_ = 0xFF;
    std::uint8_t line_mask_ = 0;
    Lines lines_;
};

}  // namespace atls::codec
