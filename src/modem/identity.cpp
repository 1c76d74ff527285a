#include "modem/identity.hpp"

#include "base/random.hpp"

namespace atls::modem {

namespace {
std::string digits(Random& random, std::size_t count) {
    std::string text;
    while (text.size() < count) text.push_back(static_cast<char>('0' + random.below(10)));
    return text;
}
}  // namespace

char luhn_digit(const std::string& digits) {
    int sum = 0;
    bool doubled = true;  // the last digit given stands next to the check digit
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        int value = *digit - '0';
        if (doubled) value *= 2;
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Identity identity_from(std::uint64_t seed) {
    Random random(seed);
    Identity identity;
    // Reporting body 00 and network 001-01 are for test equipment: no clash with a real device or subscriber.
    identity.imei = "001010" + digits(random, 8);
    identity.imei.push_back(luhn_digit(identity.imei));
    identity.imsi = "00101" + digits(random, 10);
    identity.iccid = "8900101" + digits(random, 12);
    identity.iccid.push_back(luhn_digit(identity.iccid));
    return identity;
}

}  // namespace atls::modem
