#include "control/moment.hpp"

#include <charconv>
#include <cstdio>

namespace atls::control {

namespace {

constexpr int lowest_zone = -48;
constexpr int highest_zone = 56;

/// A text read from the front; once something did not fit it stays bad.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            good_ = good_ && i < rest_.size() && rest_[i] >= '0' && rest_[i] <= '9';
            if (good_) number = number * 10 + (rest_[i] - '0');
        }
        if (good_) rest_.remove_prefix(count);
        return number;
    }
    void expect(char c) {
        good_ = good_ && !rest_.empty() && rest_.front() == c;
        if (good_) rest_.remove_prefix(1);
    }
    bool take(char c) {
        if (!good_ || rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void fail() { good_ = false; }
    [[nodiscard]] bool ended_well() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

int read_offset(Reader& reader) {
    if (reader.take('Z')) return 0;
    const bool west = reader.take('-');
    if (!west) reader.expect('+');
    const int hours = reader.digits(2);
    reader.expect(':');
    const int minutes = reader.digits(2);
    if (minutes > 59 || minutes % 15 != 0) reader.fail();
    const int quarters = (west ? -1 : 1) * (hours * 4 + minutes / 15);
    if (quarters < lowest_zone || quarters > highest_zone) reader.fail();
    return quarters;
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
    Reader reader(text);
    const std::chrono::year year(reader.digits(4));
    reader.expect('-');
    const std::chrono::month month(static_cast<unsigned>(reader.digits(2)));
    reader.expect('-');
    const std::chrono::day day(static_cast<unsigned>(reader.digits(2)));
    reader.expect('T');
    const std::chrono::hours hour(reader.digits(2));
    reader.expect(':');
    const std::chrono::minutes minute(reader.digits(2));
    reader.expect(':');
    const std::chrono::seconds second(reader.digits(2));
    const int quarters = read_offset(reader);

    const std::chrono::year_month_day date(year, month, day);
    if (!reader.ended_well() || !date.ok() || hour.count() > 23 || minute.count() > 59 || second.count() > 59)
        return {};
    const WallTime local = std::chrono::sys_days(date) + hour + minute + second;
    return Moment{local - std::chrono::minutes(15 * quarters), quarters};
}

std::string words_of(WallTime utc) {
    const auto day = std::chrono::floor<std::chrono::days>(utc);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(utc - day);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<long>(time.hours().count()), static_cast<long>(time.minutes().count()),
                  static_cast<long>(time.seconds().count()));
    return text;
}

std::optional<int> parse_zone(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    int quarters = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quarters);
    const bool good = error == std::errc() && end == text.data() + text.size() && !text.empty();
    if (!good || quarters < lowest_zone || quarters > highest_zone) return {};
    return quarters;
}

}  // namespace atls::control
