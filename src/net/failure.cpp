#include "net/failure.hpp"

#include <cerrno>
#include <string>

#include "loop/words.hpp"

namespace atls::net {

using modem::NetError;

NetError code_of(int error) {
    switch (error) {
        case 0:
            return NetError::none;
        case ECONNREFUSED:
            return NetError::refused;
        case ENETUNREACH:
        case ENETDOWN:
        case EHOSTUNREACH:
        case EHOSTDOWN:
            return NetError::unreachable;
        case ETIMEDOUT:
            return NetError::timed_out;
        case ECONNRESET:
        case ECONNABORTED:
        case ENETRESET:
        case EPIPE:
            return NetError::reset;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
        case EAGAIN:         // connect(2): no free local port
        case EADDRNOTAVAIL:  // the same, for TCP
            return NetError::no_resources;
        case EADDRINUSE:
            return NetError::address_in_use;
        case EINVAL:
        case EAFNOSUPPORT:
            return NetError::bad_address;
        case EACCES:
        case EPERM:
            return NetError::not_permitted;
        default:
            return NetError::other;
    }
}

modem::NetFailure failure(std::string_view doing, int error) {
    return {code_of(error), std::string(doing) + ": " + loop::words_and_name_of(error)};
}

}  // namespace atls::net
