// A modem led by octets: what its hosts type, when, what its peers do. For libFuzzer, and for playing its finds again.
#pragma once

#include "base/bytes.hpp"

namespace atls::test {

/// Steps of two octets, an operation and its argument; some have a payload of as many octets as the argument says.
enum class Operation : unsigned char {
    line,        ///< payload, then CR
    octets,      ///< payload
    time,        ///< argument: an index of pauses
    peer_sends,  ///< payload, from the latest server that was connected to
    peer_acts,   ///< close, FIN, reset, pause, resume, close_notify
    host_acts,   ///< stalls, reads, DTR off, DTR on, hangs up
    world_acts,  ///< context dropped, network lost, network back, SIM out, SIM in, power cycle, reset of a socket
    port,        ///< uart1, usbat, usbmodem
    count,
};

/// Plays `input` on the module that its first octet names, then sees whether the modem still answers. Aborts if not.
void play_session(BytesView input);

}  // namespace atls::test
