// Ports that speak in frames, led by octets: the multiplexer, and telnet. For libFuzzer, and for its corpora played
// again.
#pragma once

#include "base/bytes.hpp"

namespace atls::test {

/// A module in multiplexer mode. Steps: an octet says which kind, one how long; frames that are whole, octets of any
/// kind, time. Aborts if the module sends what is no frame, or if a multiplexer that is up cannot be ended, with the
/// port answering AT behind it.
void play_multiplexer(BytesView input);
/// A telnet client's octets. Aborts if data that is sent and escaped does not come back as it was.
void play_telnet(BytesView input);

}  // namespace atls::test
