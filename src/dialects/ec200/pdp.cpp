// AT+QICSGP of the EC200x and EC800x, which has a place more than the BG96's.
#include "dialects/lte/pdp.hpp"

#include <array>

#include "at/unit.hpp"
#include "dialects/ec200/ec200.hpp"

namespace atls::dialects {

using namespace at;
using lte::context_id;
using namespace lte::pdp;

namespace {

// The note's own example writes "" here and the authentication behind it.
constexpr Text authentication = opt(Text{"authentication", 127, "(0-2)"}, Brackets::no);
constexpr Text cdma_password = opt(Text{"CDMA_pwd", 127}, Brackets::no);

// 0 none, 1 PAP, 2 CHAP; nullopt: none of these.
std::optional<int> authentication_of(Call& c) {
    const std::string& given = c[authentication].empty() ? c[cdma_password] : c[authentication];
    if (given.empty()) return 0;
    if (given.size() != 1 || given[0] < '0' || given[0] > '2') return std::nullopt;
    return given[0] - '0';
}

Reply configure_context(Call& c) {
    if (c.given() == 1) return show_settings(c);
    const auto method = authentication_of(c);
    return method ? configure(c, *method) : fault(modem::Fault::bad_parameter);
}

constexpr Command rows[] = {
    {.name = "+QICSGP",
     .params = {&context_id, &type, &apn, &user, &password, &authentication, &cdma_password},
     .set = configure_context,
     .errors = Errors::socket,
     .origin = note("EC200x/EC800x SSL", "3.1.1, the places by EC200x hosts")},
};

}  // namespace

std::span<const Command> ec200_pdp_commands() { return rows; }

}  // namespace atls::dialects
