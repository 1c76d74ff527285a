#include "modem/outside.hpp"

namespace atls::modem {

std::string_view name_of(NetError error) {
    switch (error) {
        case NetError::none:
            return "no error";
        case NetError::refused:
            return "connection refused";
        case NetError::unreachable:
            return "host or network unreachable";
        case NetError::timed_out:
            return "timed out";
        case NetError::reset:
            return "connection reset by peer";
        case NetError::name_not_found:
            return "name not found";
        case NetError::name_server_failed:
            return "name server failed";
        case NetError::no_resources:
            return "out of resources";
        case NetError::address_in_use:
            return "address in use";
        case NetError::bad_address:
            return "bad address";
        case NetError::not_permitted:
            return "not permitted";
        case NetError::other:
            return "network error";
    }
    return "network error";
}

}  // namespace atls::modem
