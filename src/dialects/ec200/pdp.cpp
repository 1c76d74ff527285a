// AT+QICSGP of the EC200x and EC800x, which has a place more than the BG96's.
#include <array>

#include "at/unit.hpp"
#include "dialects/ec200/ec200.hpp"
#include "dialects/lte/tcpip.hpp"

namespace atls::dialects {

using namespace at;
using lte::context_id;

namespace {

constexpr Int type = opt(Int{"context_type", 1, 3}, Brackets::no);
constexpr Text apn = opt(Text{"APN", 127}, Brackets::no);
constexpr Text user = opt(Text{"username", 127}, Brackets::no);
constexpr Text password = opt(Text{"password", 127}, Brackets::no);
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
    const int id = c.number(context_id);
    auto& contexts = c.modem().contexts;
    if (c.given() == 1) {
        const auto now = contexts.settings(id);
        return info(line("+QICSGP: ", now.type, ",", quoted(now.apn), ",", quoted(now.user), ",", quoted(now.password),
                         ",", now.authentication));
    }
    const auto method = authentication_of(c);
    if (!c.has(type) || !c.has(apn) || !method) return fault(modem::Fault::bad_parameter);
    contexts.configure(
        id,
        {.type = c.number(type), .apn = c[apn], .user = c[user], .password = c[password], .authentication = *method});
    return ok();
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
