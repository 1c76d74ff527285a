#include "codec/com_port.hpp"

#include <utility>

namespace atls::codec {

namespace {

// Commands of the client; answers have 100 more (RFC 2217, 3).
enum : std::uint8_t {
    signature = 0,
    set_baudrate = 1,
    set_datasize = 2,
    set_parity = 3,
    set_stopsize = 4,
    set_control = 5,
    notify_linestate = 6,
    notify_modemstate = 7,
    flowcontrol_suspend = 8,
    flowcontrol_resume = 9,
    set_linestate_mask = 10,
    set_modemstate_mask = 11,
    purge_data = 12,
};
constexpr std::uint8_t answers = 100;

// Values of SET-CONTROL.
enum : std::uint8_t {
    ask_flow = 0,
    flow_none = 1,
    flow_hardware = 3,
    ask_break = 4,
    break_on = 5,
    break_off = 6,
    ask_dtr = 7,
    dtr_on = 8,
    dtr_off = 9,
    ask_rts = 10,
    rts_on = 11,
    rts_off = 12,
    ask_inbound_flow = 13,
    inbound_flow_first = 14,
    inbound_flow_last = 16,
    flow_by_dcd = 17,
    flow_by_dsr = 19,
};

// Bits of the modem state.
constexpr unsigned changed_cts = 0x01;
constexpr unsigned changed_dsr = 0x02;
constexpr unsigned ring_ended = 0x04;
constexpr unsigned changed_dcd = 0x08;
constexpr unsigned has_cts = 0x10;
constexpr unsigned has_dsr = 0x20;
constexpr unsigned has_ring = 0x40;
constexpr unsigned has_dcd = 0x80;

Bytes answer(std::uint8_t command, unsigned value) {
    return {static_cast<char>(command + answers), static_cast<char>(value)};
}

}  // namespace

// Four octets, the highest first; zero asks. Any rate is good: there is no wire.
ComPort::Asked ComPort::set_rate(BytesView value) {
    if (value.size() != 4) return {};
    unsigned wanted = 0;
    for (const char c : value) wanted = (wanted << 8U) | static_cast<unsigned char>(c);
    Asked asked;
    if (wanted != 0) asked.rate = rate_ = wanted;
    asked.reply = {static_cast<char>(set_baudrate + answers), static_cast<char>(rate_ >> 24U),
                   static_cast<char>(rate_ >> 16U), static_cast<char>(rate_ >> 8U), static_cast<char>(rate_)};
    return asked;
}

// Zero asks; what the port cannot do leaves it as it is, and the answer says how that is.
Bytes ComPort::set_small(std::uint8_t command, BytesView value, std::uint8_t& kept, std::uint8_t lowest,
                         std::uint8_t highest) {
    if (value.size() != 1) return {};
    const auto wanted = static_cast<std::uint8_t>(value[0]);
    if (wanted >= lowest && wanted <= highest) kept = wanted;
    return answer(command, kept);
}

ComPort::Asked ComPort::control(BytesView value) {
    if (value.size() != 1) return {};
    const auto wanted = static_cast<std::uint8_t>(value[0]);
    Asked asked;
    if (wanted == dtr_on || wanted == dtr_off) {
        if (std::exchange(dtr_, wanted == dtr_on) != dtr_) asked.dtr = dtr_;
    }
    if (wanted == rts_on || wanted == rts_off) asked.rts = rts_ = wanted == rts_on;
    if (wanted == break_on || wanted == break_off) break_ = wanted == break_on;
    if (wanted >= flow_none && wanted <= flow_hardware) flow_out_ = wanted;
    if (wanted >= flow_by_dcd && wanted <= flow_by_dsr) flow_out_ = wanted;
    if (wanted >= inbound_flow_first && wanted <= inbound_flow_last) flow_in_ = wanted;
    unsigned state = flow_out_;
    if (wanted >= ask_break && wanted <= break_off) state = break_ ? break_on : break_off;
    if (wanted >= ask_dtr && wanted <= dtr_off) state = dtr_ ? dtr_on : dtr_off;
    if (wanted >= ask_rts && wanted <= rts_off) state = rts_ ? rts_on : rts_off;
    if (wanted >= ask_inbound_flow && wanted <= inbound_flow_last) state = flow_in_;
    asked.reply = answer(set_control, state);
    return asked;
}

ComPort::Asked ComPort::take(BytesView subnegotiation) {
    if (subnegotiation.empty()) return {};
    const auto command = static_cast<std::uint8_t>(subnegotiation[0]);
    const BytesView value = subnegotiation.substr(1);
    Asked asked;
    switch (command) {
        case signature:
            // Without a value it is a question; with one the client says who it is.
            if (value.empty()) asked.reply = Bytes(1, static_cast<char>(signature + answers)) + "atls";
            return asked;
        case set_baudrate:
            return set_rate(value);
        case set_datasize:
            asked.reply = set_small(command, value, data_bits_, 5, 8);
            return asked;
        case set_parity:
            asked.reply = set_small(command, value, parity_, 1, 5);
            return asked;
        case set_stopsize:
            asked.reply = set_small(command, value, stop_bits_, 1, 3);
            return asked;
        case set_control:
            return control(value);
        case flowcontrol_suspend:
        case flowcontrol_resume:
            asked.suspended = command == flowcontrol_suspend;
            return asked;
        case set_linestate_mask:
        case set_modemstate_mask: {
            if (value.size() != 1) return {};
            const auto mask = static_cast<std::uint8_t>(value[0]);
            (command == set_linestate_mask ? line_mask_ : modem_mask_) = mask;
            asked.reply = answer(command, mask);
            return asked;
        }
        case purge_data: {
            if (value.size() != 1) return {};
            // 1 is what the server has for the client: it is escaped among telnet's own words already, and stays.
            constexpr unsigned transmit_buffer = 2;
            const auto which = static_cast<unsigned char>(value[0]);
            asked.purge = (which & transmit_buffer) != 0;
            asked.reply = answer(command, which);
            return asked;
        }
        case notify_modemstate:
            // Some clients ask for it so.
            asked.reply = modem_state(0);
            return asked;
        default:
            return asked;
    }
}

Bytes ComPort::modem_state(unsigned changes) const {
    const unsigned state = (lines_.dcd ? has_dcd : 0U) | (lines_.ring ? has_ring : 0U) | (lines_.dsr ? has_dsr : 0U) |
                           (lines_.cts ? has_cts : 0U) | changes;
    return answer(notify_modemstate, state & modem_mask_);
}

Bytes ComPort::set_lines(const Lines& lines) {
    const Lines before = std::exchange(lines_, lines);
    const unsigned changes =
        (before.dcd != lines.dcd ? changed_dcd : 0U) | (before.ring && !lines.ring ? ring_ended : 0U) |
        (before.dsr != lines.dsr ? changed_dsr : 0U) | (before.cts != lines.cts ? changed_cts : 0U);
    const bool ring_began = !before.ring && lines.ring;
    const unsigned told = changes | (ring_began ? has_ring : 0U);
    // The mask says which changes are worth a word; the bits of the state itself come along.
    if ((told & (modem_mask_ | (modem_mask_ >> 4U))) == 0) return {};
    return modem_state(changes);
}

}  // namespace atls::codec
