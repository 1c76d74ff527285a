// What every benchmark shares: time, medians and the line that is printed for a figure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace atls::bench {

constexpr int runs = 5;  ///< each figure is the median of so many

/// Adds up this thread's processor time between start() and stop(), less what looking at the clock costs: other
/// processes on the machine do not count.
class CpuStopwatch {
public:
    void start() { started_ = now(); }
    void stop() {
        total_ += now() - started_;
        ++laps_;
    }
    [[nodiscard]] double seconds() const;

private:
    using Nanoseconds = std::int64_t;
    static Nanoseconds now();
    static double empty_lap();

    Nanoseconds started_ = 0;
    Nanoseconds total_ = 0;
    std::int64_t laps_ = 0;
};

/// Seconds of real time that `call` takes.
double elapsed(const std::function<void()>& call);

/// Times one call and passes its result on.
template <class Call>
auto timed(CpuStopwatch& watch, Call&& call) {
    watch.start();
    if constexpr (std::is_void_v<decltype(call())>) {
        call();
        watch.stop();
    } else {
        auto result = call();
        watch.stop();
        return result;
    }
}

double median(std::vector<double> values);

enum class Better { higher, lower };

/// Ours against the peer's, and what the ratio of the two is to be; without a target it is told for information.
struct Target {
    Better better = Better::higher;
    std::optional<double> ratio;
};
inline Target at_least(double ratio) { return {Better::higher, ratio}; }
inline Target at_most(double ratio) { return {Better::lower, ratio}; }
inline Target told(Better better = Better::higher) { return {better, std::nullopt}; }

/// Measures all by turns, so that what disturbs the machine disturbs all of them; the median of each.
std::vector<double> medians(const std::vector<std::function<double()>>& measurements);
/// Prints `name ours peer ratio [target met|MISS]`.
void print_figure(std::string_view name, std::string_view unit, double ours, double peer, Target target);
/// Both of the above, for two sides.
void compare(std::string_view name, std::string_view unit, const std::function<double()>& ours,
             const std::function<double()>& peer, Target target);

/// As many descriptors as the system lets us have.
void raise_file_limit();

/// Whatever hangs: this process ends by itself, and its children with it.
void end_after(unsigned seconds);

/// What the run cannot go on without: one line on standard error, exit status 1.
[[noreturn]] void give_up(const std::string& why);
void demand(bool holds, std::string_view what);

}  // namespace atls::bench
