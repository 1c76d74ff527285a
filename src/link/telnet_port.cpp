#include "link/telnet_port.hpp"

// clang-format off
#include <stddef.h>  // libtelnet.h needs it and does not say so
#include <libtelnet.h>
// clang-format on

#include <utility>

namespace atls::link {

namespace {

/// What we do, and what the client may.
constexpr telnet_telopt_t options[] = {{TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO},
                                       {TELNET_TELOPT_ECHO, TELNET_WILL, TELNET_DONT},
                                       {TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO},
                                       {codec::ComPort::option, TELNET_WILL, TELNET_DO},
                                       {-1, 0, 0}};
/// Eight bits and no turns, both ways, without being asked.
constexpr unsigned char offered[] = {TELNET_TELOPT_BINARY, TELNET_TELOPT_SGA};

}  // namespace

TelnetPort::TelnetPort(const codec::ComPort::Lines& lines)
    : telnet_(telnet_init(options, on_event, 0, this), telnet_free) {
    for (const unsigned char option : offered) {
        telnet_negotiate(telnet_.get(), TELNET_WILL, option);
        telnet_negotiate(telnet_.get(), TELNET_DO, option);
    }
    telnet_negotiate(telnet_.get(), TELNET_DO, codec::ComPort::option);
    (void)port_.set_lines(lines);
}

TelnetPort::~TelnetPort() = default;

void TelnetPort::hear(BytesView octets) { telnet_recv(telnet_.get(), octets.data(), octets.size()); }

void TelnetPort::send(BytesView octets) { telnet_send(telnet_.get(), octets.data(), octets.size()); }

void TelnetPort::show(const codec::ComPort::Lines& lines) {
    const Bytes notice = port_.set_lines(lines);
    if (!notice.empty()) say(notice);
}

void TelnetPort::on_event(telnet_t*, telnet_event_t* event, void* self) {
    auto& port = *static_cast<TelnetPort*>(self);
    switch (event->type) {
        case TELNET_EV_DATA:
            port.in.append({event->data.buffer, event->data.size});
            break;
        case TELNET_EV_SEND:
            port.out.append({event->data.buffer, event->data.size});
            break;
        case TELNET_EV_WILL:
            if (event->neg.telopt == codec::ComPort::option) port.greet();
            break;
        case TELNET_EV_SUBNEGOTIATION:
            if (event->sub.telopt != codec::ComPort::option) break;
            port.greet();
            port.take({event->sub.buffer, event->sub.size});
            break;
        default:
            break;
    }
}

// Some clients wait for the first word about the lines; pyserial's takes our DO for the answer to a WILL that it has
// yet to send, and then never sends it.
void TelnetPort::greet() {
    if (!std::exchange(greeted_, true)) say(port_.notice());
}

void TelnetPort::take(BytesView subnegotiation) {
    const auto asked = port_.take(subnegotiation);
    if (asked.dtr) in.mark(*asked.dtr);
    if (asked.rts) rts = *asked.rts;
    if (asked.rate) rate = asked.rate;
    if (asked.purge) in.drop_octets();
    if (asked.suspended) suspended = *asked.suspended;
    if (!asked.reply.empty()) say(asked.reply);
}

void TelnetPort::say(const Bytes& subnegotiation) {
    telnet_subnegotiation(telnet_.get(), codec::ComPort::option, subnegotiation.data(), subnegotiation.size());
}

}  // namespace atls::link
