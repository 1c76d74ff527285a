#include "common.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace atls::bench {

CpuStopwatch::Nanoseconds CpuStopwatch::now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * Nanoseconds{1'000'000'000} + time.tv_nsec;
}

double CpuStopwatch::empty_lap() {
    static const double nanoseconds = [] {
        constexpr int laps = 20'000;
        CpuStopwatch watch;
        for (int lap = 0; lap < laps; ++lap) {
            watch.start();
            watch.stop();
        }
        return static_cast<double>(watch.total_) / laps;
    }();
    return nanoseconds;
}

double CpuStopwatch::seconds() const {
    return (static_cast<double>(total_) - empty_lap() * static_cast<double>(laps_)) * 1e-9;
}

double elapsed(const std::function<void()>& call) {
    const auto start = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    demand(!values.empty(), "a median of something");
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

namespace {

std::string number_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 100 ? "%.2f" : "%.0f", value);
    return text;
}

std::string verdict(double ratio, const Target& target) {
    if (!target.ratio) return "[told]";
    const bool higher = target.better == Better::higher;
    const bool met = higher ? ratio >= *target.ratio : ratio <= *target.ratio;
    char text[64];
    std::snprintf(text, sizeof text, "[target %s %.4g %s]", higher ? ">=" : "<=", *target.ratio, met ? "met" : "MISS");
    return text;
}

}  // namespace

void print_figure(std::string_view name, std::string_view unit, double ours, double peer, Target target) {
    const double ratio = ours / peer;
    const std::string label = std::string(name) + "(" + std::string(unit) + ")";
    std::printf("%-44s %10s %10s %8.2f %s\n", label.c_str(), number_text(ours).c_str(), number_text(peer).c_str(),
                ratio, verdict(ratio, target).c_str());
    std::fflush(stdout);
}

std::vector<double> medians(const std::vector<std::function<double()>>& measurements) {
    std::vector<std::vector<double>> values(measurements.size());
    for (int run = 0; run < runs; ++run) {
        for (std::size_t i = 0; i < measurements.size(); ++i) values[i].push_back(measurements[i]());
    }
    std::vector<double> middle;
    middle.reserve(values.size());
    for (const auto& of_one : values) middle.push_back(median(of_one));
    return middle;
}

void compare(std::string_view name, std::string_view unit, const std::function<double()>& ours,
             const std::function<double()>& peer, Target target) {
    const std::vector<double> both = medians({ours, peer});
    print_figure(name, unit, both[0], both[1], target);
}

void raise_file_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void end_after(unsigned seconds) {
    std::signal(SIGALRM, [](int) {
        constexpr std::string_view words = "bench: no end in sight, given up\n";
        static_cast<void>(!::write(STDERR_FILENO, words.data(), words.size()));
        ::_exit(1);
    });
    ::alarm(seconds);
}

void give_up(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

void demand(bool holds, std::string_view what) {
    if (!holds) give_up("failed: " + std::string(what));
}

}  // namespace atls::bench
