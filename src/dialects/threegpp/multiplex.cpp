// AT+CMUX: the port becomes four by 27.010.
#include "at/multiplexer.hpp"
#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;

namespace {

// The basic option with UIH frames is all that there is.
constexpr Int mode{"mode", 0, 0, "(0)"};
constexpr Int subset = opt(Int{"subset", 0, 0, "(0)"}, Brackets::no);
constexpr Int port_speed = opt(Int{"port_speed", 1, 8}, Brackets::no);
constexpr Int frame_octets = opt(Int{"N1", 1, 32768}, Brackets::no);
constexpr Int answer_time = opt(Int{"T1", 1, 255}, Brackets::no);
constexpr Int repetitions = opt(Int{"N2", 0, 100}, Brackets::no);
constexpr Int control_time = opt(Int{"T2", 2, 255}, Brackets::no);
constexpr Int response_time = opt(Int{"T3", 1, 255}, Brackets::no);
constexpr Int window = opt(Int{"k", 1, 7}, Brackets::no);

Reply start(Call& c) {
    Multiplexer* const multiplexer = c.unit.make_multiplexer();
    if (multiplexer == nullptr || multiplexer->port() != nullptr) {
        c.modem().log.write(Level::warning, "cmux",
                            multiplexer == nullptr ? "a port named cmux1 to cmux4 is a link of its own"
                                                   : "another port carries the multiplexer already",
                            {{"port", c.session.name()}});
        return cme_error(cme::operation_not_allowed);
    }
    MuxSettings settings;
    settings.port_speed = c.number_or(port_speed, settings.port_speed);
    settings.frame_octets = c.number_or(frame_octets, settings.frame_octets);
    settings.answer_hundredths = c.number_or(answer_time, settings.answer_hundredths);
    settings.repetitions = c.number_or(repetitions, settings.repetitions);
    settings.control_hundredths = c.number_or(control_time, settings.control_hundredths);
    settings.response_seconds = c.number_or(response_time, settings.response_seconds);
    settings.window = c.number_or(window, settings.window);
    c.unit.state<MuxSettings>() = settings;
    return EnterMultiplexer{settings};
}

Reply show(Call& c) {
    const auto& now = c.unit.state<MuxSettings>();
    return info(line("+CMUX: 0,0,", now.port_speed, ",", now.frame_octets, ",", now.answer_hundredths, ",",
                     now.repetitions, ",", now.control_hundredths, ",", now.response_seconds, ",", now.window));
}

constexpr Command rows[] = {
    {.name = "+CMUX",
     .params = {&mode, &subset, &port_speed, &frame_octets, &answer_time, &repetitions, &control_time, &response_time,
                &window},
     .set = start,
     .read = show,
     .errors = Errors::general,
     .origin = standard("27.007", "5.7")},
};

}  // namespace

std::span<const Command> multiplex_commands() { return rows; }

}  // namespace atls::dialects::threegpp
