// A further module of this family is one line here.
#include "dialects/ec200/ec200.hpp"
#include "dialects/rows.hpp"

namespace atls::dialects {

namespace {

// No capture of these four is public; the shape of the revisions is that of siblings (EG800KCNGCR07A06M04).
constexpr Ec200Identity identities[] = {
    {"EC200M-CN", "EC200M", "EC200MCNLAR06A02M08", "EC200MCNLAR06A02M08_01.001.01.001"},
    {"EC200N-CN", "EC200N", "EC200NCNAAR02A06M08", "EC200NCNAAR02A06M08_01.001.01.001"},
    {"EC800M-CN", "EC800M", "EC800MCNLCR06A03M04", "EC800MCNLCR06A03M04_01.001.01.001"},
    {"EC800N-CN", "EC800N", "EC800NCNLAR03A05M04", "EC800NCNLAR03A05M04_01.001.01.001"},
};

}  // namespace

std::span<const at::Dialect> ec200_modules() {
    static const auto modules = modules_of(identities, ec200);
    return modules;
}

}  // namespace atls::dialects
