// Faults of TCP/IP and SSL commands as 550-574, FILE errors as 400-426, and their words.
#include <algorithm>

#include "dialects/quectel/quectel.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects::quectel {

namespace {

int number_of(modem::Fault fault) {
    using modem::Fault;
    switch (fault) {
        case Fault::none:
            return 0;
        case Fault::unknown:
        case Fault::internal:
            return 550;
        case Fault::bad_parameter:
            return 552;
        case Fault::no_memory:
            return 553;
        case Fault::create_failed:
            return 554;
        case Fault::not_supported:
            return 555;
        case Fault::bind_failed:
            return 556;
        case Fault::write_failed:
            return 558;
        case Fault::read_failed:
            return 559;
        // A context that is not active and one that will not become active read the same.
        case Fault::context_inactive:
        case Fault::context_failed:
            return 561;
        case Fault::id_in_use:
            return 563;
        case Fault::name_not_resolved:
            return 565;
        // All that goes wrong behind a name that was resolved.
        case Fault::connect_failed:
        case Fault::server_certificate:
        case Fault::own_credentials:
        case Fault::no_common_suite:
        case Fault::handshake_failed:
            return 566;
        case Fault::peer_closed:
            return 567;
        case Fault::busy:
            return 568;
        case Fault::timed_out:
            return 569;
        case Fault::context_lost:
            return 570;
        case Fault::cancelled:
            return 571;
        case Fault::not_allowed:
            return 572;
        case Fault::apn_missing:
            return 573;
        case Fault::port_busy:
            return 574;
    }
    return 550;
}

struct Error {
    int number;
    std::string_view words;
};

// Seen on modules: 0, 552, 563, 572. The others in their style, as a public driver has them.
constexpr Error socket_errors[] = {
    {0, "operate successfully"},
    {551, "operation blocked"},
    {552, "invalid parameters"},
    {553, "memory not enough"},
    {554, "create socket failed"},
    {555, "operation not supported"},
    {556, "socket bind failed"},
    {557, "socket listen failed"},
    {558, "socket write failed"},
    {559, "socket read failed"},
    {560, "socket accept failed"},
    {561, "open pdp context failed"},
    {562, "close pdp context failed"},
    {563, "socket identity has been used"},
    {564, "dns busy"},
    {565, "dns parse failed"},
    {566, "socket connect failed"},
    {567, "socket has been closed"},
    {568, "operation busy"},
    {569, "operation timeout"},
    {570, "pdp context broken down"},
    {571, "cancel send"},
    {572, "operation not allowed"},
    {573, "apn not configured"},
    {574, "port busy"},
};

// A sibling at CMEE=2 was seen to print 407 in words and 421 as a number.
constexpr Error file_errors[] = {
    {400, "invalid input value"},
    {401, "larger than the file size"},
    {402, "read zero byte"},
    {403, "drive full"},
    {405, "file not found"},
    {406, "invalid file name"},
    {407, "file already exist"},
    {409, "write failed"},
    {410, "open failed"},
    {411, "read failed"},
    {413, "too many files open"},
    {414, "file is read-only"},
    {416, "invalid file descriptor"},
    {417, "listing failed"},
    {418, "delete failed"},
    {419, "disk info failed"},
    {420, "no space"},
    {423, "file too large"},
    {425, "invalid parameter"},
    {426, "file already open"},
};

constexpr Error http_errors[] = {
    {701, "unknown error"},
    {702, "timeout"},
    {703, "busy"},
    {704, "uart busy"},
    {705, "no get/post request"},
    {706, "network busy"},
    {707, "network open failed"},
    {708, "network not configured"},
    {709, "network deactivated"},
    {710, "network error"},
    {711, "url error"},
    {712, "empty url"},
    {713, "ip address error"},
    {714, "dns error"},
    {715, "socket create error"},
    {716, "socket connect error"},
    {717, "socket read error"},
    {718, "socket write error"},
    {719, "socket closed"},
    {720, "data encode error"},
    {721, "data decode error"},
    {722, "read timeout"},
    {723, "response failed"},
    {724, "incoming call busy"},
    {725, "voice call busy"},
    {726, "input timeout"},
    {727, "wait data timeout"},
    {728, "wait http response timeout"},
    {729, "memory allocation failed"},
    {730, "invalid parameter"},
};

std::string_view words_of(std::span<const Error> table, int number) {
    const auto found =
        std::find_if(table.begin(), table.end(), [number](const Error& one) { return one.number == number; });
    return found == table.end() ? std::string_view() : found->words;
}

std::string_view text_of(int number) {
    const auto words = words_of(socket_errors, number);
    return words.empty() ? "unknown error" : words;
}

std::string_view cme_text_of(int code) {
    constexpr int first_of_files = 400;
    constexpr int first_of_http = 701;
    if (code >= first_of_http) return words_of(http_errors, code);
    return code >= first_of_files ? words_of(file_errors, code) : threegpp::error_text(code);
}

}  // namespace

const at::ErrorMap& errors() {
    static constexpr at::ErrorMap map{.number = number_of,
                                      .text = text_of,
                                      .cme_text = cme_text_of,
                                      .cme_bad_parameter = threegpp::cme::incorrect_parameters,
                                      .cme_bad_file_parameter = 400};
    return map;
}

}  // namespace atls::dialects::quectel
