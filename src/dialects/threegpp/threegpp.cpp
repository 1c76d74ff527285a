#include "dialects/threegpp/threegpp.hpp"

#include <algorithm>

#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

namespace {

template <class Row>
std::vector<Row> joined(std::initializer_list<std::span<const Row>> parts) {
    std::vector<Row> all;
    for (const auto part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

struct Error {
    int code;
    std::string_view words;
};
constexpr Error errors[] = {
    {0, "phone failure"},
    {1, "no connection to phone"},
    {2, "phone-adaptor link reserved"},
    {3, "operation not allowed"},
    {4, "operation not supported"},
    {5, "PH-SIM PIN required"},
    {6, "PH-FSIM PIN required"},
    {7, "PH-FSIM PUK required"},
    {10, "SIM not inserted"},
    {11, "SIM PIN required"},
    {12, "SIM PUK required"},
    {13, "SIM failure"},
    {14, "SIM busy"},
    {15, "SIM wrong"},
    {16, "incorrect password"},
    {17, "SIM PIN2 required"},
    {18, "SIM PUK2 required"},
    {20, "memory full"},
    {21, "invalid index"},
    {22, "not found"},
    {23, "memory failure"},
    {24, "text string too long"},
    {25, "invalid characters in text string"},
    {26, "dial string too long"},
    {27, "invalid characters in dial string"},
    {30, "no network service"},
    {31, "network timeout"},
    {32, "network not allowed - emergency calls only"},
    {40, "network personalization PIN required"},
    {41, "network personalization PUK required"},
    {42, "network subset personalization PIN required"},
    {43, "network subset personalization PUK required"},
    {44, "service provider personalization PIN required"},
    {45, "service provider personalization PUK required"},
    {46, "corporate personalization PIN required"},
    {47, "corporate personalization PUK required"},
    {50, "Incorrect parameters"},
    {100, "unknown"},
    {103, "Illegal MS"},
    {106, "Illegal ME"},
    {107, "GPRS services not allowed"},
    {111, "PLMN not allowed"},
    {112, "Location area not allowed"},
    {113, "Roaming not allowed in this location area"},
    {132, "service option not supported"},
    {133, "requested service option not subscribed"},
    {134, "service option temporarily out of order"},
    {148, "unspecified GPRS error"},
    {149, "PDP authentication failure"},
    {150, "invalid mobile class"},
};

}  // namespace

std::span<const at::Command> commands() {
    static const auto all = joined<at::Command>({device_commands(), network_commands(), packet_commands(),
                                                 clock_commands(), sim_file_commands(), message_commands(),
                                                 power_saving_commands(), multiplex_commands(), missing_commands()});
    return all;
}

std::span<const at::Urc> urcs() {
    static const auto all = joined<at::Urc>({network_urcs(), clock_urcs()});
    return all;
}

std::string_view error_text(int code) {
    const auto* found =
        std::find_if(std::begin(errors), std::end(errors), [code](const Error& one) { return one.code == code; });
    return found == std::end(errors) ? std::string_view() : found->words;
}

}  // namespace atls::dialects::threegpp
