// 3GPP commands that the BG96's manuals or its drivers know and that are not built. Nothing pretends: they answer
// ERROR.
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;

namespace {

constexpr Command known(std::string_view name) {
    return {.name = name, .origin = manual("BG96 AT commands", name), .missing = true};
}

constexpr Command rows[] = {
    // Device and SIM.
    known("+CPAS"),
    known("+CEER"),
    known("+CLCK"),
    known("+CPWD"),
    known("+CSIM"),
    known("+CBC"),
    // Network.
    known("+CPOL"),
    known("+COPN"),
    known("+CNUM"),
    known("+CIND"),
    known("+CMER"),
    known("+CSCON"),
    // Power saving.
    known("+CEDRXRDP"),
    // Packet domain.
    known("+CGQREQ"),
    known("+CGQMIN"),
    known("+CGEQREQ"),
    known("+CGEQMIN"),
    known("+CGDATA"),
    known("+CGCLASS"),
    known("+CGSMS"),
    known("+CGAUTH"),
    known("+CGCONTRDP"),
    // Short messages and phonebook.
    known("+CSMS"),
    known("+CMGD"),
    known("+CMGL"),
    known("+CMGR"),
    known("+CMGS"),
    known("+CMMS"),
    known("+CMGW"),
    known("+CMSS"),
    known("+CSCB"),
    known("+CSDH"),
    known("+CSMP"),
    known("+CPBF"),
    known("+CPBR"),
    known("+CPBS"),
    known("+CPBW"),
    // Calls.
    known("+CVHU"),
    known("+CHUP"),
    known("+CLCC"),
    known("+CLIP"),
    known("+CR"),
    known("+CRC"),
    known("+CSTA"),
};

constexpr Part parts[] = {
    {"+CGEV: …", standard("27.007", "10.1.19, for CGEREP")},
    {"+CMT: …", standard("27.005", "3.4.1, for CNMI")},
    {"+CMTI: …", standard("27.005", "3.4.1, for CNMI")},
};

}  // namespace

std::span<const Command> missing_commands() { return rows; }
std::span<const Part> missing_parts() { return parts; }

}  // namespace atls::dialects::threegpp
