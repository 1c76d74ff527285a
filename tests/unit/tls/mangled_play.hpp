// Files and servers' octets with faults put in, from a few octets that say where: for libFuzzer and for the unit tests.
#pragma once

#include "base/bytes.hpp"

namespace atls::tls::testing {

/// The first two octets choose what is mangled, each further four are one edit of it. Ends the process on what must not
/// happen; most of that is the sanitizers' to see.
void play_mangled(BytesView input);

}  // namespace atls::tls::testing
