// CRSM, restricted access to the card's files (27.007 8.18). The card has the two that hosts read: the home network,
// EF_HPLMNwACT, and its own number, EF_ICCID. The status words are those of TS 51.011 9.4.
#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;

namespace {

constexpr std::array<std::int64_t, 6> instructions{176, 178, 192, 214, 220, 242};
constexpr std::int64_t read_binary = 176;
constexpr std::int64_t home_network_file = 28514;  // 6F62
constexpr std::int64_t card_number_file = 12258;   // 2FE2

constexpr Int command{"command", instructions};
constexpr Int file = opt(Int{"fileid", 0, 65535});
constexpr Int offset_high = opt(Int{"P1", 0, 255});
constexpr Int offset_low = opt(Int{"P2", 0, 255});
constexpr Int length = opt(Int{"P3", 0, 255});
constexpr Text data = opt(Text{"data", 510});
constexpr Text path = opt(Text{"pathid", 16});

// Two digits an octet, the first in the low half.
std::string swapped(std::string digits) {
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) std::swap(digits[i], digits[i + 1]);
    return digits;
}

// Country and network, then E-UTRAN as its technology (31.102 4.2.54). How long the network's part is, the subscriber's
// number does not tell; two digits, as most have.
std::string home_network(const std::string& imsi) {
    const std::string country = imsi.substr(0, 3);
    return swapped(country + "F" + imsi.substr(3, 2)) + "4000";
}

std::string content_of(const Call& c, std::int64_t id) {
    const auto& identity = c.modem().identity;
    if (id == home_network_file) return home_network(identity.imsi);
    return id == card_number_file ? swapped(identity.iccid) : std::string();
}

Reply answer(int sw1, int sw2) { return info(line("+CRSM: ", sw1, ",", sw2)); }

Reply access_file(Call& c) {
    const bool open = c[file] == card_number_file;
    if (auto refusal = open ? without_sim(c) : without_unlocked_sim(c)) return *refusal;
    if (c[command] != read_binary) return answer(109, 0);  // instruction not supported
    if (!c.has(file)) return cme_error(cme::incorrect_parameters);
    const std::string content = content_of(c, c[file]);
    if (content.empty()) return answer(106, 130);  // file not found
    const std::size_t octets = content.size() / 2;
    const std::size_t from = static_cast<std::size_t>(c[offset_high]) * 256 + static_cast<std::size_t>(c[offset_low]);
    if (from > octets) return answer(107, 0);  // P1 or P2 wrong
    const auto wanted = static_cast<std::size_t>(c[length]);
    if (from + wanted > octets) return answer(103, 0);  // P3 wrong
    const std::size_t count = wanted == 0 ? octets - from : wanted;
    return info(line("+CRSM: 144,0,", quoted(content.substr(2 * from, 2 * count))));
}

constexpr Command rows[] = {
    {.name = "+CRSM",
     .params = {&command, &file, &offset_high, &offset_low, &length, &data, &path},
     .set = access_file,
     .test = TestForm::only_ok,
     .errors = Errors::general,
     .origin = standard("27.007", "8.18; READ BINARY of 28514 and 12258")},
};

}  // namespace

std::span<const Command> sim_file_commands() { return rows; }

}  // namespace atls::dialects::threegpp
