#include "modem/events.hpp"

namespace atls::modem {

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "none";
        case Fault::unknown:
            return "unknown";
        case Fault::bad_parameter:
            return "bad_parameter";
        case Fault::no_memory:
            return "no_memory";
        case Fault::create_failed:
            return "create_failed";
        case Fault::not_supported:
            return "not_supported";
        case Fault::bind_failed:
            return "bind_failed";
        case Fault::write_failed:
            return "write_failed";
        case Fault::read_failed:
            return "read_failed";
        case Fault::context_inactive:
            return "context_inactive";
        case Fault::context_failed:
            return "context_failed";
        case Fault::id_in_use:
            return "id_in_use";
        case Fault::name_not_resolved:
            return "name_not_resolved";
        case Fault::connect_failed:
            return "connect_failed";
        case Fault::server_certificate:
            return "server_certificate";
        case Fault::own_credentials:
            return "own_credentials";
        case Fault::no_common_suite:
            return "no_common_suite";
        case Fault::handshake_failed:
            return "handshake_failed";
        case Fault::internal:
            return "internal";
        case Fault::peer_closed:
            return "peer_closed";
        case Fault::busy:
            return "busy";
        case Fault::timed_out:
            return "timed_out";
        case Fault::context_lost:
            return "context_lost";
        case Fault::cancelled:
            return "cancelled";
        case Fault::not_allowed:
            return "not_allowed";
        case Fault::apn_missing:
            return "apn_missing";
        case Fault::port_busy:
            return "port_busy";
    }
    return "unknown";
}

}  // namespace atls::modem
