#include "codec/mux.hpp"

#include <algorithm>
#include <array>

namespace atls::codec::mux {

namespace {

constexpr unsigned extension = 0x01;  // EA: no further octet of this field
constexpr unsigned command_bit = 0x02;
constexpr unsigned final_bit = 0x10;
constexpr unsigned good_remainder = 0xCF;

constexpr std::array<std::uint8_t, 256> make_table() {
    constexpr unsigned reversed_polynomial = 0xE0;  // x^8+x^2+x+1
    std::array<std::uint8_t, 256> table{};
    for (unsigned octet = 0; octet < table.size(); ++octet) {
        unsigned sum = octet;
        for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? (sum >> 1U) ^ reversed_polynomial : sum >> 1U;
        table[octet] = static_cast<std::uint8_t>(sum);
    }
    return table;
}
constexpr auto table = make_table();

unsigned checked(BytesView octets, unsigned sum = 0xFF) {
    for (const char c : octets) sum = table[sum ^ static_cast<unsigned char>(c)];
    return sum;
}

unsigned octet_at(BytesView octets, std::size_t index) { return static_cast<unsigned char>(octets[index]); }
char octet(unsigned value) { return static_cast<char>(value); }

// Length fields: seven bits, or fifteen with the low seven first.
Bytes length_field(std::size_t length) {
    constexpr std::size_t most_of_one = 127;
    const auto low = static_cast<unsigned>(length & most_of_one) << 1U;
    if (length <= most_of_one) return {octet(low | extension)};
    return {octet(low), octet(static_cast<unsigned>(length >> 7U))};
}
struct Length {
    std::size_t octets = 0;
    std::size_t field = 0;  ///< of the field itself
};
std::optional<Length> length_at(BytesView octets) {
    if (octets.empty()) return std::nullopt;
    const unsigned first = octet_at(octets, 0);
    if ((first & extension) != 0) return Length{first >> 1U, 1};
    if (octets.size() < 2) return std::nullopt;
    return Length{(first >> 1U) | (octet_at(octets, 1) << 7U), 2};
}

std::optional<Kind> kind_of(unsigned control) {
    for (const Kind kind : {Kind::sabm, Kind::ua, Kind::dm, Kind::disc, Kind::uih, Kind::ui}) {
        if ((control & ~final_bit) == static_cast<unsigned>(kind)) return kind;
    }
    return std::nullopt;
}

enum class Look : std::uint8_t { frame, incomplete, none };

/// Behind an opening flag.
Look look(BytesView octets, std::size_t most, Frame& frame, std::size_t& used) {
    if (octets.size() < 3) return Look::incomplete;
    const unsigned address = octet_at(octets, 0);
    const unsigned control = octet_at(octets, 1);
    const auto kind = kind_of(control);
    if ((address & extension) == 0 || !kind) return Look::none;
    const auto length = length_at(octets.substr(2));
    if (!length) return Look::incomplete;
    if (length->octets > most) return Look::none;
    const std::size_t head = 2 + length->field;
    if (octets.size() < head + length->octets + 1) return Look::incomplete;
    unsigned sum = checked(octets.substr(0, head));
    if (*kind == Kind::ui) sum = checked(octets.substr(head, length->octets), sum);
    if (checked(octets.substr(head + length->octets, 1), sum) != good_remainder) return Look::none;
    frame.dlci = static_cast<int>(address >> 2U);
    frame.kind = *kind;
    frame.command = (address & command_bit) != 0;
    frame.final = (control & final_bit) != 0;
    frame.data = octets.substr(head, length->octets);
    used = head + length->octets + 1;
    return Look::frame;
}

}  // namespace

Bytes encode(const Frame& frame, bool from_initiator) {
    const bool bit = frame.command == from_initiator;
    Bytes octets{octet((static_cast<unsigned>(frame.dlci) << 2U) | (bit ? command_bit : 0U) | extension),
                 octet(static_cast<unsigned>(frame.kind) | (frame.final ? final_bit : 0U))};
    octets += length_field(frame.data.size());
    unsigned sum = checked(octets);
    if (frame.kind == Kind::ui) sum = checked(frame.data, sum);
    return flag + octets + frame.data + octet(0xFFU - sum) + flag;
}

// The flag that closes a frame may open the next: it is left where it is.
std::optional<Frame> Decoder::next() {
    for (;;) {
        const BytesView all = arrived_.view();
        const auto start = all.find(flag);
        if (start == BytesView::npos) {
            arrived_.clear();
            return std::nullopt;
        }
        arrived_.consume(start);
        const BytesView behind = arrived_.view().substr(1);
        const auto first = behind.find_first_not_of(flag);
        if (first == BytesView::npos) return std::nullopt;
        Frame frame;
        std::size_t used = 0;
        switch (look(behind.substr(first), most_, frame, used)) {
            case Look::incomplete:
                return std::nullopt;
            case Look::none:
                // What looked like a frame is none; one may begin inside it.
                arrived_.consume(first + 1);
                break;
            case Look::frame:
                arrived_.consume(1 + first + used);
                return frame;
        }
    }
}

Bytes encode(const Message& message) {
    const unsigned type = message.type | (message.command ? command_bit : 0U) | extension;
    return octet(type) + length_field(message.values.size()) + message.values;
}

std::vector<Message> messages_in(BytesView data) {
    std::vector<Message> messages;
    while (data.size() >= 2) {
        const unsigned type = octet_at(data, 0);
        const auto length = length_at(data.substr(1));
        if (!length || data.size() < 1 + length->field + length->octets) break;
        messages.push_back({static_cast<std::uint8_t>(type & ~(command_bit | extension)), (type & command_bit) != 0,
                            Bytes(data.substr(1 + length->field, length->octets))});
        data.remove_prefix(1 + length->field + length->octets);
    }
    return messages;
}

Bytes PortSettings::negotiate(BytesView asked) {
    constexpr std::size_t octets = 7;
    const auto at = [asked](std::size_t i) { return static_cast<unsigned char>(asked[i]); };
    unsigned low = 0;
    unsigned high = 0;
    if (asked.size() == octets) {
        // Bits of the mask: rate, data bits, stop bits, parity, its kind, XON, XOFF; then flow, bit for bit.
        low = at(5);
        high = at(6);
        constexpr unsigned kinds_of_format[] = {0x03, 0x04, 0x08, 0x30};
        unsigned meant = 0;
        for (unsigned i = 0; i < std::size(kinds_of_format); ++i) {
            if ((low & (0x02U << i)) != 0) meant |= kinds_of_format[i];
        }
        if ((low & 0x01U) != 0) rate_ = at(0);
        format_ = (format_ & ~meant) | (at(1) & meant);
        constexpr unsigned kinds_of_flow = 0x3F;
        meant = high & kinds_of_flow;
        flow_ = (flow_ & ~meant) | (at(2) & meant);
        if ((low & 0x20U) != 0) xon_ = at(3);
        if ((low & 0x40U) != 0) xoff_ = at(4);
    }
    Bytes answer;
    for (const unsigned value : {rate_, format_, flow_, xon_, xoff_, low, high}) answer += static_cast<char>(value);
    return answer;
}

}  // namespace atls::codec::mux
